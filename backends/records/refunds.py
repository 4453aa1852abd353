"""`Refunds` of the ports over the platform's own database. Constructed through `open_refunds`; safe
to share between threads, and any number of processes may use one database."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from backends.database import Database, open_database
from backends.ports import Notice, Refund, RefundStanding, RefundState
from backends.records.payments import refunding

T = TypeVar("T")


def open_refunds(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlRefunds":
    return SqlRefunds(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlRefunds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, refund: Refund) -> bool:
        return self._write(lambda tx: refunding.propose(tx, refund))

    def ask(self, refund_no: str, by: str, now: datetime) -> bool:
        return self._write(lambda tx: refunding.ask(tx, refund_no, by))

    def approve(self, refund_no: str, by: str, now: datetime) -> bool:
        return self._write(lambda tx: refunding.approve(tx, refund_no, by, now))

    def refuse(self, refund_no: str, by: str, now: datetime) -> bool:
        return self._write(lambda tx: refunding.refuse(tx, refund_no, by))

    def to_send(self, now: datetime, limit: int) -> tuple[Refund, ...]:
        return self._found(refunding.DUE.limit(limit), now=now)

    def heard(
        self, standing: RefundStanding, told: Notice | None, now: datetime, *, wait: timedelta
    ) -> bool:
        return self._write(lambda tx: refunding.hear(tx, standing, told, now, wait))

    def failed(self, refund_no: str, trouble: str, *, now: datetime, wait: timedelta) -> None:
        self._write(lambda tx: refunding.fail(tx, refund_no, trouble, now + wait))

    def refund(self, refund_no: str) -> Refund | None:
        return next(iter(self._found(refunding.BY_NUMBER, refund_no=refund_no)), None)

    def refunds_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Refund, ...]]:
        if not order_nos:
            return {}
        found = defaultdict[str, tuple[Refund, ...]](tuple)
        for refund in self._found(refunding.OF_ORDERS, order_nos=list(order_nos)):
            found[refund.order_no] += (refund,)
        return dict(found)

    def succeeded_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Refund, ...]:
        wanted = refunding.SUCCEEDED.limit(limit)
        return self._found(wanted, since=since, until=until, after=after)

    def refunds(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        if not states:
            return ()
        named = [state.value for state in states]
        return self._found(refunding.NEWEST.limit(limit), states=named)

    def close(self) -> None:
        self._database.close()

    def _found(self, wanted: Select[Any], **named: object) -> tuple[Refund, ...]:
        return self._database.read(lambda reading: refunding.found(reading, wanted, **named))

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)
