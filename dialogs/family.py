"""家人: the owner sees who else is bound to an account, invites with a code, and ends a link.

Members are told apart by their role and since when: who they are to WeChat is not shown.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backends.ports import (
    Binding,
    BindingEnded,
    Invite,
    InviteMade,
    InvitesRevoked,
    Notice,
    NoticePlanned,
    Role,
)
from dialogs import accounts
from dialogs.accounts import Account
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, choice_from, confirm
from dialogs.household import invite_codes
from dialogs.masking import masked_account

INVITE, REMOVE, REVOKE = "invite", "remove", "revoke"
CODE_LIVES = timedelta(hours=24)
MOST_LISTED = 10


def opening(turn: Turn, _: None) -> Go:
    return accounts.choose(turn, "family", accounts.MANAGE, _members, accounts.not_allowed)


def which(turn: Turn, answer: str) -> Go:
    return _members(turn, accounts.chosen(turn, answer))


def members(turn: Turn, answer: str) -> Go | Bad:
    if answer == INVITE:
        return Go("invite") if turn.policy.takes_documents else Bad("closed")
    if answer == REMOVE:
        return Go("remove") if turn.data["members"] else Bad("nobody")
    if not _is_owner(turn):
        return accounts.not_allowed(turn)
    # By the message's own time, as invitations are made: a replay is the same.
    revoked = InvitesRevoked(turn.openid, turn.data["acct_no"], turn.inbound.at)
    return Go("revoked", effects=(revoked,))


def role(_: Turn, answer: str) -> Go:
    return Go("chosen", keep={"role": answer})


def invitation(turn: Turn, answer: str) -> Go:
    if answer != INVITE:
        return Go("other_role")
    if not _is_owner(turn):
        return accounts.not_allowed(turn)
    code, made_at = invite_codes.fresh(turn), turn.inbound.at
    invite = Invite(
        fingerprint=turn.ask.secrets.fingerprint(code),
        acct_no=turn.data["acct_no"],
        role=Role(turn.data["role"]),
        invited_by=turn.openid,
        made_at=made_at,
        expires_at=made_at + CODE_LIVES,
    )
    show = {"code": invite_codes.shown(code), "until": f"{invite.expires_at:%Y-%m-%dT%H:%M}"}
    return Go("invited", effects=(InviteMade(invite),), show=show)


def member(turn: Turn, answer: str) -> Go:
    leaving = next(one for one in turn.data["members"] if one["key"] == answer)
    return Go("chosen", keep={"leaving": leaving})


def removal(turn: Turn, answer: str) -> Go:
    if answer != REMOVE:
        return Go("kept")
    if not _is_owner(turn):
        return accounts.not_allowed(turn)
    acct_no, key = turn.data["acct_no"], turn.data["leaving"]["key"]
    effects: list[BindingEnded | NoticePlanned] = []
    for one in _others(turn, acct_no):
        if _key(one) == key:
            told = Notice(
                kind="family_removed",
                key=turn.key,
                openid=one.openid,
                acct_no=acct_no,
                view={"shown": masked_account(acct_no)},
            )
            effects.append(BindingEnded(turn.openid, acct_no, turn.now, member=one.openid))
            effects.append(NoticePlanned(turn.openid, told, turn.now))
    return Go("removed", effects=tuple(effects))


def member_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The template writes them out, in words for the roles."""
    return tuple((one["key"], one["since"]) for one in data["members"])


def _members(turn: Turn, account: Account) -> Go:
    others = _others(turn, account["acct_no"])[:MOST_LISTED]
    listed = [
        {"key": _key(one), "role": one.role.value, "since": f"{one.bound_at:%Y-%m-%d}"}
        for one in others
    ]
    keep = {**accounts.settled_on(account), "members": listed}
    return Go("found", keep=keep, forget_path=True)


def _others(turn: Turn, acct_no: str) -> list[Binding]:
    """Not a second owner: who may end whose link is then not ours to say."""
    found = turn.ask.records.bound_to(acct_no)
    return [one for one in found if one.openid != turn.openid and one.role is not Role.OWNER]


def _key(one: Binding) -> str:
    """Tells members apart without saying who they are."""
    return f"{one.role.value} {one.bound_at.timestamp():.6f}"


def _is_owner(turn: Turn) -> bool:
    return accounts.may_still(turn, turn.data["acct_no"], accounts.MANAGE)


FAMILY = Dialog(
    name="family",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            "found": "members",
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.MANAGE), decide=which, leads_to={"found": "members"}
        ),
        "members": Step(
            reads=choice(INVITE, REMOVE, REVOKE),
            decide=members,
            leads_to={
                "invite": "role",
                "remove": "member",
                "revoked": "revoked",
                "not_allowed": "not_allowed",
            },
            refuses=("closed", "nobody"),
        ),
        "role": Step(
            reads=choice("payer", "viewer", "reader"),
            decide=role,
            leads_to={"chosen": "invitation"},
        ),
        "invitation": Step(
            reads=confirm(INVITE, "other_role"),
            decide=invitation,
            leads_to={"invited": "invited", "other_role": "role", "not_allowed": "not_allowed"},
        ),
        "member": Step(
            reads=choice_from(member_choices), decide=member, leads_to={"chosen": "removal"}
        ),
        "removal": Step(
            reads=confirm(REMOVE, "keep"),
            decide=removal,
            leads_to={"removed": "removed", "kept": "members", "not_allowed": "not_allowed"},
        ),
    },
    ends={
        "invited": Exit.COMPLETED,
        "removed": Exit.COMPLETED,
        "revoked": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
    },
)
