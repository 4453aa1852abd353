"""One piece of office work: a transaction on the city's database, and the events that it tells.

The row `event_number` is locked first, so staff work one after the other: nobody decides on what
another is changing, and an event is never seen before one with a lower number. The first work of a
day does the nightly closing before it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, func, select

from sandbox.city.schema import event_number, wx_event
from sandbox.clock import SHANGHAI
from sandbox.office.night import accrue, is_closed


@dataclass(slots=True)
class Shift:
    """`at` is the time of the work as CSMS keeps it: Shanghai's, without a zone."""

    connection: Connection
    at: datetime
    last_event: int

    @property
    def today(self) -> date:
        return self.at.date()

    def tell(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        acct_no: str | None,
        request_no: str | None = None,
        ext_no: str | None = None,
    ) -> None:
        self.last_event += 1
        self.connection.execute(
            wx_event.insert().values(
                event_id=self.last_event,
                kind=kind,
                at=self.at,
                acct_no=acct_no,
                request_no=request_no,
                ext_no=ext_no,
                data=json.dumps(data, ensure_ascii=False),
            )
        )

    def next_id(self, column: Column[int]) -> int:
        return int(self.connection.scalar(select(func.coalesce(func.max(column), 0))) or 0) + 1


@contextmanager
def at_work(engine: Engine, now: datetime) -> Iterator[Shift]:
    with engine.begin() as connection:
        connection.execute(event_number.update().values(last=event_number.c.last))
        last = int(connection.scalar(select(event_number.c.last)) or 0)
        # Not from 1: a city that is built anew must not repeat numbers that the server has seen.
        shift = Shift(connection, office_time(now), last or int(now.timestamp() * 1000))
        accrue(connection, shift.today)
        begun = shift.last_event
        yield shift
        if shift.last_event > begun:
            connection.execute(event_number.update().values(last=shift.last_event))


def close_days(engine: Engine, now: datetime) -> None:
    """Whoever looks at what is owed shall see it as of today."""
    with engine.connect() as connection:
        if is_closed(connection, office_time(now).date()):
            return
    with at_work(engine, now):
        pass


def office_time(now: datetime) -> datetime:
    return now.astimezone(SHANGHAI).replace(tzinfo=None)
