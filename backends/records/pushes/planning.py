"""Notices 通知 are planned, each once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from backends.ports import Channel, Notice
from backends.records.pushes import runs
from backends.records.tables import citizen, notification

_KNOWN = select(notification.c.full_key).where(
    notification.c.full_key.in_(bindparam("full_keys", expanding=True))
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
    wanted: dict[str, Notice] = {}
    for one in notices:
        wanted.setdefault(_full_key(one), one)
    openids = sorted({one.openid for one in notices})
    following = set(connection.execute(_FOLLOWING, {"openids": openids}).scalars())
    known = set(connection.execute(_KNOWN, {"full_keys": sorted(wanted)}).scalars())
    return [one for key, one in wanted.items() if key not in known and one.openid in following]


def _full_key(notice: Notice) -> str:
    return f"{notice.kind}:{notice.key}:{notice.openid}"


def _values(planned: Notice, now: datetime) -> dict[str, Any]:
    due_at = max(now, planned.not_before or now)
    return {
        "kind": planned.kind,
        "notice_key": planned.key,
        "openid": planned.openid,
        "full_key": _full_key(planned),
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
