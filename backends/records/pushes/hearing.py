"""What WeChat says of messages that it had accepted, each result once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from backends.ports import Channel, PushFinished, PushResult
from backends.records.pushes import runs
from backends.records.pushes.rows import ACCEPTED, DELIVERED, FREED, PLANNED, UNKNOWN, AnyRow
from backends.records.tables import notification, push_result

CHANNELS = tuple(Channel)

_OF_MESSAGE = (
    select(
        notification.c.id,
        notification.c.state,
        notification.c.channel,
        notification.c.failed_on,
        notification.c.failures,
        notification.c.run_id,
    )
    .where(
        notification.c.msg_id == bindparam("msg_id"), notification.c.openid == bindparam("openid")
    )
    .with_for_update(key_share=True)
)
_PARKED = select(push_result.c.msg_id).where(
    push_result.c.msg_id == bindparam("msg_id"), push_result.c.openid == bindparam("openid")
)


def hear(connection: Connection, said: PushFinished) -> None:
    """One of a message that is not known (yet) is parked."""
    if take(connection, said):
        return
    key = {"msg_id": said.msg_id, "openid": said.openid}
    if connection.execute(_PARKED, key).first() is None:
        values = {**key, "result": said.result.value, "parked_at": said.at}
        connection.execute(insert(push_result).values(values))


def take(connection: Connection, said: PushFinished) -> bool:
    """False when no message is known by this id. Of one that is not waiting for its result (any
    more) nothing changes: so twice is once."""
    key = {"msg_id": said.msg_id, "openid": said.openid}
    rows = connection.execute(_OF_MESSAGE, key).all()
    for row in rows:
        if row.state in (ACCEPTED, UNKNOWN):
            values = _values(connection, row, said)
            heard = update(notification).where(notification.c.id == row.id)
            connection.execute(heard.values({**values, "updated_at": said.at, **FREED}))
    return bool(rows)


def _values(connection: Connection, row: AnyRow, said: PushFinished) -> dict[str, Any]:
    if said.result is PushResult.SUCCESS:
        return {"state": DELIVERED, "reason": ""}
    again = {"state": PLANNED, "reason": said.result.value, "due_at": said.at}
    return {**again, **_way_on(row, said.result), **_allowed(connection, row.run_id)}


def _way_on(row: AnyRow, result: PushResult) -> dict[str, Any]:
    if result is PushResult.USER_BLOCK:
        return {"channel": Channel.NEXT_MESSAGE.value}
    failed = Channel(row.channel)
    twice = row.failed_on == failed.value
    way_on = CHANNELS[CHANNELS.index(failed) + 1] if twice else failed
    return {"channel": way_on.value, "failed_on": failed.value, "failures": row.failures + 1}


def _allowed(connection: Connection, run_id: int | None) -> Mapping[str, Any]:
    """Nothing more of a run that has been paused or cancelled goes out."""
    if run_id is None:
        return {}
    return runs.not_active(connection, [run_id]).get(run_id, {})
