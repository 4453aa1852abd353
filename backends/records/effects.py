"""Effects become rows, inside the caller's transaction; each may be applied again harmlessly.

First the rows of the citizens are locked, in order of their openid: two commits about the same
citizen run one after the other and never wait crosswise. Only a citizen's very first commit can
still collide; the caller (`Database.write`) then runs the transaction again and finds the row.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from backends.ports import (
    AccountsBound,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    Effect,
    NoticesTold,
    PhotoKept,
    ProofFailed,
    SubmissionMade,
)
from backends.records import submission_effects
from backends.records.tables import binding, citizen, consent, proof_failure


def apply(connection: Connection, effects: Sequence[Effect]) -> None:
    first_seen: dict[str, datetime] = {}
    for openid, at in _sightings(effects):
        first_seen[openid] = min(at, first_seen.get(openid, at))
    for openid in sorted(first_seen):
        _meet(connection, openid, first_seen[openid])
    for effect in effects:
        _apply_one(connection, effect)


def _sightings(effects: Sequence[Effect]) -> Iterator[tuple[str, datetime]]:
    for effect in effects:
        if isinstance(effect, AccountsBound):
            yield from ((bound.openid, bound.bound_at) for bound in effect.bindings)
        else:
            yield effect.openid, effect.at


def _apply_one(connection: Connection, effect: Effect) -> None:
    match effect:
        case CitizenFollowed():
            _follow(connection, effect)
        case CitizenLeft():
            _leave(connection, effect)
        case ConsentGiven():
            _consent(connection, effect)
        case ProofFailed():
            _count_failure(connection, effect)
        case AccountsBound(bindings):
            for bound in bindings:
                _bind(connection, bound)
        case PhotoKept():
            submission_effects.keep_photo(connection, effect)
        case SubmissionMade(submission):
            submission_effects.submit(connection, submission)
        case NoticesTold():
            submission_effects.tell(connection, effect)


def _meet(connection: Connection, openid: str, at: datetime) -> None:
    """Locks the citizen's row by an update that changes nothing: SELECT … FOR UPDATE is not known
    everywhere, and nothing else locks alike on all three databases."""
    lock = update(citizen).where(citizen.c.openid == openid)
    if connection.execute(lock.values(first_seen_at=citizen.c.first_seen_at)).rowcount == 0:
        connection.execute(insert(citizen).values(openid=openid, first_seen_at=at))


def _follow(connection: Connection, effect: CitizenFollowed) -> None:
    """Only news: a follow replayed after the citizen left must not bring the pushes back."""
    news = (
        or_(citizen.c.followed_at.is_(None), citizen.c.followed_at < effect.at),
        or_(citizen.c.left_at.is_(None), citizen.c.left_at < effect.at),
    )
    connection.execute(
        update(citizen)
        .where(citizen.c.openid == effect.openid, *news)
        .values(followed_at=effect.at, left_at=None)
    )


def _leave(connection: Connection, effect: CitizenLeft) -> None:
    """WeChat's times are whole seconds: on a tie the citizen has left, the side without pushes."""
    news = (
        or_(citizen.c.followed_at.is_(None), citizen.c.followed_at <= effect.at),
        or_(citizen.c.left_at.is_(None), citizen.c.left_at < effect.at),
    )
    connection.execute(
        update(citizen).where(citizen.c.openid == effect.openid, *news).values(left_at=effect.at)
    )


def _consent(connection: Connection, effect: ConsentGiven) -> None:
    key = {"openid": effect.openid, "purpose": effect.purpose, "version": effect.version}
    given = select(consent.c.version).where(*(consent.c[name] == key[name] for name in key))
    if connection.execute(given).first() is None:
        connection.execute(insert(consent).values(**key, given_at=effect.at))


def _count_failure(connection: Connection, effect: ProofFailed) -> None:
    counted = select(proof_failure.c.openid).where(
        proof_failure.c.openid == effect.openid, proof_failure.c.failure_key == effect.key
    )
    if connection.execute(counted).first() is None:
        values = {"openid": effect.openid, "failure_key": effect.key, "failed_at": effect.at}
        connection.execute(insert(proof_failure).values(values))


def _bind(connection: Connection, bound: Binding) -> None:
    rows = connection.execute(
        select(binding.c.id, binding.c.ended_at, binding.c.ended_seq).where(
            binding.c.openid == bound.openid, binding.c.acct_no == bound.acct_no
        )
    ).all()
    active = next((row.id for row in rows if row.ended_seq == 0), None)
    if active is not None:
        _rebind(connection, active, bound)
    elif all(row.ended_at is None or row.ended_at < bound.bound_at for row in rows):
        # Otherwise the binding was ended after this effect: a replay must not bring it back.
        _bind_anew(connection, bound)


def _bind_anew(connection: Connection, bound: Binding) -> None:
    connection.execute(
        insert(binding).values(
            openid=bound.openid,
            acct_no=bound.acct_no,
            role=bound.role.value,
            factor=bound.factor.value,
            bill_type=bound.bill_type.value,
            bound_at=bound.bound_at,
            changed_at=bound.bound_at,
            ended_seq=0,
        )
    )


def _rebind(connection: Connection, active: int, bound: Binding) -> None:
    connection.execute(
        update(binding)
        .where(binding.c.id == active, binding.c.changed_at <= bound.bound_at)
        .values(
            role=bound.role.value,
            factor=bound.factor.value,
            bill_type=bound.bill_type.value,
            changed_at=bound.bound_at,
        )
    )
