"""A paid order beside what CSMS has posted of it: item by item, and what is left over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from backends.ports import (
    Difference,
    Mismatch,
    Order,
    OrderItem,
    Posting,
    Refund,
    RefundState,
    Taking,
)

TAKEN, GIVEN_BACK = "paid", "refunded"


@dataclass(frozen=True, slots=True)
class Booked:
    """`postings` and `refunds` are looked up only for an order that is not plain."""

    order: Order
    takings: Sequence[Taking] = ()
    postings: Sequence[Posting] = ()
    refunds: Sequence[Refund] = ()


@dataclass(frozen=True, slots=True)
class Item:
    item: OrderItem
    taking: Taking | None
    posting: Posting | None

    @property
    def returned_fen(self) -> int:
        return self.posting.returned_fen if self.posting else 0

    @property
    def credited_fen(self) -> int:
        return self.posting.credited_fen if self.posting else 0

    @property
    def awaited_fen(self) -> int:
        """What CSMS should have taken of it."""
        return self.item.amount_fen - self.returned_fen


def is_plain(order: Order, takings: Sequence[Taking]) -> bool:
    """Each item was posted once, all of it where it was paid for: nothing more to be said."""
    posted = sorted((one.acct_no, one.bill_no, one.amount_fen) for one in takings if _is_whole(one))
    paid = sorted((one.acct_no, one.bill_no, one.amount_fen) for one in order.items)
    return posted == paid and len(posted) == len(takings)


def _is_whole(taking: Taking) -> bool:
    billed = taking.principal_fen + taking.late_fee_fen
    return taking.state == TAKEN and (not taking.bill_no or billed == taking.amount_fen)


def items(booked: Booked) -> tuple[tuple[Item, ...], tuple[Taking, ...]]:
    """Each item with its posting, and what CSMS posted beyond them."""
    postings = {one.item_key: one for one in booked.postings}
    left = list(booked.takings)
    found = tuple(
        Item(item, _take(left, item, postings.get(item.key)), postings.get(item.key))
        for item in booked.order.items
    )
    return found, tuple(left)


def _take(left: list[Taking], item: OrderItem, posting: Posting | None) -> Taking | None:
    """By the number that CSMS has told, or by what was paid: of money that went to the prepaid
    balance instead CSMS names no bill."""
    told = posting.pay_no if posting else ""
    paid = (item.acct_no, item.bill_no)
    for taking in left:
        if taking.pay_no == told or (not told and (taking.acct_no, taking.bill_no) == paid):
            left.remove(taking)
            return taking
    return None


def differences(day: date, booked: Booked) -> Iterator[Difference]:
    if is_plain(booked.order, booked.takings):
        return
    found, left = items(booked)
    for one in found:
        yield from _of_item(day, booked, one)
    bills = {(one.item.acct_no, one.item.bill_no) for one in found}
    for taking in left:
        again = (taking.acct_no, taking.bill_no) in bills
        yield Difference(
            day,
            Mismatch.DUP if again else Mismatch.CSMS_EXTRA,
            taking.pay_no,
            booked.order.order_no,
            booked.order.transaction_id,
            csms_fen=taking.amount_fen,
            detail="posted twice at CSMS" if again else "posted at CSMS, not of this order",
        )


def _of_item(day: date, booked: Booked, one: Item) -> Iterator[Difference]:
    taking = one.taking
    if taking is None:
        if one.awaited_fen:
            yield _difference(day, Mismatch.CSMS_UNPOSTED, booked, one, "not posted at CSMS")
    elif taking.state != TAKEN and not (taking.state == GIVEN_BACK and booked.refunds):
        yield _difference(day, Mismatch.STATE_DIFF, booked, one, f"at CSMS it is {taking.state}")
    elif taking.amount_fen != one.awaited_fen:
        yield _difference(day, Mismatch.AMOUNT_DIFF, booked, one, "another amount at CSMS")
    if one.credited_fen or one.returned_fen:
        yield _paid_elsewhere(day, booked, one)


def _paid_elsewhere(day: date, booked: Booked, one: Item) -> Difference:
    """A bill that was paid twice: the money goes to the prepaid balance, or back."""
    credited = "went to the prepaid balance"
    if not one.returned_fen:
        return _difference(day, Mismatch.DUP, booked, one, "paid elsewhere too", credited)
    back = (
        refund.state is RefundState.SUCCESS and refund.bill_no == one.item.bill_no
        for refund in booked.refunds
    )
    settled = "given back" if any(back) else ""
    return _difference(day, Mismatch.DUP, booked, one, "CSMS did not take it all", settled)


def _difference(
    day: date, mismatch: Mismatch, booked: Booked, one: Item, detail: str, settled: str = ""
) -> Difference:
    return Difference(
        day,
        mismatch,
        f"{booked.order.order_no}:{one.item.key}",
        booked.order.order_no,
        booked.order.transaction_id,
        ours_fen=one.item.amount_fen,
        theirs_fen=one.item.amount_fen,
        csms_fen=one.taking.amount_fen if one.taking else None,
        detail=detail,
        settled=settled,
    )
