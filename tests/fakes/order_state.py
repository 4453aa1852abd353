"""What the in-memory records hold of payment orders, and who asks what of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from backends.ports import Order, OrderState, Posting, Refund

UNPAID = (OrderState.PLACED, OrderState.PREPAID, OrderState.CLOSING, OrderState.CLOSED)
OPEN = UNPAID[:3]
TO_PAY = UNPAID[:2]


@dataclass(slots=True)
class Payments:
    """`looks`: order or refund number → when the next look at it is due. `holds`: item key → order
    number. Values are immutable, so that a copy of the dictionaries is a copy of all."""

    orders: dict[str, Order] = field(default_factory=dict)
    looks: dict[str, datetime] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    postings: dict[tuple[str, str], Posting] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)

    def copy(self) -> "Payments":
        return Payments(**{name: dict(getattr(self, name)) for name in self.__dataclass_fields__})

    def change(self, order: Order, **values: Any) -> None:
        """One that is not open any more is not looked at again."""
        changed = replace(order, **values)
        self.orders[order.order_no] = changed
        if changed.state not in OPEN:
            self.looks.pop(order.order_no, None)

    def in_state(self, *states: OrderState) -> Iterator[Order]:
        """By their numbers."""
        return (one for _, one in sorted(self.orders.items()) if one.state in states)

    def release(self, order_no: str) -> None:
        self.holds = {key: holder for key, holder in self.holds.items() if holder != order_no}

    def unposted(self, order: Order) -> frozenset[str]:
        return frozenset(
            item.key for item in order.items if (order.order_no, item.key) not in self.postings
        )
