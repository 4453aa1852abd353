"""`Expiry` of the ports over the platform's own database. Constructed through `open_retention`.

Each look-up reads an index from its oldest end, so that a batch costs as much as it removes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, select, update

from backends.database import Database, open_database
from backends.ports import (
    Expiring,
    NoticeState,
    OrderState,
    PhotoPurpose,
    Purged,
    SubmissionState,
)
from backends.records.erasing import CLOSED, EMPTIED
from backends.records.tables import (
    binding,
    invite,
    notification,
    password_failure,
    pay_order,
    photo,
    proof_failure,
    push_result,
    submission,
    subscription_answer,
    withdrawn_consent,
)
from backends.records.tables_payments import FORGOTTEN, KNOWN
from backends.records.tables_submissions import PLAIN, PRIVATE

STILL_OURS = tuple(
    state.value
    for state in (SubmissionState.IN_REVIEW, SubmissionState.QUEUED, SubmissionState.STUCK)
)
TO_BE_SENT = (NoticeState.PLANNED.value, NoticeState.HELD.value, NoticeState.CLAIMED.value)
WITHOUT_PAYER = {"openid": None, "payer": FORGOTTEN}
WITHOUT_PRIVATE = {"sealed": "", "holds": PLAIN}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of `table`, oldest first by `since`, those that also are as `wanted` says. `becomes`: what is
    left of each; the row goes when that is None."""

    table: Table
    since: Column[Any]
    wanted: Callable[[datetime], tuple[ColumnElement[bool], ...]] = lambda _: ()
    becomes: Mapping[str, Any] | None = None

    def condition(self, before: datetime) -> tuple[ColumnElement[bool], ...]:
        return self.since < before, *self.wanted(before)


def _of_ended(before: datetime) -> tuple[ColumnElement[bool], ...]:
    ended = select(submission.c.number).where(
        submission.c.number == photo.c.submission_no,
        submission.c.state.in_(CLOSED),
        submission.c.updated_at < before,
    )
    return photo.c.purpose == PhotoPurpose.DOCUMENT.value, ended.exists()


def _unused(_: datetime) -> tuple[ColumnElement[bool], ...]:
    return photo.c.purpose == PhotoPurpose.DOCUMENT.value, photo.c.submission_no == ""


def _of_any_purpose(_: datetime) -> tuple[ColumnElement[bool], ...]:
    """Named one by one, so that the index on purpose and time is read."""
    return (photo.c.purpose.in_([purpose.value for purpose in PhotoPurpose]),)


def _private(_: datetime) -> tuple[ColumnElement[bool], ...]:
    return submission.c.holds == PRIVATE, submission.c.state.in_(CLOSED)


def _not_bare(_: datetime) -> tuple[ColumnElement[bool], ...]:
    """What an outside system never answered goes too; what waits with us does not."""
    return submission.c.holds.in_([PRIVATE, PLAIN]), submission.c.state.not_in(STILL_OURS)


def _no_more_to_send(_: datetime) -> tuple[ColumnElement[bool], ...]:
    return (notification.c.state.not_in(TO_BE_SENT),)


def _unpaid(_: datetime) -> tuple[ColumnElement[bool], ...]:
    """Their items go with them."""
    return (pay_order.c.state == OrderState.CLOSED.value,)


def _of_known_payer(_: datetime) -> tuple[ColumnElement[bool], ...]:
    return (pay_order.c.payer == KNOWN,)


ROWS: Mapping[Expiring, tuple[_Rows, ...]] = {
    Expiring.PRIVATE: (_Rows(submission, submission.c.updated_at, _private, WITHOUT_PRIVATE),),
    Expiring.DOCUMENTS: (_Rows(photo, photo.c.kept_at, _of_ended),),
    Expiring.UNUSED_DOCUMENTS: (_Rows(photo, photo.c.kept_at, _unused),),
    Expiring.PHOTOS: (_Rows(photo, photo.c.kept_at, _of_any_purpose),),
    Expiring.CONTENTS: (_Rows(submission, submission.c.updated_at, _not_bare, EMPTIED),),
    Expiring.NOTICES: (
        _Rows(notification, notification.c.created_at, _no_more_to_send),
        _Rows(subscription_answer, subscription_answer.c.answered_at),
        _Rows(push_result, push_result.c.parked_at),
    ),
    Expiring.FAILURES: (
        _Rows(proof_failure, proof_failure.c.failed_at),
        _Rows(password_failure, password_failure.c.failed_at),
    ),
    Expiring.ENDED_LINKS: (_Rows(binding, binding.c.ended_at),),
    Expiring.INVITES: (_Rows(invite, invite.c.expires_at),),
    Expiring.WITHDRAWN_CONSENTS: (_Rows(withdrawn_consent, withdrawn_consent.c.withdrawn_at),),
    Expiring.UNPAID_ORDERS: (_Rows(pay_order, pay_order.c.placed_at, _unpaid),),
    Expiring.PAYERS: (_Rows(pay_order, pay_order.c.paid_at, _of_known_payer, WITHOUT_PAYER),),
}


def open_retention(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlRetention":
    return SqlRetention(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlRetention:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, what: Expiring, before: datetime) -> int:
        def count(connection: Connection, rows: _Rows) -> int:
            counted = select(func.count()).select_from(rows.table).where(*rows.condition(before))
            return connection.execute(counted).scalar_one()

        return self._database.read(
            lambda connection: sum(count(connection, rows) for rows in ROWS[what])
        )

    def purge(self, what: Expiring, before: datetime, limit: int) -> Purged:
        def purge(connection: Connection) -> Purged:
            gone = [_purge(connection, rows, before, limit) for rows in ROWS[what]]
            return Purged(
                sum(one.count for one in gone),
                tuple(name for one in gone for name in one.photo_ids),
            )

        return self._database.write(purge)

    def close(self) -> None:
        self._database.close()


def _purge(connection: Connection, rows: _Rows, before: datetime, limit: int) -> Purged:
    """Up to the time of the last of the batch, and all that have that very time."""
    oldest = select(rows.since).where(*rows.condition(before)).order_by(rows.since).limit(limit)
    times = connection.execute(oldest).scalars().all()
    if not times:
        return Purged(0)
    batch = (rows.since <= times[-1], *rows.condition(before))
    photo_ids: tuple[str, ...] = ()
    if rows.table is photo:
        photo_ids = tuple(connection.execute(select(photo.c.photo_id).where(*batch)).scalars())
    if rows.becomes is None:
        changed = connection.execute(delete(rows.table).where(*batch))
    else:
        changed = connection.execute(update(rows.table).where(*batch).values(dict(rows.becomes)))
    return Purged(changed.rowcount, photo_ids)
