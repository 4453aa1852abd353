"""Worlds for the walks through 缴费: each way that bills, roles and the order before can stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from backends.ports import Effect, Order, OrderItem, OrderState, Role
from tests.fakes import FakeRecords
from tests.shape.identity_worlds import losing
from tests.shape.meter_worlds import bound
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import CLOSED, NAMELESS, OWES_MANY, OWES_NOTHING, OWES_ONE, OWES_SEVERAL, town_csms

OCTOBER = OrderItem(OWES_ONE, f"B202610{OWES_ONE}", "2026-10", 5670)
ORDER = Order(
    order_no="WD2611221158000123456789",
    openid=CITIZEN,
    items=(OCTOBER,),
    placed_at=NOW - timedelta(minutes=2),
    expires_at=NOW + timedelta(minutes=13),
)
PREPAID = replace(ORDER, state=OrderState.PREPAID, asked_at=NOW - timedelta(minutes=1))
CLOSING = replace(PREPAID, state=OrderState.CLOSING)
PAID = replace(PREPAID, state=OrderState.PAID, paid_at=NOW, transaction_id="T1")
CANCELLED = replace(ORDER, state=OrderState.CLOSED, why_closed="cancelled")
NEXT = replace(ORDER, order_no="WD2611221159000123456789")
FAMILYS = replace(PREPAID, order_no="WD2611221157000123456789", openid="oFAMILY")


@dataclass
class Book:
    """Implements `ports.OrderBook`. `latest`: at the first look, then at every other one; `now`:
    how the order stands when it is looked up by its number."""

    first: Order | None = None
    then: Order | None = None
    now: Order | None = None
    holding: Mapping[str, Order] = field(default_factory=dict)
    looks: int = 0

    def latest(self, openid: str) -> Order | None:
        del openid
        self.looks += 1
        return self.first if self.looks == 1 else self.then

    def order(self, order_no: str) -> Order | None:
        del order_no
        return self.now

    def in_flight(self, item_keys: Sequence[str]) -> Mapping[str, Order]:
        return {key: self.holding[key] for key in item_keys if key in self.holding}


def after(order: Order, **holding: Order) -> Book:
    """The citizen's newest order, which does not change; items that are being paid."""
    return Book(order, order, order, holding)


def town(*effects: Effect, orders: Book | None = None) -> World:
    return World(town_csms(), FakeRecords(effects), orders=orders or Book())


def lost(looks: int, *effects: Effect, orders: Book | None = None) -> World:
    return replace(losing(looks, *effects), orders=orders or Book())


HELD = {OCTOBER.bill_no: FAMILYS}
ONE, SEVERAL, NOTHING = bound(OWES_ONE), bound(OWES_SEVERAL), bound(OWES_NOTHING)
TWO_CLEAR = bound(OWES_NOTHING, NAMELESS)
PAY_WORLDS = (
    town(),
    town(bound(OWES_ONE, role=Role.VIEWER)),
    town(ONE, orders=after(CANCELLED)),
    town(bound(OWES_ONE, OWES_SEVERAL, OWES_MANY)),
    town(bound(OWES_ONE, OWES_SEVERAL), orders=after(PAID, **{OCTOBER.bill_no: PAID})),
    town(NOTHING),
    town(TWO_CLEAR),
    town(bound(CLOSED)),
    town(ONE, orders=Book(holding=HELD)),
    town(NOTHING, orders=after(PAID)),
    town(ONE, orders=after(CLOSING)),
    town(ONE, orders=after(ORDER)),
    town(SEVERAL, orders=after(PREPAID)),
    town(NOTHING, orders=after(ORDER)),
    town(TWO_CLEAR, orders=after(ORDER)),
    town(bound(CLOSED), orders=after(ORDER)),
    town(ONE, orders=after(ORDER, **HELD)),
    town(ONE, orders=Book(ORDER, CLOSING, replace(PREPAID, expires_at=NOW))),
    town(ONE, orders=Book(ORDER, NEXT, PAID)),
    lost(1, ONE, orders=after(ORDER)),
    lost(2, SEVERAL),
    lost(2, ONE),
)
PAY_WALKS: tuple[tuple[dict[str, Any], World], ...] = (
    *(({}, world) for world in PAY_WORLDS),
    ({"takes_payments": False}, PAY_WORLDS[0]),
)
