"""Effects become rows, inside the caller's transaction; each may be applied again harmlessly.

First the rows of the citizens concerned are locked (citizens.py). When two first commits of one
citizen collide, the caller (`Database.write`) runs the transaction again and finds the row.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from backends.ports import (
    AccountsBound,
    BindingChanged,
    BindingEnded,
    CitizenErased,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
    NoticePlanned,
    NoticesTold,
    OrderDropped,
    OrderPlaced,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    PhotoKept,
    ProofFailed,
    PushFinished,
    SubmissionMade,
    SubscriptionsAnswered,
    TopicChosen,
)
from backends.records import (
    choice_effects,
    citizens,
    erasing,
    failures,
    invite_effects,
    link_effects,
    submission_effects,
)
from backends.records.payments import placing
from backends.records.pushes import acceptances, hearing, planning, settling
from backends.records.tables import password_failure, proof_failure


def apply(connection: Connection, effects: Sequence[Effect]) -> None:
    concerned = [seen for effect in effects for seen in _concerned(effect)]
    citizens.meet(connection, concerned)
    erased = citizens.erased(connection, {openid for openid, _ in concerned})
    for effect in effects:
        match effect:
            case CitizenFollowed():
                citizens.follow(connection, effect)
            case CitizenLeft():
                citizens.leave(connection, effect)
            case CitizenErased():
                erasing.erase(connection, effect)
            case _ if not _is_erased(effect, erased):
                _change_links(connection, effect)
                _change_choices(connection, effect)
                _change_work(connection, effect)
                _change_orders(connection, effect)


def _concerned(effect: Effect) -> Iterator[tuple[str, datetime]]:
    yield from _whose(effect)
    match effect:
        case InviteAccepted(_, bound):
            yield bound.invited_by, effect.at
        case BindingEnded(member=member) if member:
            yield member, effect.at


def _whose(effect: Effect) -> Iterator[tuple[str, datetime]]:
    match effect:
        case AccountsBound(bindings):
            yield from ((bound.openid, bound.bound_at) for bound in bindings)
        case NoticePlanned(openid, notice, at):
            yield openid, at
            yield notice.openid, at
        case _:
            yield effect.openid, effect.at


def _is_erased(effect: Effect, erased: Mapping[str, datetime]) -> bool:
    """A replay must not bring back what its citizen has had deleted since."""
    return any(openid in erased and at < erased[openid] for openid, at in _whose(effect))


def _change_links(connection: Connection, effect: Effect) -> None:
    match effect:
        case AccountsBound(bindings):
            for bound in bindings:
                link_effects.bind(connection, bound)
        case BindingChanged():
            link_effects.change(connection, effect)
        case BindingEnded():
            link_effects.end(connection, effect)
        case InviteMade(invite):
            invite_effects.make(connection, invite)
        case InviteAccepted(_, binding):
            if invite_effects.use(connection, effect):
                link_effects.bind(connection, binding)
        case InvitesRevoked(openid, acct_no, at):
            invite_effects.revoke(connection, openid, at, acct_no=acct_no)


def _change_choices(connection: Connection, effect: Effect) -> None:
    match effect:
        case ConsentGiven():
            choice_effects.give_consent(connection, effect)
        case ConsentWithdrawn(openid, purpose, at):
            choice_effects.withdraw(connection, openid, at, purpose=purpose)
        case TopicChosen():
            choice_effects.choose_topic(connection, effect)
        case PasswordSet():
            choice_effects.set_password(connection, effect)
        case PasswordPassed():
            choice_effects.forgive(connection, effect)
        case PasswordFailed():
            failures.count_once(connection, password_failure, effect)
        case ProofFailed():
            failures.count_once(connection, proof_failure, effect)


def _change_work(connection: Connection, effect: Effect) -> None:
    match effect:
        case PhotoKept():
            submission_effects.keep_photo(connection, effect)
        case SubmissionMade(submission):
            submission_effects.submit(connection, submission)
        case NoticePlanned(_, notice, at):
            planning.plan(connection, [notice], at)
        case NoticesTold():
            settling.tell(connection, effect)
        case PushFinished():
            hearing.hear(connection, effect)
        case SubscriptionsAnswered():
            acceptances.answer(connection, effect)


def _change_orders(connection: Connection, effect: Effect) -> None:
    match effect:
        case OrderPlaced(order):
            placing.place(connection, order)
        case OrderDropped():
            placing.drop_own(connection, effect)
