"""`Outbox` of the ports over the platform's own database: the worker's side of it.

Constructed for `waterdesk worker` and `waterdesk submissions` through `open_outbox`; safe to share
between threads, and any number of workers may use one database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from backends.database import Database, open_database
from backends.ports import (
    Binding,
    Changes,
    Claimed,
    Notice,
    Order,
    OutboxRow,
    Photo,
    Submission,
    SubmissionState,
)
from backends.records import handing_over, outside_events
from backends.records import outbox_queries as queries
from backends.records.lanes import Hold
from backends.records.payments import looking
from backends.records.queries import FOLLOWING, FOLLOWING_BOUND_TO, to_binding
from backends.records.submission_rows import OF_EXT_NO, SUBMISSION, to_photo, to_submission

T = TypeVar("T")


def open_outbox(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlOutbox":
    return SqlOutbox(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlOutbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, system: str, *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[Claimed, ...]:
        hold = _hold(worker, now, lease_s)
        return self._write(lambda tx: handing_over.claim(tx, system, hold, limit))

    def handed_over(
        self,
        number: str,
        *,
        worker: str,
        state: SubmissionState,
        ext_no: str,
        result: Mapping[str, Any],
        now: datetime,
    ) -> bool:
        return self._write(
            lambda tx: handing_over.handed_over(
                tx, number, worker=worker, state=state, ext_no=ext_no, result=result, now=now
            )
        )

    def postpone(self, number: str, *, worker: str, why: str, until: datetime) -> None:
        self._write(
            lambda tx: handing_over.postpone(tx, number, worker=worker, why=why, until=until)
        )

    def give_back(self, number: str, *, worker: str) -> None:
        self._write(lambda tx: handing_over.give_back(tx, number, worker=worker))

    def give_up(self, number: str, *, worker: str, why: str, now: datetime) -> None:
        self._write(lambda tx: handing_over.give_up(tx, number, worker=worker, why=why, now=now))

    def resend(self, number: str, now: datetime) -> bool:
        return self._write(lambda tx: handing_over.resend(tx, number, now))

    def approve(self, number: str, now: datetime) -> bool:
        return self._write(lambda tx: handing_over.approve(tx, number, now))

    def send_back(self, number: str, notice: Notice, *, text: str, now: datetime) -> bool:
        return self._write(
            lambda tx: handing_over.send_back(tx, number, notice, text=text, now=now)
        )

    def listing(self, *, state: str, limit: int) -> tuple[OutboxRow, ...]:
        return self._all(queries.to_outbox_row, queries.listing(state, limit))

    def counts(self, *states: SubmissionState) -> Mapping[tuple[str, str], int]:
        rows = self._all(tuple, queries.counts(states))
        return {(system, state): count for system, state, count in rows}

    def submission(self, number: str) -> Submission | None:
        return next(iter(self._all(to_submission, SUBMISSION, number=number)), None)

    def photo_rows(self, photo_ids: Sequence[str]) -> tuple[Photo, ...]:
        """In the order asked for; those that are not known are left out."""
        if not photo_ids:
            return ()
        photos = self._all(to_photo, queries.PHOTOS, photo_ids=list(photo_ids))
        found = {photo.photo_id: photo for photo in photos}
        return tuple(found[photo_id] for photo_id in photo_ids if photo_id in found)

    def by_ext_no(self, system: str, ext_no: str) -> tuple[Submission, ...]:
        if not ext_no:
            return ()
        return self._all(to_submission, OF_EXT_NO, system=system, ext_no=ext_no)

    def order(self, order_no: str) -> Order | None:
        wanted = looking.BY_NUMBERS
        found = self._database.read(
            lambda reading: looking.found(reading, wanted, order_nos=[order_no])
        )
        return next(iter(found), None)

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        return self._all(to_binding, FOLLOWING_BOUND_TO, acct_no=acct_no)

    def hold(self, name: str, *, worker: str, now: datetime, lease_s: float) -> int | None:
        wanted = _hold(worker, now, lease_s)
        return self._write(lambda tx: outside_events.hold(tx, name, wanted))

    def position(self, name: str) -> int:
        return self._database.read(lambda connection: outside_events.position(connection, name))

    def take_event(
        self, name: str, event_id: int, changes: Changes, *, worker: str, now: datetime
    ) -> bool:
        return self._write(
            lambda tx: outside_events.take(tx, name, event_id, changes, worker=worker, now=now)
        )

    def is_following(self, openid: str) -> bool:
        ((count,),) = self._all(tuple, FOLLOWING, openid=openid)
        return bool(count)

    def close(self) -> None:
        self._database.close()

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)

    def _all(
        self, to_value: Callable[..., T], statement: Select[Any], **parameters: object
    ) -> tuple[T, ...]:
        return self._database.read(
            lambda connection: tuple(map(to_value, connection.execute(statement, parameters)))
        )


def _hold(worker: str, now: datetime, lease_s: float) -> Hold:
    return Hold(worker, now, now + timedelta(seconds=lease_s))
