"""Locks on bills, and what the billing system has posted, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from backends.ports import Order, Taking
from tests.fakes.switches import Switches


class FakeTakings(Switches):
    """`taken` may be added to, as CSMS does when it posts."""

    def __init__(self, taken: Iterable[Taking] = ()) -> None:
        super().__init__()
        self.taken = list(taken)
        self._locked: dict[tuple[str, str], datetime] = {}
        self._released: set[tuple[str, str]] = set()

    def lock(self, order: Order, now: datetime) -> None:
        self._obey()
        for key in _keys(order):
            self._locked.setdefault(key, order.expires_at)

    def release(self, order: Order, now: datetime) -> None:
        self._obey()
        self._released |= self._locked.keys() & _keys(order)

    def of_transactions(self, transaction_ids: Sequence[str]) -> Mapping[str, tuple[Taking, ...]]:
        self._obey()
        found: dict[str, tuple[Taking, ...]] = {}
        for one in sorted(self.taken, key=lambda taking: taking.pay_no):
            if one.transaction_id and one.transaction_id in transaction_ids:
                found[one.transaction_id] = (*found.get(one.transaction_id, ()), one)
        return found

    def between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Taking, ...]:
        self._obey()
        found = sorted(
            (one for one in self.taken if one.transaction_id and since <= one.paid_at < until),
            key=lambda taking: (taking.paid_at, taking.pay_no),
        )
        numbers = [taking.pay_no for taking in found]
        start = numbers.index(after) + 1 if after else 0
        return tuple(found[start : start + limit])

    def locked_by(self, bill_no: str, now: datetime) -> tuple[str, ...]:
        """The orders that hold the bill locked, as CSMS sees it."""
        return tuple(
            order_no
            for (order_no, locked), until in self._locked.items()
            if locked == bill_no and until > now and (order_no, locked) not in self._released
        )


def _keys(order: Order) -> set[tuple[str, str]]:
    return {(order.order_no, item.bill_no) for item in order.items if item.bill_no}
