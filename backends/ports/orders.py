"""Payment orders in the platform's own database: what the chat, the pages and the worker ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from backends.ports.notices import Notice
from backends.ports.payments import (
    Order,
    OrderState,
    Posting,
    Refund,
    RefundStanding,
    RefundState,
    Transaction,
    WhyClosed,
)
from backends.ports.requests import Submission

FIRST_LOOK = timedelta(seconds=5)
"""Since WeChat was asked to take an order."""


class OrderBook(Protocol):
    """As conversations see them: reads only."""

    def latest(self, openid: str) -> Order | None:
        """The citizen's newest order, whatever its state."""
        ...

    def order(self, order_no: str) -> Order | None:
        """Whoever's it is: the caller compares the openid."""
        ...

    def in_flight(self, item_keys: Sequence[str]) -> Mapping[str, Order]:
        """Item key → the order that holds it: being paid (PREPAID or CLOSING), or paid and this
        item not posted yet."""
        ...


class Orders(OrderBook, Protocol):
    """Every method is one transaction; every change of state is a conditional update."""

    def hold(self, order_no: str, now: datetime) -> tuple[Order, ...]:
        """Takes all items of the order for it (holds are unique by item key): () when it has them
        now, else the orders that hold some, and nothing was taken. Holds of CLOSED and SETTLED
        orders are gone; those of posted items too. One that is not PLACED or PREPAID (any more)
        takes nothing, and gets (): `asking` then says so."""
        ...

    def asking(self, order_no: str, now: datetime) -> bool:
        """PLACED: `asked_at` is set if it was not, and the first look at it is due FIRST_LOOK from
        now. False in any other state, and for an order without its holds."""
        ...

    def prepaid(self, order_no: str, prepay_id: str, now: datetime) -> bool:
        """PLACED → PREPAID (or the newer `prepay_id` for one that is PREPAID), with the first look
        FIRST_LOOK from now."""
        ...

    def drop(self, order_no: str, why: WhyClosed, now: datetime) -> OrderState | None:
        """As `OrderDropped`; the state it is in now, None for an unknown one."""
        ...

    def closed(self, order_no: str, now: datetime) -> bool:
        """CLOSING → CLOSED, when WeChat says so; its holds go."""
        ...

    def paid(
        self,
        transaction: Transaction,
        postings: Sequence[Submission],
        told: Notice | None,
        now: datetime,
    ) -> bool:
        """PLACED, PREPAID, CLOSING or CLOSED → PAID with its transaction, and in the same
        transaction the submissions that carry it to CSMS (by their keys once) and the receipt.
        True when this call did it; False when it was done before. An item that another order holds
        stays that one's hold. Overtaken when the order has another transaction or amount, or the
        transaction another order; NumberTaken as for `SubmissionMade`; NotFound."""
        ...

    def post(self, posting: Posting, refund: Refund | None, now: datetime) -> bool:
        """Of an item of a PAID order; the last one makes it SETTLED. `refund`: the proposal for
        what CSMS did not take; left out when its key is known, and when more would be given back
        than was paid; NumberTaken as `Refunds.propose`. False when this item was posted before, or
        its order is not PAID."""
        ...

    def to_ask_about(self, now: datetime, limit: int) -> tuple[Order, ...]:
        """Orders whose next look is due: asked and PREPAID ones, CLOSING ones at once, and each
        that is still open when it expires, though WeChat was never asked. Earliest first."""
        ...

    def look_again(self, order_no: str, at: datetime) -> None:
        """When the next look at it is due; one look is due when it expires, whatever is said."""
        ...

    def unposted(
        self, paid_before: datetime, after: str, limit: int
    ) -> tuple[tuple[Order, frozenset[str]], ...]:
        """PAID orders since then with the keys of items that CSMS has not posted, by `order_no`
        above `after`."""
        ...

    def paid_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Order, ...]:
        """Paid in [since, until), by `order_no` above `after`: for reconciliation."""
        ...

    def of_numbers(self, order_nos: Sequence[str]) -> Mapping[str, Order]: ...

    def postings_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Posting, ...]]: ...

    def counts(self, since: datetime) -> Mapping[OrderState, tuple[int, int]]:
        """State → (orders, fen), of those placed since then."""
        ...


class Refunds(Protocol):
    """Four eyes 双人复核: whoever asks for a refund does not approve it."""

    def propose(self, refund: Refund) -> bool:
        """PROPOSED or ASKED as it says; False when its key is known, NumberTaken when its number
        is. Rejected("refund", "too_much", …) when the refunds of the order that are not REFUSED or
        CLOSED would come to more than was paid."""
        ...

    def ask(self, refund_no: str, by: str, now: datetime) -> bool:
        """PROPOSED → ASKED."""
        ...

    def approve(self, refund_no: str, by: str, now: datetime) -> bool:
        """ASKED → APPROVED; False when `by` is who asked, or in another state."""
        ...

    def refuse(self, refund_no: str, by: str, now: datetime) -> bool:
        """PROPOSED or ASKED → REFUSED."""
        ...

    def to_send(self, now: datetime, limit: int) -> tuple[Refund, ...]:
        """APPROVED or PROCESSING, and due to be looked at. Nothing is claimed: sending one twice is
        the same as once, by its number."""
        ...

    def heard(
        self, standing: RefundStanding, told: Notice | None, now: datetime, *, wait: timedelta
    ) -> bool:
        """What WeChat says becomes its state; False when it is no news. `wait`: until the next look
        at one that is PROCESSING. Overtaken when it is about another order or amount."""
        ...

    def failed(self, refund_no: str, trouble: str, *, now: datetime, wait: timedelta) -> None:
        """Could not be sent: why, and the next try."""
        ...

    def refund(self, refund_no: str) -> Refund | None: ...

    def refunds_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Refund, ...]]: ...

    def succeeded_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Refund, ...]:
        """Given back in [since, until), by `refund_no` above `after`: for reconciliation."""
        ...

    def refunds(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        """Newest first."""
        ...
