"""Lanes 队列: of what waits in one lane, the first goes out first, and alone.

A lane is a row of its own while something in it waits, and nothing enters or leaves the lane
without holding that row. So whoever looks for work reads one short index, however much is queued
behind the heads or long done; and two commits cannot put two things into a lane at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from backends.ports import SubmissionState
from backends.records.tables import lane, submission

_DUE = (
    select(lane.c.lane, lane.c.due_at)
    .where(lane.c.queue == bindparam("queue"), lane.c.due_at <= bindparam("now"))
    .order_by(lane.c.due_at)
)
_FIRST_SUBMISSION = (
    select(submission.c.id, submission.c.next_try_at.label("due_at"))
    .where(
        submission.c.system == bindparam("queue"),
        submission.c.state == SubmissionState.QUEUED.value,
        submission.c.lane == bindparam("lane"),
    )
    .order_by(submission.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Who takes from the lanes of a queue, and until when what is taken is theirs alone."""

    worker: str
    now: datetime
    until: datetime


def enter(connection: Connection, queue: str, name: str, due_at: datetime) -> None:
    """Before something is put into the lane. A lane that is made twice at once is a unique
    violation: `Database.write` then runs again."""
    if not lock(connection, queue, name):
        values = {"queue": queue, "lane": name, "due_at": due_at, "item_id": 0, "held_by": ""}
        connection.execute(insert(lane).values(values))


def lock(connection: Connection, queue: str, name: str) -> bool:
    """Until the transaction ends; False when the lane is empty."""
    return _change(connection, queue, name, item_id=lane.c.item_id)


def take(connection: Connection, queue: str, hold: Hold, limit: int) -> list[int]:
    """Ids of heads that are due; each was its lane's first and is now held by this worker."""
    taken = list[int]()
    while len(taken) < limit:
        wanted = _DUE.limit(limit - len(taken))
        due = connection.execute(wanted, {"queue": queue, "now": hold.now}).all()
        won = [row.lane for row in due if _win(connection, queue, row, hold)]
        heads = [_take_head(connection, queue, name, hold) for name in won]
        taken += [head for head in heads if head is not None]
        if len(won) == len(due):  # otherwise others were at it: there may be more
            break
    return taken


def holds(connection: Connection, queue: str, name: str, item_id: int, worker: str) -> bool:
    """Whether this worker is the last who took the thing, though its time may be over."""
    row = _lane(connection, queue, name)
    return row is not None and (row.item_id, row.held_by) == (item_id, worker)


def is_held(connection: Connection, queue: str, name: str, now: datetime) -> bool:
    row = _lane(connection, queue, name)
    return row is not None and row.item_id != 0 and row.due_at > now


def move_on(connection: Connection, queue: str, name: str) -> None:
    """Ends a hold; the lane is due when its first is, and goes when there is none."""
    head = _head(connection, queue, name)
    if head is None:
        connection.execute(delete(lane).where(lane.c.queue == queue, lane.c.lane == name))
    else:
        _change(connection, queue, name, due_at=head.due_at, item_id=0, held_by="")


def _win(connection: Connection, queue: str, due: Row[*tuple[Any, ...]], hold: Hold) -> bool:
    """False when another worker was faster: then it is due at another time."""
    won = connection.execute(
        update(lane)
        .where(lane.c.queue == queue, lane.c.lane == due.lane, lane.c.due_at == due.due_at)
        .values(due_at=hold.until, held_by=hold.worker)
    )
    return won.rowcount > 0


def _take_head(connection: Connection, queue: str, name: str, hold: Hold) -> int | None:
    """A lease that ran out may have left behind a lane with nothing due in it."""
    head = _head(connection, queue, name)
    if head is None or head.due_at > hold.now:
        move_on(connection, queue, name)
        return None
    _change(connection, queue, name, item_id=head.id)
    found: int = head.id
    return found


def _head(connection: Connection, queue: str, name: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_FIRST_SUBMISSION, {"lane": name, "queue": queue}).first()


def _lane(connection: Connection, queue: str, name: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(
        select(lane.c.item_id, lane.c.held_by, lane.c.due_at).where(
            lane.c.queue == queue, lane.c.lane == name
        )
    ).first()


def _change(connection: Connection, queue: str, name: str, **values: Any) -> bool:
    changed = connection.execute(
        update(lane).where(lane.c.queue == queue, lane.c.lane == name).values(values)
    )
    return changed.rowcount > 0
