"""Notices 通知 are planned, each once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from backends.ports import Channel, Notice
from backends.records.pushes import runs
from backends.records.tables import citizen, notification

Key = tuple[str, str, str]
MOST_COMBINATIONS = 1000

_KNOWN = select(notification.c.notice_key, notification.c.openid).where(
    notification.c.kind == bindparam("kind"),
    notification.c.notice_key.in_(bindparam("notice_keys", expanding=True)),
    notification.c.openid.in_(bindparam("openids", expanding=True)),
)
_FOLLOWING = select(citizen.c.openid).where(
    citizen.c.openid.in_(bindparam("openids", expanding=True)), citizen.c.left_at.is_(None)
)


def plan(connection: Connection, notices: Sequence[Notice], now: datetime) -> int:
    """How many were new. One that another plans between the look and the insert is a unique
    violation: `Database.write` runs again, and the look finds it."""
    new = _new(connection, notices)
    if not new:
        return 0
    todays = runs.of_today(connection, {one.kind for one in new}, now)
    rows = [{**_values(one, now), **todays[one.kind]} for one in new]
    connection.execute(insert(notification), rows)
    return len(new)


def unplanned(connection: Connection, notices: Sequence[Notice]) -> int:
    return len(_new(connection, notices))


def _new(connection: Connection, notices: Sequence[Notice]) -> list[Notice]:
    """Each once; none that is known, none for citizens who are unknown or have left."""
    if not notices:
        return []
    wanted = {(one.kind, one.key, one.openid): one for one in reversed(notices)}
    openids = sorted({one.openid for one in notices})
    following = set(connection.execute(_FOLLOWING, {"openids": openids}).scalars())
    left_out = {key for part in _parts(sorted(wanted)) for key in _known(connection, part)}
    found = [one for key, one in wanted.items() if key not in left_out and one.openid in following]
    return found[::-1]


def _known(connection: Connection, part: Sequence[Key]) -> Iterator[Key]:
    kind = part[0][0]
    named: dict[str, Any] = {
        "kind": kind,
        "notice_keys": sorted({key for _, key, _ in part}),
        "openids": sorted({openid for _, _, openid in part}),
    }
    for row in connection.execute(_KNOWN, named):
        yield kind, row.notice_key, row.openid


def _parts(wanted: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Of one kind each, and small: an index is probed for every key with every openid of a part,
    which no database does well for hundreds of both. A key with all its openids stays together."""
    kinds = {kind for kind, _, _ in wanted}
    combinations = len({key for _, key, _ in wanted}) * len({openid for _, _, openid in wanted})
    if len(kinds) == 1 and combinations <= max(MOST_COMBINATIONS, len(wanted)):
        yield wanted
        return
    middle = len(wanted) // 2
    yield from _parts(wanted[:middle])
    yield from _parts(wanted[middle:])


def _values(planned: Notice, now: datetime) -> dict[str, Any]:
    due_at = max(now, planned.not_before or now)
    return {
        "kind": planned.kind,
        "notice_key": planned.key,
        "openid": planned.openid,
        "acct_no": planned.acct_no,
        "view_values": dict(planned.view),
        "lane": int(planned.lane),
        "channel": Channel.TEMPLATE.value,
        "due_at": due_at,
        "wanted_at": due_at,
        "valid_until": planned.valid_until,
        "attempts": 0,
        "claimed_by": "",
        "reason": "",
        "failures": 0,
        "failed_on": "",
        "created_at": now,
        "updated_at": now,
    }
