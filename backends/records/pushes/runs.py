"""Runs 批次: all notices of a kind that are planned on one day, and whether they may go out.

Whoever makes a notice PLANNED holds the row of its run meanwhile, shared with others who do; who
pauses or cancels a run waits for them. So nothing slips through to be sent.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

from backends.ports import NoticeState, Run, RunState
from backends.records.columns import SHANGHAI
from backends.records.pushes.rows import CLAIMED, FREED, HELD, PLANNED, SKIPPED, AnyRow
from backends.records.tables import notification, push_run

AT_ONCE = 1000
ALLOWED: Mapping[str, Mapping[str, Any]] = {
    RunState.ACTIVE.value: {"state": PLANNED},
    RunState.PAUSED.value: {"state": HELD},
    RunState.CANCELLED.value: {"state": SKIPPED, "reason": "cancelled"},
}
"""What becomes of a notice that would be PLANNED, by the state of its run."""


def _shared(wanted: Select[Any]) -> Select[Any]:
    hinted = wanted.with_hint(push_run, "WITH (REPEATABLEREAD)", "mssql")
    return hinted.with_for_update(read=True)


_OF_DAY = _shared(
    select(push_run).where(
        push_run.c.day == bindparam("day"),
        push_run.c.kind.in_(bindparam("kinds", expanding=True)),
    )
)
_BY_ID = _shared(
    select(push_run.c.id, push_run.c.state).where(
        push_run.c.id.in_(bindparam("run_ids", expanding=True))
    )
)
_SOME = (
    select(notification.c.id)
    .where(
        notification.c.run_id == bindparam("run_id"),
        notification.c.state.in_(bindparam("states", expanding=True)),
    )
    .limit(AT_ONCE)
    .with_for_update()
)
_NEWEST_FIRST = select(push_run).order_by(push_run.c.day.desc(), push_run.c.id.desc())
SINCE = _NEWEST_FIRST.where(push_run.c.day >= bindparam("since"))
ONE = _NEWEST_FIRST.where(push_run.c.id == bindparam("run_id"))
PAUSED = _NEWEST_FIRST.where(push_run.c.state == RunState.PAUSED.value)
# Counted, though `exists` would say it better: for that PostgreSQL hopes to come upon one soon, and
# walks through the whole table in vain.
_OPEN = (
    select(func.count())
    .where(
        notification.c.run_id == push_run.c.id, notification.c.state.in_([PLANNED, HELD, CLAIMED])
    )
    .scalar_subquery()
)
UNFINISHED = _NEWEST_FIRST.where(
    push_run.c.day < bindparam("before"),
    or_(push_run.c.state == RunState.PAUSED.value, _OPEN > 0),
)
COUNTS = (
    select(
        notification.c.run_id,
        notification.c.state,
        func.count(),
        func.count(notification.c.prompt),
        func.sum(notification.c.prompt),
    )
    .where(notification.c.run_id.in_(bindparam("run_ids", expanding=True)))
    .group_by(notification.c.run_id, notification.c.state)
)
REASONS = (
    select(notification.c.state, notification.c.reason, func.count())
    .where(
        notification.c.run_id == bindparam("run_id"),
        notification.c.state.in_([state.value for state in NoticeState]),
        notification.c.reason != "",
    )
    .group_by(notification.c.state, notification.c.reason)
)

WAITS = (
    select(notification.c.reason, func.min(notification.c.due_at).label("first_due_at"))
    .where(notification.c.run_id == bindparam("run_id"), notification.c.state == PLANNED)
    .group_by(notification.c.reason)
)


def of_today(
    connection: Connection, kinds: Collection[str], now: datetime
) -> Mapping[str, Mapping[str, Any]]:
    """kind → its run's id and what becomes of its notices, as columns. A run that is made twice at
    once is a unique violation: `Database.write` runs again."""
    wanted: dict[str, Any] = {"day": now.astimezone(SHANGHAI).date(), "kinds": sorted(kinds)}
    found = connection.execute(_OF_DAY, wanted).all()
    missing = set(kinds) - {row.kind for row in found}
    if missing:
        new = {"day": wanted["day"], "state": RunState.ACTIVE.value}
        connection.execute(insert(push_run), [{"kind": kind, **new} for kind in sorted(missing)])
        found = connection.execute(_OF_DAY, wanted).all()
    return {row.kind: {"run_id": row.id, **ALLOWED[row.state]} for row in found}


def not_active(connection: Connection, run_ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
    """Those of them that are paused or cancelled → what becomes of their notices."""
    wanted = sorted(set(run_ids))
    found = connection.execute(_BY_ID, {"run_ids": wanted}).all() if wanted else []
    return {row.id: ALLOWED[row.state] for row in found if row.state != RunState.ACTIVE.value}


def turn(connection: Connection, run_id: int, to: RunState, of: Collection[RunState]) -> bool:
    """False when the run is in none of these states."""
    changed = connection.execute(
        update(push_run)
        .where(push_run.c.id == run_id, push_run.c.state.in_([one.value for one in of]))
        .values(state=to.value)
    )
    return changed.rowcount > 0


def move_some(
    connection: Connection, run_id: int, of: Collection[str], values: Mapping[str, Any]
) -> int:
    """At most AT_ONCE of the run's notices in these states; 0 when there is none (any more)."""
    ids = connection.execute(_SOME, {"run_id": run_id, "states": list(of)}).scalars().all()
    if ids:
        moved = update(notification).where(notification.c.id.in_(ids))
        connection.execute(moved.values({**values, **FREED}))
    return len(ids)


def listing(
    connection: Connection, wanted: Select[Any], named: Mapping[str, Any]
) -> tuple[Run, ...]:
    runs = connection.execute(wanted, named).all()
    if not runs:
        return ()
    rows = connection.execute(COUNTS, {"run_ids": [run.id for run in runs]}).all()
    return tuple(_to_run(run, [row for row in rows if row.run_id == run.id]) for run in runs)


def _to_run(run: AnyRow, rows: list[AnyRow]) -> Run:
    return Run(
        run_id=run.id,
        kind=run.kind,
        day=run.day,
        state=RunState(run.state),
        counts={NoticeState(row.state): row[2] for row in rows},
        accepted=sum(row[3] for row in rows),
        prompt=sum(row[4] or 0 for row in rows),
    )
