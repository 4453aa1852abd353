"""What became of claimed notices, a batch at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from backends.ports import Channel, NoticeState, NoticesTold, Settlement
from backends.records.pushes import acceptances, runs
from backends.records.pushes.rows import CLAIMED, FREED, KEPT, PROMPT, SKIPPED, TOLD, AnyRow
from backends.records.tables import notification
from backends.records.tables_pushes import MOST_REASON

TAKEN = (NoticeState.ACCEPTED, NoticeState.DELIVERED)

_OURS = (
    select(notification.c.id, notification.c.openid, notification.c.run_id)
    .where(
        notification.c.id.in_(bindparam("ids", expanding=True)),
        notification.c.state == CLAIMED,
        notification.c.claimed_by == bindparam("worker"),
    )
    .order_by(notification.c.id)
    .with_for_update(key_share=True)
)


def settle(
    connection: Connection,
    settlements: Sequence[Settlement],
    *,
    worker: str,
    now: datetime,
    uses_up: bool,
) -> int:
    """`uses_up`: whether an acceptance is good for one message only."""
    wanted = {one.notice_id: one for one in settlements}
    named = {"ids": sorted(wanted), "worker": worker}
    ours = connection.execute(_OURS, named).all() if wanted else []
    stopped = _stopped(connection, ours, wanted)
    alike: dict[tuple[Settlement, int | None], list[Settlement]] = defaultdict(list)
    for row in ours:
        run_id = row.run_id if row.run_id in stopped else None
        alike[_same(wanted[row.id]), run_id].append(wanted[row.id])
    for (same, run_id), ones in alike.items():
        values = _values(same, now)
        if same.state is NoticeState.PLANNED:
            values |= stopped[run_id] if run_id else {}
        _change(connection, values, ones)
    if uses_up:
        acceptances.use_up(connection, [pair for row in ours for pair in _used(row, wanted)])
    return len(ours)


def tell(connection: Connection, told: NoticesTold) -> None:
    """One that a worker is just keeping for the next message may be told already: the worker then
    finds that it is not its own any more."""
    _end_kept(connection, told, told.notice_ids, {"state": TOLD})
    _end_kept(connection, told, told.pointless, {"state": SKIPPED, "reason": "pointless"})


def _end_kept(
    connection: Connection, told: NoticesTold, ids: tuple[int, ...], values: Mapping[str, str]
) -> None:
    if not ids:
        return
    connection.execute(
        update(notification)
        .where(
            notification.c.id.in_(ids),
            notification.c.openid == told.openid,
            notification.c.state.in_([KEPT, CLAIMED]),
        )
        .values(**values, updated_at=told.at, **FREED)
    )


def _stopped(
    connection: Connection, rows: Sequence[AnyRow], wanted: Mapping[int, Settlement]
) -> Mapping[int, Mapping[str, Any]]:
    """Runs that were paused or cancelled while their notices were held: those must not be PLANNED
    again."""
    again = [row for row in rows if wanted[row.id].state is NoticeState.PLANNED]
    return runs.not_active(connection, {row.run_id for row in again if row.run_id is not None})


def _same(one: Settlement) -> Settlement:
    """What it has in common with others of the batch."""
    return replace(one, notice_id=0, msg_id=None, template_id="")


def _values(same: Settlement, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": same.state.value,
        "channel": same.channel.value,
        "reason": same.reason[:MOST_REASON],
        "unsure_since": same.unsure_since,
        "updated_at": now,
        **FREED,
    }
    if same.not_before is not None:
        values["due_at"] = same.not_before
    if same.state in TAKEN:
        in_time = case((notification.c.wanted_at >= now - PROMPT, 1), else_=0)
        values |= {"accepted_at": now, "due_at": now, "unsure_since": None}
        values["prompt"] = func.coalesce(notification.c.prompt, in_time)
        if same.channel is Channel.TEMPLATE:
            values["template_at"] = now
    return values


def _change(connection: Connection, values: Mapping[str, Any], ones: Sequence[Settlement]) -> None:
    """One statement for all of them, though WeChat gave each a message id of its own."""
    said = {one.notice_id: one.msg_id for one in ones if one.msg_id is not None}
    own = {"msg_id": case(said, value=notification.c.id)} if said else {}
    ids = [one.notice_id for one in ones]
    changed = update(notification).where(notification.c.id.in_(ids))
    connection.execute(changed.values({**values, **own}))


def _used(row: AnyRow, wanted: Mapping[int, Settlement]) -> list[tuple[str, str]]:
    one = wanted[row.id]
    taken = one.state is NoticeState.ACCEPTED and one.template_id
    return [(row.openid, one.template_id)] if taken else []
