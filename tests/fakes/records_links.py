"""Links and invitations of the in-memory records."""

from dataclasses import replace
from datetime import datetime

from backends.errors import Overtaken
from backends.ports import Binding, BindingChanged, BindingEnded, Invite, InviteAccepted, Role
from tests.fakes.records_state import Link, State, after, not_before


def bind(state: State, wanted: Binding) -> None:
    state.citizen(wanted.openid)
    key = (wanted.openid, wanted.acct_no)
    known = state.links.get(key)
    if known is None and after(wanted.bound_at, state.ended.get(key)):
        state.links[key] = Link(wanted, wanted.bound_at)
    if known is not None and wanted.bound_at >= known.changed_at:
        kept = replace(
            wanted,
            bound_at=known.binding.bound_at,
            nickname=known.binding.nickname,
            is_default=known.binding.is_default,
        )
        state.links[key] = Link(kept, wanted.bound_at)


def end(state: State, effect: BindingEnded) -> None:
    whose = effect.member or effect.openid
    _end_one(state, whose, effect.acct_no, effect.at)
    _end_family(state, whose, effect.acct_no, effect.at)


def end_all(state: State, openid: str, at: datetime) -> None:
    for acct_no in {one.acct_no for one in state.active() if one.openid == openid}:
        _end_one(state, openid, acct_no, at)
    for acct_no in {one.acct_no for one in state.active() if one.invited_by == openid}:
        _end_family(state, openid, acct_no, at)
    for invited in list(state.invites.values()):
        if invited.invited_by == openid:
            revoke(state, openid, invited.acct_no, at)


def _end_family(state: State, owner: str, acct_no: str, at: datetime) -> None:
    for one in state.active():
        if (one.invited_by, one.acct_no) == (owner, acct_no):
            _end_one(state, one.openid, acct_no, at)
    revoke(state, owner, acct_no, at)


def _end_one(state: State, openid: str, acct_no: str, at: datetime) -> None:
    link = state.links.get((openid, acct_no))
    if link is not None and link.binding.bound_at <= at:
        del state.links[openid, acct_no]
        state.ended[openid, acct_no] = at


def change(state: State, effect: BindingChanged) -> None:
    key = (effect.openid, effect.acct_no)
    link = state.links.get(key)
    if link is None or effect.at < link.binding.bound_at:
        return
    if effect.at >= link.changed_at:
        binding = link.binding
        if effect.nickname is not None:
            binding = replace(binding, nickname=effect.nickname)
        if effect.bill_type is not None:
            binding = replace(binding, bill_type=effect.bill_type)
        state.links[key] = Link(binding, effect.at)
    if effect.is_default is not None:
        _choose_default(state, effect, wanted=effect.is_default)


def _choose_default(state: State, effect: BindingChanged, *, wanted: bool) -> None:
    citizen = state.citizen(effect.openid)
    if not not_before(effect.at, citizen.default_chosen_at):
        return
    state.citizens[effect.openid] = replace(citizen, default_chosen_at=effect.at)
    for key, link in list(state.links.items()):
        if key[0] == effect.openid and (wanted or key[1] == effect.acct_no):
            chosen = wanted and key[1] == effect.acct_no
            state.links[key] = replace(link, binding=replace(link.binding, is_default=chosen))


def invite(state: State, made: Invite) -> None:
    known = state.invites.setdefault(made.fingerprint, made)
    if replace(known, state=made.state) != made:
        raise Overtaken("records", "the invitation's code")


def accept(state: State, effect: InviteAccepted) -> None:
    """A replay changes nothing, whatever has become of the link meanwhile."""
    if state.used.get(effect.fingerprint) == (effect.openid, effect.at):
        return
    made = state.invites.get(effect.fingerprint)
    if made is None or not _is_usable(state, made, effect.binding):
        raise Overtaken("records", "the invitation")
    state.invites[effect.fingerprint] = replace(made, state="used")
    state.used[effect.fingerprint] = (effect.openid, effect.at)
    bind(state, effect.binding)


def _is_usable(state: State, made: Invite, binding: Binding) -> bool:
    owner = state.links.get((made.invited_by, made.acct_no))
    fits = (made.acct_no, made.role, made.invited_by) == (
        binding.acct_no,
        binding.role,
        binding.invited_by,
    )
    return (
        fits
        and made.state == "open"
        and binding.bound_at < made.expires_at
        and owner is not None
        and owner.binding.role is Role.OWNER
    )


def revoke(state: State, openid: str, acct_no: str, at: datetime) -> None:
    for fingerprint, one in list(state.invites.items()):
        is_theirs = (one.invited_by, one.acct_no) == (openid, acct_no)
        if is_theirs and one.state == "open" and one.made_at <= at:
            state.invites[fingerprint] = replace(one, state="revoked")
