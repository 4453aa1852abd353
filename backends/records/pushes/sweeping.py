"""Housekeeping of the ledger, a batch at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, select, update

from backends.ports import PushFinished, PushResult
from backends.records.pushes import hearing
from backends.records.pushes.rows import (
    ACCEPTED,
    FREED,
    HELD,
    KEPT,
    LANES,
    PLANNED,
    SKIPPED,
    UNKNOWN,
)
from backends.records.tables import notification, push_result

_same_message = and_(
    notification.c.msg_id == push_result.c.msg_id, notification.c.openid == push_result.c.openid
)
_PARKED = select(push_result).join(notification, _same_message).order_by(push_result.c.parked_at)
_SILENT = (
    select(notification.c.id)
    .where(
        notification.c.state == ACCEPTED,
        notification.c.lane.in_(LANES),
        notification.c.due_at < bindparam("before"),
    )
    .with_for_update(key_share=True)
)
_STALE = (
    select(notification.c.id)
    .where(
        notification.c.state.in_([PLANNED, HELD, KEPT]),
        notification.c.valid_until < bindparam("before"),
    )
    .with_for_update(key_share=True)
)


def sweep(
    connection: Connection, now: datetime, *, silent_before: datetime, limit: int
) -> Mapping[str, int]:
    matched = _match(connection, _PARKED.limit(limit), now)
    connection.execute(delete(push_result).where(push_result.c.parked_at < silent_before))
    silent = {"state": UNKNOWN, "reason": "silent", "updated_at": now}
    stale = {"state": SKIPPED, "reason": "stale", "updated_at": now, **FREED}
    return {
        "matched": matched,
        "silent": _move(connection, _SILENT.limit(limit), silent_before, silent),
        "stale": _move(connection, _STALE.limit(limit), now, stale),
    }


def _match(connection: Connection, wanted: Select[Any], now: datetime) -> int:
    parked = connection.execute(wanted).all()
    for row in parked:
        said = PushFinished(row.openid, row.msg_id, PushResult(row.result), now)
        hearing.take(connection, said)
        its = (push_result.c.msg_id == row.msg_id, push_result.c.openid == row.openid)
        connection.execute(delete(push_result).where(*its))
    return len(parked)


def _move(
    connection: Connection,
    wanted: Select[Any],
    before: datetime,
    values: Mapping[str, Any],
) -> int:
    ids = connection.execute(wanted, {"before": before}).scalars().all()
    if ids:
        moved = update(notification).where(notification.c.id.in_(ids))
        connection.execute(moved.values(dict(values)))
    return len(ids)
