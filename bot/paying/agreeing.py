"""Staff agree to refunds 退款, two of them to each (four eyes 双人复核). `waterdesk refunds` calls
this; so may any other desk.

Enters: an order or a proposal, and who says so. Leaves: refunds that the worker sends, and who
asked for and approved them in the log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from backends.errors import Rejected
from backends.ports import Order, Orders, Refund, Refunds, RefundState, WhyRefund
from bot.paying.following import PAID

log = structlog.get_logger()
LONGEST_REASON_BYTES = 80
NOT_AT_AN_END = (
    RefundState.PROPOSED,
    RefundState.ASKED,
    RefundState.APPROVED,
    RefundState.PROCESSING,
    RefundState.ABNORMAL,
)
NO_MONEY_BACK = (RefundState.REFUSED, RefundState.CLOSED)


class NotPossible(ValueError):
    """Why it cannot be asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`bill_no`: of one bill of the order, '' for the order. `amount_fen` 0: all of it that has not
    been given back. `reason`: WeChat shows it to the citizen."""

    order_no: str
    bill_no: str
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Agreeing:
    orders: Orders
    refunds: Refunds
    clock: Callable[[], datetime]
    new_number: Callable[[], str]

    def ask(self, wanted: Wanted, *, by: str) -> Refund:
        """A refund that the second of the staff may approve. NotPossible."""
        order = self.orders.order(wanted.order_no)
        if order is None or order.state not in PAID:
            raise NotPossible("no such order, or it is not paid")
        if not wanted.reason.strip() or len(wanted.reason.encode()) > LONGEST_REASON_BYTES:
            raise NotPossible("the citizen reads the reason: one to 26 characters")
        if self._awaits_posting(order, wanted.bill_no):
            raise NotPossible("CSMS has not posted it, and would do so though it went back")
        earlier = self.refunds.refunds_of([order.order_no]).get(order.order_no, ())
        refund = self._asked(order, wanted, earlier, _name(by))
        try:
            asked = self.refunds.propose(refund)
        except Rejected:
            raise NotPossible("with what is given back already it is more than was paid") from None
        if not asked:
            raise NotPossible("somebody is asking for the same at this moment")
        log.info("refund_asked", refund_no=refund.refund_no, by=by)
        return refund

    def second(self, refund_no: str, *, by: str) -> bool:
        """A proposal of the system becomes one that somebody asks for."""
        if done := self.refunds.ask(refund_no, _name(by), self.clock()):
            log.info("refund_asked", refund_no=refund_no, by=by)
        return done

    def approve(self, refund_no: str, *, by: str) -> bool:
        """False when `by` is who asked for it, or it does not wait for approval."""
        if done := self.refunds.approve(refund_no, _name(by), self.clock()):
            log.info("refund_approved", refund_no=refund_no, by=by)
        return done

    def refuse(self, refund_no: str, *, by: str) -> bool:
        if done := self.refunds.refuse(refund_no, _name(by), self.clock()):
            log.info("refund_refused", refund_no=refund_no, by=by)
        return done

    def _awaits_posting(self, order: Order, bill_no: str) -> bool:
        """Of the bill, or of anything in the order."""
        postings = self.orders.postings_of([order.order_no]).get(order.order_no, ())
        posted = {one.item_key for one in postings}
        return any(item.key not in posted for item in order.items if bill_no in ("", item.bill_no))

    def _asked(self, order: Order, wanted: Wanted, earlier: tuple[Refund, ...], by: str) -> Refund:
        """Its key counts those that were there: typed twice at once it is one refund."""
        return Refund(
            refund_no=self.new_number(),
            key=f"staff:{order.order_no}:{len(earlier)}",
            order_no=order.order_no,
            bill_no=wanted.bill_no,
            amount_fen=_amount_fen(order, wanted, earlier),
            total_fen=order.amount_fen,
            why=WhyRefund.STAFF,
            reason=wanted.reason.strip(),
            openid=order.openid,
            state=RefundState.ASKED,
            made_at=self.clock(),
            asked_by=by,
        )


def _amount_fen(order: Order, wanted: Wanted, earlier: tuple[Refund, ...]) -> int:
    of_bill = [item.amount_fen for item in order.items if item.bill_no == wanted.bill_no]
    if wanted.bill_no and not of_bill:
        raise NotPossible("this bill is not in the order")
    paid = sum(of_bill) if wanted.bill_no else order.amount_fen
    given = sum(
        one.amount_fen
        for one in earlier
        if one.state not in NO_MONEY_BACK and wanted.bill_no in ("", one.bill_no)
    )
    left = paid - given
    amount = wanted.amount_fen or left
    if not 0 < amount <= left:
        raise NotPossible(f"at most {left / 100:.2f} yuan are left to give back")
    return amount


def _name(by: str) -> str:
    """Nobody is a second person by another spelling."""
    return by.strip().casefold()
