"""Rows of the ledger as values; values of states as the ledger writes them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from backends.ports import Channel, ClaimedNotice, Lane, Notice, NoticeState
from backends.records.tables import notification

AnyRow = Row[*tuple[Any, ...]]

PLANNED, HELD, CLAIMED = (
    NoticeState.PLANNED.value,
    NoticeState.HELD.value,
    NoticeState.CLAIMED.value,
)
ACCEPTED, DELIVERED, UNKNOWN = (
    NoticeState.ACCEPTED.value,
    NoticeState.DELIVERED.value,
    NoticeState.UNKNOWN.value,
)
KEPT, TOLD, SKIPPED = NoticeState.KEPT.value, NoticeState.TOLD.value, NoticeState.SKIPPED.value
LANES = tuple(int(lane) for lane in Lane)
PROMPT = timedelta(seconds=10)
FREED: dict[str, Any] = {"claimed_by": "", "lease_until": None}
"""Of a notice that nobody holds any more."""


NOTICES = select(
    notification.c.id,
    notification.c.kind,
    notification.c.notice_key,
    notification.c.openid,
    notification.c.acct_no,
    notification.c.view_values,
    notification.c.lane,
    notification.c.state,
    notification.c.channel,
    notification.c.due_at,
    notification.c.wanted_at,
    notification.c.valid_until,
    notification.c.attempts,
    notification.c.unsure_since,
    notification.c.failures,
    notification.c.created_at,
    notification.c.updated_at,
)


def to_notice(row: AnyRow) -> Notice:
    return Notice(
        kind=row.kind,
        key=row.notice_key,
        openid=row.openid,
        acct_no=row.acct_no,
        view=row.view_values,
        lane=Lane(row.lane),
        not_before=None if row.wanted_at == row.created_at else row.wanted_at,
        valid_until=row.valid_until,
    )


def to_claimed(row: AnyRow) -> ClaimedNotice:
    """As it is; the caller says since when it is unsure."""
    return ClaimedNotice(
        notice_id=row.id,
        notice=to_notice(row),
        channel=Channel(row.channel),
        attempts=row.attempts,
        unsure_since=row.unsure_since,
        failures=row.failures,
    )
