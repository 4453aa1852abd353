"""What WeChat's trade bill has otherwise than we and CSMS do, entry by entry. Pure."""

from collections.abc import Iterator

from backends.ports import Difference, Mismatch, Refund, RefundState, TradeRow
from jobs.reconciling import booked
from jobs.reconciling.books import BOOKED_STATES, Entry

UNDER_WAY = frozenset({RefundState.APPROVED, RefundState.PROCESSING})
# What may have become of a refund with us while it stands in the bill.
AS_IN_BILL = {
    "SUCCESS": frozenset({RefundState.SUCCESS}),
    "PROCESSING": UNDER_WAY | {RefundState.SUCCESS, RefundState.ABNORMAL},
    "CHANGE": frozenset({RefundState.ABNORMAL, RefundState.SUCCESS}),
    "FAIL": frozenset({RefundState.CLOSED, RefundState.ABNORMAL}),
}


def differences(entry: Entry) -> Iterator[Difference]:
    if entry.payments:
        yield from _of_payment(entry)
    for row in entry.refund_rows:
        yield from _of_refund(entry, row)


def _of_payment(entry: Entry) -> Iterator[Difference]:
    row, order = entry.payments[0], entry.order
    if len(entry.payments) > 1:
        count = len(entry.payments)
        yield _payment(entry, Mismatch.DUP, f"{count} payments of one order in the bill")
    elif order is None:
        yield _payment(entry, Mismatch.LONG, "no such order with us")
    elif entry.booked is None:
        yield _payment(entry, Mismatch.LONG, f"with us it is {order.state.value}")
    elif row.amount_fen != order.amount_fen:
        yield _payment(entry, Mismatch.AMOUNT_DIFF, "another amount than was ordered")
    elif row.transaction_id != order.transaction_id:
        yield _payment(entry, Mismatch.STATE_DIFF, "with us another transaction paid it")
    elif row.state not in BOOKED_STATES:
        yield _payment(entry, Mismatch.STATE_DIFF, f"in the bill it is {row.state}")
    else:
        yield from booked.differences(entry.day, entry.booked)


def _payment(entry: Entry, mismatch: Mismatch, detail: str) -> Difference:
    ours = entry.order.amount_fen if entry.order and entry.booked else None
    return Difference(
        entry.day,
        mismatch,
        entry.order_no,
        entry.order_no,
        entry.payments[0].transaction_id,
        ours_fen=ours,
        theirs_fen=sum(row.amount_fen for row in entry.payments),
        detail=detail,
    )


def _of_refund(entry: Entry, row: TradeRow) -> Iterator[Difference]:
    refund = entry.refunds.get(row.refund_no)
    if refund is None:
        yield _refund(entry, row, None, Mismatch.LONG, "a refund that is not ours")
    elif refund.amount_fen != row.amount_fen:
        yield _refund(entry, row, refund, Mismatch.AMOUNT_DIFF, "another amount is given back")
    elif refund.state not in AS_IN_BILL.get(row.state, frozenset()):
        words = f"in the bill the refund is {row.state}, with us {refund.state.value}"
        yield _refund(entry, row, refund, Mismatch.STATE_DIFF, words)


def _refund(
    entry: Entry, row: TradeRow, refund: Refund | None, mismatch: Mismatch, detail: str
) -> Difference:
    return Difference(
        entry.day,
        mismatch,
        row.refund_no or row.refund_id,
        entry.order_no,
        row.transaction_id,
        ours_fen=-refund.amount_fen if refund else None,
        theirs_fen=-row.amount_fen,
        detail=detail,
    )
