"""Trade bills as WeChat writes them, of whatever rows a test wants."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from backends.ports import TradeRow

HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)


def paid(order_no: str, fen: int, **changes: object) -> TradeRow:
    values: dict[str, object] = {"transaction_id": f"4200{order_no[-24:]}", "state": "SUCCESS"}
    values |= {"at": NOON, "amount_fen": fen, "row_no": 0} | changes
    return TradeRow(order_no=order_no, **values)  # type: ignore[arg-type]


def given_back(order_no: str, refund_no: str, fen: int, **changes: object) -> TradeRow:
    return paid(order_no, fen, refund_no=refund_no, refund_id=f"503{refund_no}", **changes)


def bill(rows: Iterable[TradeRow], *, bom: bool = True, end: str = "\r\n") -> bytes:
    text = "".join(line + end for line in lines(rows))
    return text.encode("utf-8-sig" if bom else "utf-8")


def lines(rows: Iterable[TradeRow]) -> Iterator[str]:
    """Of a bill of any length."""
    count = paid_fen = back_fen = 0
    yield HEADER
    for row in rows:
        count += 1
        paid_fen += 0 if row.is_refund else row.amount_fen
        back_fen += row.amount_fen if row.is_refund else 0
        yield _line(_values(row))
    yield SUMMARY
    paid_out, back = _yuan(paid_fen), _yuan(back_fen)
    yield _line([str(count), paid_out, back, "0.00", "0.00000", paid_out, back])


def _values(row: TradeRow) -> list[str]:
    amount = _yuan(row.amount_fen)
    was_paid, back = ("0.00", amount) if row.is_refund else (amount, "0.00")
    values = dict.fromkeys(HEADER.split(","), "")
    values |= {
        "交易时间": f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "微信订单号": row.transaction_id,
        "商户订单号": row.order_no,
        "用户标识": "oSomebody",
        "交易类型": "JSAPI",
        "交易状态": "REFUND" if row.is_refund else row.state,
        "应结订单金额": was_paid,
        "微信退款单号": row.refund_id or "0",
        "商户退款单号": row.refund_no or "0",
        "退款金额": back,
        "退款状态": row.state if row.is_refund else "",
        "商品名称": "临江供水-水费 2026年10月",
        "订单金额": was_paid,
        "申请退款金额": back,
    }
    return list(values.values())


def _line(values: Sequence[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))
