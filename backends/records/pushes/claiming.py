"""Workers take notices that are due, a batch at a time, and each citizen only one worker.

The rows and their citizens are locked without waiting: what another worker is just taking is left
to it. With a citizen's lock held nobody else can come to hold anything of theirs, so what was
looked at before is looked at once more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    case,
    exists,
    func,
    select,
    update,
)

from backends.ports import Backlog, ClaimedNotice, Lane
from backends.records.pushes.rows import CLAIMED, LANES, NOTICES, PLANNED, AnyRow, to_claimed
from backends.records.tables import citizen, notification


@dataclass(frozen=True, slots=True)
class Lease:
    """Who takes notices, and until when they are theirs alone."""

    worker: str
    now: datetime
    until: datetime


_other = notification.alias("other")
_HELD_BY_ANOTHER = exists().where(
    _other.c.openid == notification.c.openid,
    _other.c.state == CLAIMED,
    _other.c.lease_until > bindparam("now"),
)
_expired = (
    notification.c.state == CLAIMED,
    notification.c.lease_until <= bindparam("now"),
)
_due = (notification.c.state == PLANNED, notification.c.due_at <= bindparam("now"))


def _taken(wanted: Select[*tuple[AnyRow, ...]]) -> Select[*tuple[AnyRow, ...]]:
    skipping = "WITH (UPDLOCK, READPAST, ROWLOCK)"
    hinted = wanted.with_hint(notification, skipping, "mssql").with_hint(citizen, skipping, "mssql")
    return hinted.with_for_update(skip_locked=True, key_share=True, of=[notification, citizen])


_ROWS = NOTICES.join_from(notification, citizen).where(~_HELD_BY_ANOTHER)
_EXPIRED = _taken(
    _ROWS.where(*_expired, notification.c.lane.in_(bindparam("lanes", expanding=True))).order_by(
        notification.c.lane, notification.c.due_at
    )
)
_DUE = _taken(_ROWS.where(*_due, notification.c.lane == bindparam("lane")))
_DUE = _DUE.order_by(notification.c.due_at)
_HELD = (
    select(notification.c.openid)
    .where(
        notification.c.openid.in_(bindparam("openids", expanding=True)),
        notification.c.state == CLAIMED,
        notification.c.lease_until > bindparam("now"),
    )
    .distinct()
)
_last_claimed_at = notification.c.updated_at
_unsure_since = case(
    (
        notification.c.state == CLAIMED,
        func.coalesce(notification.c.unsure_since, _last_claimed_at),
    ),
    else_=notification.c.unsure_since,
)
_count = (
    notification.c.lane,
    func.count().label("waiting"),
    func.min(notification.c.due_at).label("oldest"),
)
BACKLOGS = tuple(
    select(*_count).where(*waiting, notification.c.lane.in_(LANES)).group_by(notification.c.lane)
    for waiting in (_due, _expired)
)


def claim(
    connection: Connection, lanes: Iterable[Lane], lease: Lease, limit: int
) -> tuple[ClaimedNotice, ...]:
    found = _candidates(connection, sorted(set(lanes)), lease.now, limit)
    if not found:
        return ()
    openids = sorted({row.openid for row in found})
    held = set(connection.execute(_HELD, {"openids": openids, "now": lease.now}).scalars())
    rows = [row for row in found if row.openid not in held]
    if rows:
        theirs = update(notification).where(notification.c.id.in_([row.id for row in rows]))
        connection.execute(theirs.values(_held(lease)))
    return tuple(map(_as_found, rows))


def backlog(connection: Connection, now: datetime) -> tuple[Backlog, ...]:
    rows = [row for look in BACKLOGS for row in connection.execute(look, {"now": now})]
    return tuple(
        Backlog(lane, sum(one.waiting for one in its), min(one.oldest for one in its))
        for lane in Lane
        if (its := [row for row in rows if row.lane == lane])
    )


def _candidates(
    connection: Connection, lanes: Sequence[Lane], now: datetime, limit: int
) -> list[AnyRow]:
    numbers = [int(lane) for lane in lanes]
    expired = connection.execute(_EXPIRED.limit(limit), {"now": now, "lanes": numbers}).all()
    found = list[AnyRow]()
    for lane in numbers:
        due = connection.execute(_DUE.limit(limit), {"now": now, "lane": lane}).all()
        found += sorted([*(row for row in expired if row.lane == lane), *due], key=_place)
        if len(found) >= limit:
            break
    return found[:limit]


def _held(lease: Lease) -> dict[str, Any]:
    return {
        "state": CLAIMED,
        "claimed_by": lease.worker,
        "lease_until": lease.until,
        "updated_at": lease.now,
        "attempts": notification.c.attempts + 1,
        "unsure_since": _unsure_since,
    }


def _place(row: AnyRow) -> tuple[datetime, int]:
    return row.due_at, row.id


def _as_found(row: AnyRow) -> ClaimedNotice:
    claimed = to_claimed(row)
    if row.state == CLAIMED and row.unsure_since is None:
        return replace(claimed, unsure_since=row.updated_at)
    return claimed
