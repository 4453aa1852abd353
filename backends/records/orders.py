"""`Orders` of the ports over the platform's own database.

Constructed for the server, workers and jobs through `open_orders`; safe to share between threads,
and any number of processes may use one database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from backends.database import Database, open_database
from backends.ports import (
    Notice,
    Order,
    OrderState,
    Posting,
    Refund,
    Submission,
    Transaction,
    WhyClosed,
)
from backends.records.payments import holding, looking, paying, placing, posting

T = TypeVar("T")


def open_orders(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlOrders":
    return SqlOrders(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlOrders:
    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, openid: str) -> Order | None:
        found = self._read(lambda reading: looking.found(reading, looking.LATEST, openid=openid))
        return next(iter(found), None)

    def order(self, order_no: str) -> Order | None:
        return self.of_numbers([order_no]).get(order_no)

    def in_flight(self, item_keys: Sequence[str]) -> Mapping[str, Order]:
        if not item_keys:
            return {}
        return self._read(lambda reading: looking.in_flight(reading, item_keys))

    def hold(self, order_no: str, now: datetime) -> tuple[Order, ...]:
        return self._write(lambda tx: holding.hold(tx, order_no))

    def asking(self, order_no: str, now: datetime) -> bool:
        return self._write(lambda tx: placing.asking(tx, order_no, now))

    def prepaid(self, order_no: str, prepay_id: str, now: datetime) -> bool:
        return self._write(lambda tx: placing.prepaid(tx, order_no, prepay_id, now))

    def drop(self, order_no: str, why: WhyClosed, now: datetime) -> OrderState | None:
        return self._write(lambda tx: placing.drop(tx, order_no, why, now))

    def closed(self, order_no: str, now: datetime) -> bool:
        return self._write(lambda tx: placing.closed(tx, order_no))

    def paid(
        self,
        transaction: Transaction,
        postings: Sequence[Submission],
        told: Notice | None,
        now: datetime,
    ) -> bool:
        return self._write(lambda tx: paying.pay(tx, transaction, postings, told, now))

    def post(self, posted: Posting, refund: Refund | None, now: datetime) -> bool:
        return self._write(lambda tx: posting.post(tx, posted, refund, now))

    def to_ask_about(self, now: datetime, limit: int) -> tuple[Order, ...]:
        return self._read(lambda reading: looking.due(reading, now, limit))

    def look_again(self, order_no: str, at: datetime) -> None:
        self._write(lambda tx: placing.look_again(tx, order_no, at))

    def unposted(
        self, paid_before: datetime, after: str, limit: int
    ) -> tuple[tuple[Order, frozenset[str]], ...]:
        return self._read(lambda reading: looking.unposted(reading, paid_before, after, limit))

    def paid_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Order, ...]:
        return self._read(lambda reading: looking.paid_between(reading, since, until, after, limit))

    def of_numbers(self, order_nos: Sequence[str]) -> Mapping[str, Order]:
        if not order_nos:
            return {}
        named = list(order_nos)
        found = self._read(
            lambda reading: looking.found(reading, looking.BY_NUMBERS, order_nos=named)
        )
        return {order.order_no: order for order in found}

    def postings_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Posting, ...]]:
        return self._read(lambda reading: looking.postings(reading, order_nos))

    def counts(self, since: datetime) -> Mapping[OrderState, tuple[int, int]]:
        return self._read(lambda reading: looking.counts(reading, since))

    def close(self) -> None:
        self._database.close()

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._database.read(work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)
