"""Whom a notice concerns, and whether it still does."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)

from backends.ports import (
    CAPPED,
    ONLY_ON_REQUEST,
    Binding,
    EarlierNotice,
    Role,
    Standing,
    SubmissionKind,
    SubmissionState,
    Topic,
)
from backends.records.pushes.acceptances import LEFT_OVER
from backends.records.pushes.rows import (
    ACCEPTED,
    DELIVERED,
    NOTICES,
    SKIPPED,
    UNKNOWN,
    to_notice,
)
from backends.records.queries import ALL_ACTIVE_BINDINGS, to_binding
from backends.records.tables import binding, citizen, notification, submission, subscription

_openids: BindParameter[Any] = bindparam("openids", expanding=True)
_FOLLOWING = select(citizen.c.openid).where(
    citizen.c.openid.in_(_openids), citizen.c.left_at.is_(None)
)
_BOUND = select(binding.c.openid, binding.c.acct_no).where(
    binding.c.openid.in_(_openids), binding.c.ended_seq == 0
)
_CHOICES = select(subscription).where(subscription.c.openid.in_(_openids))
_PUSHED = (
    select(notification.c.openid, func.count())
    .where(
        notification.c.openid.in_(_openids),
        notification.c.state.in_([ACCEPTED, DELIVERED, UNKNOWN]),
        notification.c.accepted_at >= bindparam("since"),
        notification.c.lane.in_([int(lane) for lane in CAPPED]),
    )
    .group_by(notification.c.openid)
)
OF_CITIZENS = ALL_ACTIVE_BINDINGS.where(binding.c.openid.in_(_openids)).order_by(None)
OF_CITIZENS = OF_CITIZENS.order_by(binding.c.openid, binding.c.bound_at, binding.c.id)
_CONCERNED = (
    ALL_ACTIVE_BINDINGS.join_from(binding, citizen)
    .where(citizen.c.left_at.is_(None))
    .where(binding.c.acct_no.in_(bindparam("acct_nos", expanding=True)))
    .where(binding.c.role.in_(bindparam("roles", expanding=True)))
)
_EARLIER = (
    NOTICES.where(notification.c.openid.in_(_openids))
    .where(notification.c.kind.in_(bindparam("kinds", expanding=True)))
    .where(notification.c.state != SKIPPED)
    .order_by(notification.c.id)
)
_ASKED_FOR = (
    select(submission.c.acct_no)
    .where(
        submission.c.acct_no.in_(bindparam("acct_nos", expanding=True)),
        submission.c.kind == bindparam("kind"),
        submission.c.created_at >= bindparam("since"),
        submission.c.state != SubmissionState.RETURNED.value,
    )
    .distinct()
)


def standing(connection: Connection, openids: Sequence[str], since: datetime) -> Standing:
    named: dict[str, Any] = {"openids": openids}
    choices = connection.execute(_CHOICES, named).all()
    pushed = connection.execute(_PUSHED, {**named, "since": since}).all()
    left_over = connection.execute(LEFT_OVER, named).all()
    return Standing(
        following=frozenset(connection.execute(_FOLLOWING, named).scalars()),
        bound=frozenset((row[0], row[1]) for row in connection.execute(_BOUND, named)),
        choices={(row.openid, Topic(row.topic)): row.wanted for row in choices},
        pushed={row[0]: row[1] for row in pushed},
        acceptances={(row.openid, row.template_id): row.left_over for row in left_over},
    )


def concerned(
    connection: Connection, acct_nos: Sequence[str], roles: Iterable[Role], topic: Topic | None
) -> tuple[Binding, ...]:
    wanted = _CONCERNED if topic is None else _of_those_who_want(_CONCERNED, topic)
    named = {"acct_nos": list(acct_nos), "roles": [role.value for role in roles]}
    return tuple(map(to_binding, connection.execute(wanted, named)))


def asked_for(
    connection: Connection, kind: SubmissionKind, acct_nos: Sequence[str], since: datetime
) -> frozenset[str]:
    named = {"acct_nos": list(acct_nos), "kind": kind.value, "since": since}
    return frozenset(connection.execute(_ASKED_FOR, named).scalars()) if acct_nos else frozenset()


def earlier(
    connection: Connection, kinds: Sequence[str], openids: Sequence[str]
) -> tuple[EarlierNotice, ...]:
    if not openids:
        return ()
    rows = connection.execute(_EARLIER, {"kinds": kinds, "openids": list(openids)})
    return tuple(EarlierNotice(to_notice(row), row.created_at) for row in rows)


def subscribers(topic: Topic, *, after: str, limit: int) -> Select[tuple[str]]:
    """Of what is only for who asked, those who asked are read; of all else, all who follow."""
    if topic in ONLY_ON_REQUEST:
        asked = select(subscription.c.openid).join_from(subscription, citizen)
        asked = asked.where(
            subscription.c.topic == topic.value,
            subscription.c.wanted == true(),
            subscription.c.openid > after,
        )
        found = asked.order_by(subscription.c.openid)
    else:
        everybody = select(citizen.c.openid).where(citizen.c.openid > after)
        found = _of_those_who_want(everybody, topic).order_by(citizen.c.openid)
    return found.where(citizen.c.left_at.is_(None)).limit(limit)


def _of_those_who_want(wanted: Select[Any], topic: Topic) -> Select[Any]:
    chosen = and_(subscription.c.openid == citizen.c.openid, subscription.c.topic == topic.value)
    if topic in ONLY_ON_REQUEST:
        return wanted.join(subscription, and_(chosen, subscription.c.wanted == true()))
    never_chosen: ColumnElement[bool] = subscription.c.openid.is_(None)
    return wanted.outerjoin(subscription, chosen).where(
        or_(never_chosen, subscription.c.wanted == true())
    )
