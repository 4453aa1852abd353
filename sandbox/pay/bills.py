"""The lines of a day's bills: trade bill 交易账单 in three kinds, and fund flow 资金账单."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from sandbox.pay import bill_words
from sandbox.pay.bill_entries import Entry, Span, entries
from sandbox.pay.bill_words import RATE, fee, fee_fen, line, moment, yuan
from sandbox.pay.faults import PayFaults
from sandbox.pay.merchant import Merchant

KINDS: Mapping[str, Sequence[str]] = {
    "ALL": bill_words.ALL,
    "SUCCESS": bill_words.SUCCESS,
    "REFUND": bill_words.REFUND,
}


def trade_lines(
    db: sqlite3.Connection, kind: str, span: Span, merchant: Merchant, faults: PayFaults
) -> Iterator[str]:
    names = KINDS[kind]
    totals = _Totals()
    yield ",".join(names)
    wanted = {"payments": kind != "REFUND", "refunds": kind != "SUCCESS"}
    for entry in entries(db, span, faults, **wanted):
        values = _values(entry, merchant)
        totals.add(entry)
        yield line([values[name] for name in names])
    yield bill_words.TOTALS
    yield line(totals.values())


class _Totals:
    def __init__(self) -> None:
        self._rows = self._paid = self._back = self._fees = 0

    def add(self, entry: Entry) -> None:
        self._rows += 1
        if entry.back is None:
            self._paid += entry.total_fen
            self._fees += fee_fen(entry.total_fen)
        else:
            self._back += entry.back.amount_fen
            self._fees -= fee_fen(entry.back.amount_fen)

    def values(self) -> list[str]:
        paid, back = yuan(self._paid), yuan(self._back)
        return [str(self._rows), paid, back, "0.00", fee(self._fees), paid, back]


def _values(entry: Entry, merchant: Merchant) -> dict[str, str]:
    refunded = entry.back is not None
    paid = yuan(0 if refunded else entry.total_fen)
    return {
        "公众账号ID": merchant.appid,
        "商户号": merchant.mchid,
        "特约商户号": "0",
        "设备号": "",
        "微信订单号": entry.transaction_id,
        "商户订单号": entry.out_trade_no,
        "用户标识": entry.openid,
        "交易类型": "JSAPI",
        "交易状态": "REFUND" if refunded else "SUCCESS",
        "付款银行": "CMB_DEBIT",
        "货币种类": "CNY",
        "应结订单金额": paid,
        "代金券金额": "0.00",
        "商品名称": entry.description,
        "商户数据包": entry.attach,
        "费率": RATE,
        "订单金额": paid,
        "费率备注": "",
        **_refund_values(entry),
    }


def _refund_values(entry: Entry) -> dict[str, str]:
    """交易时间 of a refund is when it succeeded: samples differ."""
    back = entry.back
    amount = yuan(back.amount_fen if back else 0)
    made_at = moment(back.made_at) if back else ""
    succeeded_at = moment(back.succeeded_at) if back else ""
    taken = -fee_fen(back.amount_fen) if back else fee_fen(entry.total_fen)
    return {
        "交易时间": succeeded_at or moment(entry.paid_at),
        "退款申请时间": made_at,
        "退款成功时间": succeeded_at,
        "微信退款单号": back.refund_id if back else "0",
        "商户退款单号": back.out_refund_no if back else "0",
        "退款金额": amount,
        "充值券退款金额": "0.00",
        "退款类型": back.channel if back else "",
        "退款状态": "SUCCESS" if back else "",
        "手续费": fee(taken),
        "申请退款金额": amount,
    }
