"""What each row of a trade bill was for: bills, prepayments, refunds of them. Pure; in the words of
the utility's file."""

from collections.abc import Iterator
from dataclasses import dataclass

from backends.ports import OrderItem, Refund, RefundState, TradeRow
from jobs.reconciling.booked import Booked, Item, items
from jobs.reconciling.books import Entry

REFUND_WORDS = {
    "SUCCESS": "已退款",
    "PROCESSING": "退款中",
    "CHANGE": "退款异常",
    "FAIL": "退款失败",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`at` as WeChat has it. Of money that fits no order of ours only the amount is known."""

    row: TradeRow
    acct_no: str
    bill_no: str
    period: str
    principal_fen: int
    late_fee_fen: int
    pay_no: str
    status: str

    @property
    def amount_fen(self) -> int:
        return self.principal_fen + self.late_fee_fen


def lines(entry: Entry) -> Iterator[Line]:
    """They add up to what the bill has."""
    if entry.is_agreed and entry.booked:
        yield from _of_items(entry.payments[0], entry.booked)
    elif entry.payments:
        status = _status(entry)
        for row in entry.payments:
            yield Line(row, "", "", "", row.amount_fen, 0, "", status)
    for row in entry.refund_rows:
        yield from _of_refund(entry, row)


def _of_items(row: TradeRow, booked: Booked) -> Iterator[Line]:
    for one in items(booked)[0]:
        item = one.item
        pay_no = one.taking.pay_no if one.taking else ""
        yield Line(
            row,
            item.acct_no,
            item.bill_no,
            item.period,
            item.principal_fen,
            item.late_fee_fen,
            pay_no,
            _item_status(one),
        )


def _item_status(one: Item) -> str:
    whole = one.item.amount_fen
    if one.returned_fen:
        return "待退款" if one.returned_fen == whole else "部分待退款"
    if one.taking is None:
        return "未销账"
    if one.credited_fen:
        return "转预存" if one.credited_fen == whole else "部分转预存"
    return "已销账" if one.item.bill_no else "已预存"


def _status(entry: Entry) -> str:
    if len(entry.payments) > 1:
        return "重复"
    if entry.booked is None:
        return "长款"
    paid, order = entry.payments[0], entry.booked.order
    return "金额不符" if paid.amount_fen != order.amount_fen else "状态不符"


def _of_refund(entry: Entry, row: TradeRow) -> Iterator[Line]:
    """Of a whole item as it was paid; of anything else nobody knows what of it was a late fee."""
    refund = entry.refunds.get(row.refund_no)
    status = REFUND_WORDS.get(row.state, "退款中") if refund else "退款不明"
    whole = _given_back(entry, row, refund)
    if whole:
        for item in whole:
            yield _back(row, item, item.principal_fen, item.late_fee_fen, status)
        return
    yield _back(row, _about(entry, refund), row.amount_fen, 0, status)


def _given_back(entry: Entry, row: TradeRow, refund: Refund | None) -> tuple[OrderItem, ...]:
    if refund is None or entry.order is None or refund.state is RefundState.REFUSED:
        return ()
    its = entry.order.items
    if refund.bill_no:
        its = tuple(item for item in its if item.bill_no == refund.bill_no)
    return its if sum(item.amount_fen for item in its) == row.amount_fen else ()


def _about(entry: Entry, refund: Refund | None) -> OrderItem:
    """What of account, bill and month there can be no doubt about."""
    its = entry.order.items if entry.order else ()
    if refund and refund.bill_no:
        its = tuple(item for item in its if item.bill_no == refund.bill_no)
    found = (
        {item.acct_no for item in its},
        {item.bill_no for item in its},
        {item.period for item in its},
    )
    acct_no, bill_no, period = (one.pop() if len(one) == 1 else "" for one in found)
    return OrderItem(acct_no, bill_no, period, 0)


def _back(row: TradeRow, item: OrderItem, principal: int, late_fee: int, status: str) -> Line:
    return Line(row, item.acct_no, item.bill_no, item.period, -principal, -late_fee, "", status)
