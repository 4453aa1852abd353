"""Effects on the in-memory records. What is older than what stands there changes nothing."""

from dataclasses import replace
from datetime import datetime

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
from tests.fakes import ledger_changes as ledger
from tests.fakes import order_changes as orders
from tests.fakes import records_links as links
from tests.fakes.records_erasing import erase
from tests.fakes.records_state import Password, State, after, not_before
from tests.fakes.records_work import plan, submit


def apply(state: State, effect: Effect) -> None:
    if isinstance(effect, AccountsBound):
        for binding in effect.bindings:
            if not state.was_erased(binding.openid, binding.bound_at):
                links.bind(state, binding)
        return
    state.citizens[effect.openid] = state.citizen(effect.openid)
    match effect:
        case CitizenFollowed(openid, at):
            _follow(state, openid, at)
        case CitizenLeft(openid, at):
            _leave(state, openid, at)
        case CitizenErased():
            erase(state, effect)
        case _ if not state.was_erased(effect.openid, effect.at):
            _apply_to_links(state, effect)
            _apply_to_citizen(state, effect)
            _apply_to_work(state, effect)
            _apply_to_orders(state, effect)


def _apply_to_links(state: State, effect: Effect) -> None:
    match effect:
        case BindingEnded():
            links.end(state, effect)
        case BindingChanged():
            links.change(state, effect)
        case InviteMade(invite):
            links.invite(state, invite)
        case InviteAccepted():
            links.accept(state, effect)
        case InvitesRevoked(openid, acct_no, at):
            links.revoke(state, openid, acct_no, at)


def _apply_to_citizen(state: State, effect: Effect) -> None:
    match effect:
        case ConsentGiven():
            _consent(state, effect)
        case ConsentWithdrawn(openid, purpose, at):
            _withdraw(state, openid, purpose, at)
        case ProofFailed(openid, key, at):
            state.failures.setdefault((openid, key), at)
        case PasswordSet() | PasswordPassed():
            _password(state, effect)
        case PasswordFailed(openid, key, at):
            state.wrong_passwords.setdefault((openid, key), at)
        case TopicChosen(openid, topic, wanted, at):
            _, chosen_at = state.topics.get((openid, topic), (wanted, None))
            if not_before(at, chosen_at):
                state.topics[openid, topic] = (wanted, at)


def _apply_to_work(state: State, effect: Effect) -> None:
    match effect:
        case PhotoKept():
            state.photos.setdefault(effect.photo.photo_id, effect)
        case SubmissionMade(submission):
            submit(state, submission)
        case NoticePlanned(_, notice, at):
            if not state.was_erased(notice.openid, at):
                plan(state, notice, at)
        case NoticesTold(_, notice_ids, at):
            state.told.update(dict.fromkeys(notice_ids, at))
            ledger.tell(state.ledger, effect)
        case PushFinished(openid, msg_id, result, at):
            ledger.park(state.ledger, msg_id, openid, result, at)
        case SubscriptionsAnswered():
            ledger.answer(state.ledger, effect)


def _apply_to_orders(state: State, effect: Effect) -> None:
    match effect:
        case OrderPlaced(order):
            orders.place(state.payments, order)
        case OrderDropped(openid, order_no, why, at):
            known = state.payments.orders.get(order_no)
            if known is not None and known.openid == openid:
                orders.drop(state.payments, order_no, why, at)


def _consent(state: State, effect: ConsentGiven) -> None:
    if after(effect.at, state.withdrawn.get((effect.openid, effect.purpose))):
        key = (effect.openid, effect.purpose, effect.version)
        state.consents.setdefault(key, effect.at)


def _withdraw(state: State, openid: str, purpose: str, at: datetime) -> None:
    given = [
        key
        for key, given_at in state.consents.items()
        if key[:2] == (openid, purpose) and given_at <= at
    ]
    for key in given:
        del state.consents[key]
        state.withdrawn[openid, purpose] = at


def _password(state: State, effect: PasswordSet | PasswordPassed) -> None:
    known = state.passwords.get(effect.openid, Password(effect.at))
    known = replace(known, forgiven_at=max(effect.at, known.forgiven_at))
    if isinstance(effect, PasswordSet) and not_before(effect.at, known.set_at):
        known = replace(known, hashed=effect.hashed, set_at=effect.at)
    state.passwords[effect.openid] = known


def _follow(state: State, openid: str, at: datetime) -> None:
    citizen = state.citizen(openid)
    if after(at, citizen.followed_at) and after(at, citizen.left_at):
        state.citizens[openid] = replace(citizen, followed_at=at, left_at=None)


def _leave(state: State, openid: str, at: datetime) -> None:
    citizen = state.citizen(openid)
    if after(at, citizen.left_at) and not_before(at, citizen.followed_at):
        state.citizens[openid] = replace(citizen, left_at=at)
