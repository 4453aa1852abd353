"""Payment orders and refunds in memory, over the same citizens, submissions and notices as the
in-memory records."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from backends.ports import (
    Notice,
    Order,
    OrderPlaced,
    OrderState,
    Posting,
    Refund,
    Submission,
    Transaction,
    WhyClosed,
)
from tests.fakes import order_changes as changes
from tests.fakes.order_state import OPEN
from tests.fakes.records import FakeRecords
from tests.fakes.records_state import State
from tests.fakes.refunds import FakeRefunds
from tests.fakes.switches import Switches

__all__ = ["FakeOrders", "FakeRefunds"]

IN_FLIGHT = (OrderState.PREPAID, OrderState.CLOSING, OrderState.PAID)


class FakeOrders(Switches):
    """Without records it has some of its own, in `records`."""

    def __init__(self, records: FakeRecords | None = None) -> None:
        super().__init__()
        self.records = records or FakeRecords()

    def place(self, *orders: Order) -> None:
        """As the chat does at the end of a turn."""
        self.records.commit([OrderPlaced(order) for order in orders])

    def latest(self, openid: str) -> Order | None:
        found = [one for one in self._orders() if one.openid == openid]
        return max(found, key=lambda one: one.placed_at, default=None)

    def order(self, order_no: str) -> Order | None:
        return self._now().payments.orders.get(order_no)

    def in_flight(self, item_keys: Sequence[str]) -> Mapping[str, Order]:
        payments = self._now().payments
        held = {
            key: payments.orders[payments.holds[key]] for key in item_keys & payments.holds.keys()
        }
        return {key: order for key, order in held.items() if order.state in IN_FLIGHT}

    def hold(self, order_no: str, now: datetime) -> tuple[Order, ...]:
        with self._changing() as state:
            return changes.hold(state.payments, order_no)

    def asking(self, order_no: str, now: datetime) -> bool:
        with self._changing() as state:
            return changes.asking(state.payments, order_no, now)

    def prepaid(self, order_no: str, prepay_id: str, now: datetime) -> bool:
        with self._changing() as state:
            return changes.prepaid(state.payments, order_no, prepay_id, now)

    def drop(self, order_no: str, why: WhyClosed, now: datetime) -> OrderState | None:
        with self._changing() as state:
            return changes.drop(state.payments, order_no, why, now)

    def closed(self, order_no: str, now: datetime) -> bool:
        with self._changing() as state:
            return changes.closed(state.payments, order_no)

    def paid(
        self,
        transaction: Transaction,
        postings: Sequence[Submission],
        told: Notice | None,
        now: datetime,
    ) -> bool:
        with self._changing() as state:
            return changes.paid(state, transaction, postings, told, now)

    def post(self, posting: Posting, refund: Refund | None, now: datetime) -> bool:
        with self._changing() as state:
            return changes.post(state.payments, posting, refund)

    def to_ask_about(self, now: datetime, limit: int) -> tuple[Order, ...]:
        payments = self._now().payments
        due = sorted(
            (payments.looks[one.order_no], one.order_no) for one in payments.in_state(*OPEN)
        )
        return tuple(payments.orders[number] for at, number in due if at <= now)[:limit]

    def look_again(self, order_no: str, at: datetime) -> None:
        with self._changing() as state:
            changes.look_again(state.payments, order_no, at)

    def unposted(
        self, paid_before: datetime, after: str, limit: int
    ) -> tuple[tuple[Order, frozenset[str]], ...]:
        payments = self._now().payments
        found = [
            (one, payments.unposted(one))
            for one in payments.in_state(OrderState.PAID)
            if one.paid_at is not None and one.paid_at < paid_before and one.order_no > after
        ]
        return tuple(found[:limit])

    def paid_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Order, ...]:
        found = [
            one
            for one in self._orders()
            if one.paid_at is not None and since <= one.paid_at < until and one.order_no > after
        ]
        return tuple(sorted(found, key=lambda one: one.order_no)[:limit])

    def of_numbers(self, order_nos: Sequence[str]) -> Mapping[str, Order]:
        return {one.order_no: one for one in self._orders() if one.order_no in order_nos}

    def postings_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Posting, ...]]:
        payments = self._now().payments
        posted = {
            number: tuple(
                payments.postings[number, item.key]
                for item in payments.orders[number].items
                if (number, item.key) in payments.postings
            )
            for number in payments.orders.keys() & set(order_nos)
        }
        return {number: found for number, found in posted.items() if found}

    def counts(self, since: datetime) -> Mapping[OrderState, tuple[int, int]]:
        counted: dict[OrderState, tuple[int, int]] = {}
        for one in self._orders():
            if one.placed_at >= since:
                count, fen = counted.get(one.state, (0, 0))
                counted[one.state] = (count + 1, fen + one.amount_fen)
        return counted

    def _orders(self) -> Iterable[Order]:
        return self._now().payments.orders.values()

    def _now(self) -> State:
        self._obey()
        return self.records.state

    def _changing(self) -> AbstractContextManager[State]:
        self._obey()
        return self.records.changing()
