"""The cashier 收银台: makes an order ready to be paid, or says why it cannot be.

Enters: an order's number and who asks. Leaves: what the page gives to WeChat; bills held with us
and locked at CSMS; an order at WeChat Pay. Called by web/pay.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from backends.errors import BackendError
from backends.ports import (
    DueLists,
    Gateway,
    Order,
    Orders,
    OrderState,
    Takings,
    WhyClosed,
)
from bot.paying.following import PAID, Following
from bot.paying.receipts import description, yuan

log = structlog.get_logger()

# WeChat takes no order that ends within the minute, and a citizen needs time for the password.
TOO_LATE = timedelta(seconds=75)
PREPAY_LIVES = timedelta(minutes=110)
PAYABLE = frozenset({OrderState.PLACED, OrderState.PREPAID})
OPEN = PAYABLE | {OrderState.CLOSING}


class Why(StrEnum):
    """Why an order cannot be paid now. CHANGED: CSMS wants something else by now. HELD: another
    order is about to pay one of its bills. AWAY: something does not answer, try again."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    PAID = "paid"
    CLOSED = "closed"
    CHANGED = "changed"
    HELD = "held"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Ready:
    """`call`: what the page gives to `getBrandWCPayRequest`."""

    call: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """`until`: when the order that HELD is over at the latest."""

    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cashier:
    """`may_look`: whether WeChat may be asked about this order again so soon."""

    orders: Orders
    gateway: Gateway
    takings: Takings
    due: DueLists
    following: Following
    utility_name: str
    clock: Callable[[], datetime]
    new_nonce: Callable[[], str]
    may_look: Callable[[str], bool]

    def prepare(self, order_no: str, openid: str) -> Ready | Refusal:
        """What the page needs to have the order paid by its owner. Asking again is harmless."""
        try:
            return self._prepare(order_no, openid)
        except BackendError as error:
            log.warning("payment_not_prepared", order_no=order_no, why=str(error))
            return Refusal(Why.AWAY)

    def look(self, order_no: str, openid: str) -> Order | None:
        """The citizen's order as it stands, WeChat asked if need be; None for one of others."""
        order = self._own(order_no, openid)
        if order is None or order.state not in OPEN or not self.may_look(order_no):
            return order
        try:
            self.following.follow(order)
        except BackendError as error:
            log.warning("payment_not_looked_up", order_no=order_no, why=str(error))
        return self._own(order_no, openid)

    def _prepare(self, order_no: str, openid: str) -> Ready | Refusal:
        order = self._own(order_no, openid)
        if order and order.asked_at and order.state in OPEN:
            self.following.follow(order)
            order = self._own(order_no, openid)
        if order is None:
            return Refusal(Why.UNKNOWN)
        if refusal := self._not_payable(order) or self._held(order):
            return refusal
        if not self.orders.asking(order.order_no, self.clock()) and not order.prepay_id:
            return self._refused_by_now(order)
        # The bills are locked before they are compared: nobody pays them in between.
        self.takings.lock(order, self.clock())
        return self._changed(order) or self._ready(order)

    def _own(self, order_no: str, openid: str) -> Order | None:
        order = self.orders.order(order_no)
        return order if order and order.openid == openid else None

    def _not_payable(self, order: Order) -> Refusal | None:
        if order.state in PAID:
            return Refusal(Why.PAID)
        if order.state not in PAYABLE:
            return Refusal(Why.CLOSED)
        too_late = self.clock() >= order.expires_at - TOO_LATE
        return Refusal(Why.EXPIRED) if too_late else None

    def _changed(self, order: Order) -> Refusal | None:
        """CSMS may not want exactly this any more: a bill was paid at the counter, or a day's late
        fee has been added."""
        accounts = list(dict.fromkeys(item.acct_no for item in order.items if item.bill_no))
        owed = {bill.bill_no: bill for bill in self.due.still_owed(accounts)}
        same = all(
            (bill := owed.get(item.bill_no)) is not None
            and bill.principal_owed == yuan(item.principal_fen)
            and bill.late_fee == yuan(item.late_fee_fen)
            for item in order.items
            if item.bill_no
        )
        if same:
            return None
        self.following.drop(order, WhyClosed.CHANGED)
        now = self.orders.order(order.order_no)
        return Refusal(Why.PAID if now and now.state in PAID else Why.CHANGED)

    def _held(self, order: Order) -> Refusal | None:
        """None when the order has all its items for itself now. The citizen's own order gives way,
        and that of another whose time is over."""
        blocking = self.orders.hold(order.order_no, self.clock())
        for other in blocking:
            if not self._gives_way(other, order):
                return _held_by(other)
        for other in blocking:
            mine = other.openid == order.openid
            self.following.drop(other, WhyClosed.REPLACED if mine else WhyClosed.EXPIRED)
        if blocking and (rest := self.orders.hold(order.order_no, self.clock())):
            return _held_by(rest[0])
        return None

    def _gives_way(self, other: Order, order: Order) -> bool:
        over = self.clock() >= other.expires_at
        return other.state not in PAID and (over or other.openid == order.openid)

    def _ready(self, order: Order) -> Ready | Refusal:
        prepay_id = self._prepay(order)
        if not prepay_id:
            self.following.abandon(order)
            return self._refused_by_now(order)
        return Ready(self.gateway.payment_call(prepay_id, self.clock(), self.new_nonce()))

    def _refused_by_now(self, order: Order) -> Refusal:
        now = self.orders.order(order.order_no) or order
        return self._not_payable(now) or Refusal(Why.CLOSED)

    def _prepay(self, order: Order) -> str:
        """'' when the order was closed while WeChat was asked: the citizen must not get to pay."""
        asked_at, now = order.asked_at, self.clock()
        if order.prepay_id and asked_at and now - asked_at < PREPAY_LIVES:
            return order.prepay_id
        prepay_id = self.gateway.prepay(order, description(self.utility_name, order))
        return prepay_id if self.orders.prepaid(order.order_no, prepay_id, self.clock()) else ""


def _held_by(other: Order) -> Refusal:
    return Refusal(Why.PAID) if other.state in PAID else Refusal(Why.HELD, other.expires_at)
