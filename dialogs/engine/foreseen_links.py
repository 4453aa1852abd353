"""Links and invitations as they will be once effects are committed (see foreseen.py)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from backends.ports import (
    AccountsBound,
    Binding,
    BindingChanged,
    BindingEnded,
    CitizenErased,
    Effect,
    Invite,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
)


def links_after(
    effects: Sequence[Effect], known: Iterable[Binding], concerned: Callable[[Binding], bool]
) -> tuple[Binding, ...]:
    """`known` and those of the new ones that are `concerned`."""
    links = tuple(known)
    for effect in effects:
        match effect:
            case AccountsBound(bindings):
                links = _with(links, filter(concerned, bindings))
            case InviteAccepted(_, binding):
                links = _with(links, filter(concerned, (binding,)))
            case BindingEnded():
                links = tuple(one for one in links if not _ends(effect, one))
            case BindingChanged():
                links = tuple(_changed(effect, one) for one in links)
            case CitizenErased(openid):
                links = tuple(one for one in links if openid not in (one.openid, one.invited_by))
    return links


def invite_after(
    effects: Sequence[Effect], fingerprint: str, known: Invite | None
) -> Invite | None:
    found = known
    for effect in effects:
        if isinstance(effect, InviteMade) and effect.invite.fingerprint == fingerprint:
            found = found or effect.invite
        elif isinstance(effect, InviteAccepted) and effect.fingerprint == fingerprint:
            found = found and replace(found, state="used")
        elif found and found.state == "open" and _revokes(effect, found):
            found = replace(found, state="revoked")
    return found


def _with(links: tuple[Binding, ...], new: Iterable[Binding]) -> tuple[Binding, ...]:
    for binding in new:
        known = next((one for one in links if _same(one, binding)), None)
        if known is None:
            links = (*links, binding)
        else:
            kept = replace(
                binding,
                bound_at=known.bound_at,
                nickname=known.nickname,
                is_default=known.is_default,
            )
            links = tuple(kept if one is known else one for one in links)
    return links


def _same(one: Binding, other: Binding) -> bool:
    return (one.openid, one.acct_no) == (other.openid, other.acct_no)


def _ends(effect: BindingEnded, link: Binding) -> bool:
    whose = effect.member or effect.openid
    return link.acct_no == effect.acct_no and whose in (link.openid, link.invited_by)


def _changed(effect: BindingChanged, link: Binding) -> Binding:
    if link.openid != effect.openid:
        return link
    if link.acct_no != effect.acct_no:
        return replace(link, is_default=False) if effect.is_default else link
    return replace(
        link,
        nickname=link.nickname if effect.nickname is None else effect.nickname,
        is_default=link.is_default if effect.is_default is None else effect.is_default,
        bill_type=effect.bill_type or link.bill_type,
    )


def _revokes(effect: Effect, invite: Invite) -> bool:
    match effect:
        case InvitesRevoked(openid, acct_no):
            return (openid, acct_no) == (invite.invited_by, invite.acct_no)
        case BindingEnded():
            whose = effect.member or effect.openid
            return (whose, effect.acct_no) == (invite.invited_by, invite.acct_no)
        case CitizenErased(openid):
            return openid == invite.invited_by
    return False
