"""What happens to a submission on its way out: taken from its lane, handed over, postponed, given
back or up, sent again; and reviewed before it may go. Inside the caller's transaction.

Only the lane says who may hand over what. A worker whose time is over and whose submission nobody
has taken since may still say how it went: that is worth more than handing it over again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from backends.ports import Claimed, Notice, SubmissionState
from backends.records import lanes
from backends.records.pushes import planning
from backends.records.submission_rows import SUBMISSION, to_submission
from backends.records.tables import submission
from backends.records.tables_submissions import MOST_ERROR

QUEUED = SubmissionState.QUEUED.value
AnyRow = Row[*tuple[Any, ...]]


def claim(connection: Connection, system: str, hold: lanes.Hold, limit: int) -> tuple[Claimed, ...]:
    ids = lanes.take(connection, system, hold, limit)
    if not ids:
        return ()
    rows = select(submission).where(submission.c.id.in_(ids))
    rows = rows.order_by(submission.c.created_at, submission.c.id)
    return tuple(Claimed(to_submission(row), row.attempts) for row in connection.execute(rows))


def handed_over(
    connection: Connection,
    number: str,
    *,
    worker: str,
    state: SubmissionState,
    ext_no: str,
    result: Mapping[str, Any],
    now: datetime,
) -> bool:
    """When an event was faster than the receipt, what the event said stands, and the receipt only
    adds to it."""
    row = _held(connection, number, worker)
    if row is None:
        return False
    said = row.result or {}
    values: dict[str, Any] = {"updated_at": now, "last_error": ""}
    if row.state == QUEUED:
        values |= {"state": state.value, "ext_no": ext_no or row.ext_no}
        merged = {**said, **result}
    else:
        values |= {"ext_no": row.ext_no or ext_no}
        merged = {**result, **said}
    change(connection, row, values | ({"result": merged} if merged else {}))
    lanes.move_on(connection, row.system, row.lane)
    return True


def postpone(
    connection: Connection, number: str, *, worker: str, why: str, until: datetime
) -> None:
    row = _held(connection, number, worker)
    if row is None:
        return
    if row.state == QUEUED:
        change(connection, row, _failed(row, why) | {"next_try_at": until})
    lanes.move_on(connection, row.system, row.lane)


def give_back(connection: Connection, number: str, *, worker: str) -> None:
    row = _held(connection, number, worker)
    if row is not None:
        lanes.move_on(connection, row.system, row.lane)


def give_up(connection: Connection, number: str, *, worker: str, why: str, now: datetime) -> None:
    row = _held(connection, number, worker)
    if row is None:
        return
    if row.state == QUEUED:
        stuck = {"state": SubmissionState.STUCK.value, "updated_at": now}
        change(connection, row, _failed(row, why) | stuck)
    lanes.move_on(connection, row.system, row.lane)


def resend(connection: Connection, number: str, now: datetime) -> bool:
    """It takes its old place in the lane, ahead of what was made later."""
    row = locked(connection, number)
    if row is None:
        return False
    waits = row.state == QUEUED and row.next_try_at > now
    if not waits and row.state != SubmissionState.STUCK.value:
        return False
    _queue(connection, row, now)
    return True


def approve(connection: Connection, number: str, now: datetime) -> bool:
    row = locked(connection, number)
    if row is None or row.state != SubmissionState.IN_REVIEW.value:
        return False
    _queue(connection, row, now)
    return True


def send_back(
    connection: Connection, number: str, notice: Notice, *, text: str, now: datetime
) -> bool:
    row = locked(connection, number)
    if row is None or row.state != SubmissionState.IN_REVIEW.value:
        return False
    result = {**(row.result or {}), "text": text}
    returned = {"state": SubmissionState.RETURNED.value, "result": result, "updated_at": now}
    change(connection, row, returned)
    planning.plan(connection, [notice], now)
    return True


def locked(connection: Connection, number: str) -> AnyRow | None:
    """The submission as it is while nobody else can change it: the lane is locked first, then the
    row itself, for its lane may be empty."""
    place = select(submission.c.id, submission.c.system, submission.c.lane).where(
        submission.c.number == number
    )
    found = connection.execute(place).first()
    if found is None:
        return None
    lanes.lock(connection, found.system, found.lane)
    change(connection, found, {"lane": submission.c.lane})
    return connection.execute(SUBMISSION, {"number": number}).first()


def change(connection: Connection, row: AnyRow, values: Mapping[str, Any]) -> None:
    connection.execute(update(submission).where(submission.c.id == row.id).values(dict(values)))


def _queue(connection: Connection, row: AnyRow, now: datetime) -> None:
    lanes.enter(connection, row.system, row.lane, now)
    again = {"state": QUEUED, "attempts": 0, "next_try_at": now, "updated_at": now}
    change(connection, row, again)
    if not lanes.is_held(connection, row.system, row.lane, now):
        lanes.move_on(connection, row.system, row.lane)


def _held(connection: Connection, number: str, worker: str) -> AnyRow | None:
    row = locked(connection, number)
    if row is None or not lanes.holds(connection, row.system, row.lane, row.id, worker):
        return None
    return row


def _failed(row: AnyRow, why: str) -> dict[str, Any]:
    """PostgreSQL refuses the character NUL, and the reason is somebody else's text."""
    return {"attempts": row.attempts + 1, "last_error": why.replace("\0", "")[:MOST_ERROR]}
