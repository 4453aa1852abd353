"""The headers of WeChat Pay's bills, to the letter, and how their values are written."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sandbox.clock import SHANGHAI


def _names(header: str) -> tuple[str, ...]:
    return tuple(header.split(","))


ALL = _names(
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUCCESS = _names(
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
)
REFUND = _names(
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,"
    "退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注"
)
TOTALS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
FLOW = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
FLOW_TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
RATE = "0.60%"
_RATE = Decimal("0.006")
_FEN = Decimal("0.01")


def line(values: Sequence[str]) -> str:
    """Every value begins with a back-quote; nothing in it is escaped."""
    return ",".join(f"`{value}" for value in values)


def yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))


def fee_fen(amount_fen: int) -> int:
    fee = (Decimal(amount_fen).scaleb(-2) * _RATE).quantize(_FEN, ROUND_HALF_UP)
    return int(fee.scaleb(2))


def fee(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2).quantize(Decimal("0.00001")))


def moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, SHANGHAI):%Y-%m-%d %H:%M:%S}"
