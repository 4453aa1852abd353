"""The reading statements of the platform's own database, built once: building costs as much time
as running them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, case, func, or_, select

from backends.ports import (
    BillType,
    Binding,
    Consent,
    Invite,
    Notice,
    NoticeState,
    PhotoPurpose,
    ProofFactor,
    Role,
    SubmissionState,
    Topic,
)
from backends.records.pushes import rows
from backends.records.tables import (
    acceptance,
    binding,
    citizen,
    consent,
    invite,
    notification,
    password_failure,
    pay_order,
    photo,
    proof_failure,
    query_password,
    submission,
    subscription,
)

_openid: BindParameter[str] = bindparam("openid")

ALL_ACTIVE_BINDINGS = (
    select(
        binding.c.openid,
        binding.c.acct_no,
        binding.c.role,
        binding.c.bill_type,
        binding.c.factor,
        binding.c.bound_at,
        binding.c.nickname,
        binding.c.is_default,
        binding.c.invited_by,
    )
    .where(binding.c.ended_seq == 0)
    .order_by(binding.c.bound_at, binding.c.id)
)
ACTIVE_BINDINGS = ALL_ACTIVE_BINDINGS.where(binding.c.openid == _openid)
BOUND_TO = ALL_ACTIVE_BINDINGS.where(binding.c.acct_no == bindparam("acct_no"))
FOLLOWING_BOUND_TO = BOUND_TO.join_from(binding, citizen).where(citizen.c.left_at.is_(None))

OTHER_OWNERS = select(func.count()).where(
    binding.c.acct_no == bindparam("acct_no"),
    binding.c.role == Role.OWNER.value,
    binding.c.openid != bindparam("other_than"),
    binding.c.ended_seq == 0,
)

INVITE = select(invite).where(invite.c.fingerprint == bindparam("fingerprint"))

CONSENTS = select(func.count()).where(
    consent.c.openid == _openid,
    consent.c.purpose == bindparam("purpose"),
    consent.c.version == bindparam("version"),
)
ALL_CONSENTS = (
    select(consent.c.purpose, consent.c.version, consent.c.given_at)
    .where(consent.c.openid == _openid)
    .order_by(consent.c.version)
)

FAILED_PROOFS = select(func.count()).where(
    proof_failure.c.openid == _openid, proof_failure.c.failed_at >= bindparam("since")
)

PASSWORD = select(query_password.c.hashed).where(query_password.c.openid == _openid)
FAILED_PASSWORDS = (
    select(func.count())
    .select_from(password_failure)
    .outerjoin(query_password, query_password.c.openid == password_failure.c.openid)
    .where(
        password_failure.c.openid == _openid,
        password_failure.c.failed_at >= bindparam("since"),
        or_(
            query_password.c.forgiven_at.is_(None),
            password_failure.c.failed_at > query_password.c.forgiven_at,
        ),
    )
)

TOPICS = select(subscription.c.topic, subscription.c.wanted).where(subscription.c.openid == _openid)

FOLLOWING = select(func.count()).where(citizen.c.openid == _openid, citizen.c.left_at.is_(None))

_document = case((photo.c.purpose == PhotoPurpose.DOCUMENT.value, 1), else_=0)
_open = case(
    (
        and_(
            submission.c.state != SubmissionState.DONE.value,
            submission.c.state != SubmissionState.RETURNED.value,
        ),
        1,
    ),
    else_=0,
)
PHOTOS_HELD = select(func.count(), func.sum(_document)).where(photo.c.openid == _openid)
SUBMISSIONS_HELD = select(func.count(), func.sum(_open)).where(submission.c.openid == _openid)
NOTICES_HELD = select(func.count()).where(notification.c.openid == _openid)
ACCEPTANCES_HELD = select(func.count()).where(acceptance.c.openid == _openid)
ORDERS_HELD = select(func.count()).where(pay_order.c.openid == _openid)

NOTICES = rows.NOTICES.where(
    notification.c.openid == _openid,
    notification.c.id.in_(bindparam("notice_ids", expanding=True)),
    notification.c.state.not_in([NoticeState.SKIPPED.value, NoticeState.FAILED.value]),
)

PROBE = select(binding).where(binding.c.id == 0)
"""Names every column of the table and finds no row."""

AnyRow = Row[*tuple[Any, ...]]


def to_binding(row: AnyRow) -> Binding:
    return Binding(
        openid=row.openid,
        acct_no=row.acct_no,
        role=Role(row.role),
        bill_type=BillType(row.bill_type),
        factor=ProofFactor(row.factor),
        bound_at=row.bound_at,
        nickname=row.nickname,
        is_default=row.is_default,
        invited_by=row.invited_by,
    )


def to_invite(row: AnyRow) -> Invite:
    return Invite(
        fingerprint=row.fingerprint,
        acct_no=row.acct_no,
        role=Role(row.role),
        invited_by=row.invited_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        state=row.state,
    )


def to_consent(row: AnyRow) -> Consent:
    return Consent(row.purpose, row.version, row.given_at)


def latest(consents: Iterable[Consent]) -> tuple[Consent, ...]:
    """Of versions that rise: the last of each purpose, oldest first."""
    last = {one.purpose: one for one in consents}
    return tuple(sorted(last.values(), key=lambda one: (one.given_at, one.purpose)))


def to_password(row: AnyRow) -> str:
    return str(row.hashed)


def to_topic(row: AnyRow) -> tuple[Topic, bool]:
    return Topic(row.topic), row.wanted


def to_notice(row: AnyRow) -> tuple[int, Notice]:
    return row.id, rows.to_notice(row)


def to_counts(row: AnyRow) -> tuple[int, int]:
    """The sum over no rows is NULL."""
    return row[0], row[1] or 0
