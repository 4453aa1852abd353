"""Events of an outside system, each taken in once: a cursor that one worker holds, and what the
event changes. Inside the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from backends.ports import Changes, SubmissionChange
from backends.records import citizens, holders, lanes, link_effects
from backends.records.handing_over import QUEUED, change, locked
from backends.records.lanes import Hold
from backends.records.payments import posting
from backends.records.pushes import planning
from backends.records.tables import event_cursor


def hold(connection: Connection, name: str, wanted: Hold) -> int | None:
    """A cursor that is made twice at once is a unique violation: `Database.write` runs again."""
    renewed = connection.execute(
        update(event_cursor)
        .where(
            event_cursor.c.name == name,
            or_(event_cursor.c.held_by == wanted.worker, event_cursor.c.held_until <= wanted.now),
        )
        .values(held_by=wanted.worker, held_until=wanted.until)
    ).rowcount
    found = _position(connection, name)
    if found is None:
        values = {"name": name, "position": 0}
        held = {"held_by": wanted.worker, "held_until": wanted.until}
        connection.execute(insert(event_cursor).values(values | held))
        return 0
    return found if renewed else None


def position(connection: Connection, name: str) -> int:
    return _position(connection, name) or 0


def _position(connection: Connection, name: str) -> int | None:
    where = select(event_cursor.c.position).where(event_cursor.c.name == name)
    found: int | None = connection.execute(where).scalar()
    return found


def take(
    connection: Connection,
    name: str,
    event_id: int,
    changes: Changes,
    *,
    worker: str,
    now: datetime,
) -> bool:
    moved = connection.execute(
        update(event_cursor)
        .where(
            event_cursor.c.name == name,
            event_cursor.c.position < event_id,
            event_cursor.c.held_by == worker,
        )
        .values(position=event_id)
    )
    if moved.rowcount == 0:
        return False
    # Orders are locked before lanes, as where they are paid: so nobody waits crosswise.
    for item in changes.posted:
        posting.post(connection, item.posting, item.refund, now)
    for wanted in changes.submissions:
        _apply(connection, wanted, now)
    for ended in changes.ended:
        citizens.meet(connection, [(ended.openid, now)])
        link_effects.end(connection, ended)
    told = holders.change(connection, changes.holder, now) if changes.holder else ()
    planning.plan(connection, (*changes.notices, *told), now)
    return True


def _apply(connection: Connection, wanted: SubmissionChange, now: datetime) -> None:
    """One that is still queued with us has arrived all the same. While a worker is handing it over
    the lane is that worker's to move on."""
    row = locked(connection, wanted.number)
    if row is None:
        return
    values: dict[str, Any] = {"updated_at": now}
    if wanted.state is not None:
        values["state"] = wanted.state.value
    if wanted.ext_no:
        values["ext_no"] = wanted.ext_no
    if wanted.result:
        values["result"] = {**(row.result or {}), **wanted.result}
    change(connection, row, values)
    if row.state == QUEUED and not lanes.is_held(connection, row.system, row.lane, now):
        lanes.move_on(connection, row.system, row.lane)
