"""“Delete my data” on the in-memory records."""

from dataclasses import replace

from backends.ports import CitizenErased, OrderState
from tests.fakes import ledger_changes
from tests.fakes import records_links as links
from tests.fakes.records_state import CLOSED, State

NEVER_PAID = (OrderState.PLACED, OrderState.CLOSED)


def erase(state: State, effect: CitizenErased) -> None:
    """Applied again it takes nothing that came after it."""
    openid, at = effect.openid, effect.at
    citizen = state.citizen(openid)
    if citizen.erased_at is None or at > citizen.erased_at:
        state.citizens[openid] = replace(citizen, erased_at=at)
    links.end_all(state, openid, at)
    _withdraw_all(state, effect)
    _forget_choices(state, effect)
    _forget_photos(state, effect)
    for number, one in list(state.submissions.items()):
        if one.openid == openid and one.created_at <= at and one.state in CLOSED:
            emptied = replace(one, payload={}, photo_ids=(), result=None, sealed="")
            state.submissions[number] = emptied
    _forget_orders(state, effect)
    ledger_changes.erase(state.ledger, openid, at)


def _withdraw_all(state: State, effect: CitizenErased) -> None:
    for key, given_at in list(state.consents.items()):
        if key[0] == effect.openid and given_at <= effect.at:
            del state.consents[key]
            state.withdrawn[key[0], key[1]] = effect.at


def _forget_choices(state: State, effect: CitizenErased) -> None:
    password = state.passwords.get(effect.openid)
    if password is not None and password.forgiven_at <= effect.at:
        del state.passwords[effect.openid]
    for failure, failed_at in list(state.wrong_passwords.items()):
        if failure[0] == effect.openid and failed_at <= effect.at:
            del state.wrong_passwords[failure]
    for topic, (_, chosen_at) in list(state.topics.items()):
        if topic[0] == effect.openid and chosen_at <= effect.at:
            del state.topics[topic]


def _forget_photos(state: State, effect: CitizenErased) -> None:
    """Those of what is still open stay until that is at an end."""
    in_use = state.photos_in_use()
    for photo_id, kept in list(state.photos.items()):
        used = in_use.get(photo_id)
        is_open = used is not None and used.state not in CLOSED
        if kept.openid == effect.openid and kept.at <= effect.at and not is_open:
            del state.photos[photo_id]


def _forget_orders(state: State, effect: CitizenErased) -> None:
    """Those that were never taken to WeChat."""
    payments = state.payments
    for order in list(payments.orders.values()):
        never_asked = order.asked_at is None and order.state in NEVER_PAID
        if never_asked and order.openid == effect.openid and order.placed_at <= effect.at:
            payments.release(order.order_no)
            payments.looks.pop(order.order_no, None)
            del payments.orders[order.order_no]
