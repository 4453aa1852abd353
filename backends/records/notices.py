"""Notices 通知: planned once, sent one at a time to each citizen, or kept for the next message.
Inside the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from backends.ports import Notice, NoticeState, StoredNotice
from backends.records import lanes
from backends.records.tables import notice

PLANNED, SENDING = NoticeState.PLANNED.value, NoticeState.SENDING.value

KEPT = (
    select(notice)
    .where(notice.c.state == NoticeState.KEPT.value, notice.c.id > bindparam("after_id"))
    .order_by(notice.c.id)
)


def plan(connection: Connection, planned: Notice, now: datetime) -> None:
    """The lane is locked before the look, so that two workers cannot both find nothing."""
    lanes.enter(connection, lanes.NOTICES, planned.openid, now)
    known = select(notice.c.id).where(
        notice.c.kind == planned.kind,
        notice.c.notice_key == planned.key,
        notice.c.openid == planned.openid,
    )
    if connection.execute(known).first() is not None:
        return
    connection.execute(
        insert(notice).values(
            kind=planned.kind,
            notice_key=planned.key,
            openid=planned.openid,
            acct_no=planned.acct_no,
            view_values=dict(planned.view),
            state=PLANNED,
            created_at=now,
            updated_at=now,
        )
    )


def claim(connection: Connection, hold: lanes.Hold, limit: int) -> tuple[StoredNotice, ...]:
    """Answered in the state in which they were found: SENDING means that a worker died on it."""
    ids = lanes.take(connection, lanes.NOTICES, hold, limit)
    if not ids:
        return ()
    rows = select(notice).where(notice.c.id.in_(ids)).order_by(notice.c.id)
    found = tuple(map(to_stored, connection.execute(rows)))
    connection.execute(
        update(notice)
        .where(notice.c.id.in_(ids), notice.c.state == PLANNED)
        .values(state=SENDING, updated_at=hold.now)
    )
    return found


def settle(
    connection: Connection, notice_id: int, state: NoticeState, *, worker: str, now: datetime
) -> None:
    """SENDING leaves it unknown whether it went out: the next claim answers it as such."""
    openid = connection.execute(select(notice.c.openid).where(notice.c.id == notice_id)).scalar()
    if openid is None or not lanes.lock(connection, lanes.NOTICES, openid):
        return
    if not lanes.holds(connection, lanes.NOTICES, openid, notice_id, worker):
        return
    connection.execute(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.state == SENDING)
        .values(state=state.value, updated_at=now)
    )
    lanes.move_on(connection, lanes.NOTICES, openid)


def to_stored(row: Row[*tuple[Any, ...]]) -> StoredNotice:
    return StoredNotice(
        notice_id=row.id,
        notice=Notice(
            kind=row.kind,
            key=row.notice_key,
            openid=row.openid,
            acct_no=row.acct_no,
            view=row.view_values,
        ),
        state=NoticeState(row.state),
    )
