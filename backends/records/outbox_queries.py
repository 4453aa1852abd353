"""What the worker and operators look up, built once."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from backends.ports import OutboxRow, SubmissionState, System
from backends.records.tables import photo, submission

PHOTOS = select(photo).where(photo.c.photo_id.in_(bindparam("photo_ids", expanding=True)))

COUNTS = select(submission.c.system, submission.c.state, func.count()).group_by(
    submission.c.system, submission.c.state
)

_LISTING = select(
    submission.c.number,
    submission.c.kind,
    submission.c.system,
    submission.c.state,
    submission.c.acct_no,
    submission.c.attempts,
    submission.c.created_at,
    submission.c.next_try_at,
    submission.c.last_error,
).order_by(submission.c.id.desc())


def counts(states: tuple[SubmissionState, ...]) -> Select[Any]:
    if not states:
        return COUNTS
    # Both first columns of an index are named: it is then read only where these states are.
    return COUNTS.where(
        submission.c.system.in_([system.value for system in System]),
        submission.c.state.in_([state.value for state in states]),
    )


def listing(state: str, limit: int) -> Select[Any]:
    wanted = _LISTING.where(submission.c.state == state) if state else _LISTING
    return wanted.limit(limit)


def to_outbox_row(row: Row[*tuple[Any, ...]]) -> OutboxRow:
    queued = row.state == SubmissionState.QUEUED.value
    return OutboxRow(
        number=row.number,
        kind=row.kind,
        system=row.system,
        state=row.state,
        acct_no=row.acct_no,
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.next_try_at if queued else None,
        last_error=row.last_error,
    )
