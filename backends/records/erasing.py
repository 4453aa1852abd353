"""“Delete my data”: what the law does not keep goes (docs/privacy.md).

Only what is older than the wish: applied again it takes nothing that came after it.
"""

from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from backends.ports import CitizenErased, OrderState, SubmissionState
from backends.records import choice_effects, link_effects
from backends.records.tables import (
    acceptance,
    binding,
    citizen,
    notification,
    password_failure,
    pay_order,
    photo,
    push_result,
    query_password,
    submission,
    subscription,
    subscription_answer,
)
from backends.records.tables_submissions import BARE

CLOSED = (SubmissionState.DONE.value, SubmissionState.RETURNED.value)
EMPTIED: dict[str, Any] = {
    "payload": {},
    "photo_ids": [],
    "result": None,
    "sealed": "",
    "last_error": "",
    "holds": BARE,
}
"""What of a submission is not the bare fact that it was made."""


def erase(connection: Connection, effect: CitizenErased) -> None:
    openid, at = effect.openid, effect.at
    connection.execute(
        update(citizen)
        .where(
            citizen.c.openid == openid,
            or_(citizen.c.erased_at.is_(None), citizen.c.erased_at < at),
        )
        .values(erased_at=at)
    )
    link_effects.end_all(connection, openid, at)
    ended = (binding.c.openid == openid, binding.c.ended_seq != 0)
    connection.execute(update(binding).where(*ended).values(nickname=""))
    choice_effects.withdraw(connection, openid, at)
    _forget_rows(connection, effect)
    _forget_work(connection, effect)
    _forget_orders(connection, effect)


def _forget_rows(connection: Connection, effect: CitizenErased) -> None:
    for table, since in (
        (subscription, subscription.c.chosen_at),
        (password_failure, password_failure.c.failed_at),
        (query_password, query_password.c.forgiven_at),
        (notification, notification.c.created_at),
        (push_result, push_result.c.parked_at),
        (acceptance, acceptance.c.answered_at),
        (subscription_answer, subscription_answer.c.answered_at),
    ):
        connection.execute(delete(table).where(table.c.openid == effect.openid, since <= effect.at))


def _forget_work(connection: Connection, effect: CitizenErased) -> None:
    """Photos of what is still open stay until that is at an end."""
    theirs = (submission.c.openid == effect.openid, submission.c.created_at <= effect.at)
    still_open = select(submission.c.number).where(
        submission.c.openid == effect.openid, submission.c.state.not_in(CLOSED)
    )
    connection.execute(
        delete(photo).where(
            photo.c.openid == effect.openid,
            photo.c.kept_at <= effect.at,
            photo.c.submission_no.not_in(still_open),
        )
    )
    closed = submission.c.state.in_(CLOSED)
    connection.execute(update(submission).where(*theirs, closed).values(EMPTIED))


def _forget_orders(connection: Connection, effect: CitizenErased) -> None:
    """Those that were never taken to WeChat, so that nobody can have paid them. Their items and
    holds go with them."""
    connection.execute(
        delete(pay_order).where(
            pay_order.c.openid == effect.openid,
            pay_order.c.placed_at <= effect.at,
            pay_order.c.asked_at.is_(None),
            pay_order.c.state.in_([OrderState.PLACED.value, OrderState.CLOSED.value]),
        )
    )
