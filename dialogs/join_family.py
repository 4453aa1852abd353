"""加入家人: whoever has the owner's code is bound to the account, in the role that was meant.

Before a valid code nothing is said of any account; a code that is wrong, used, revoked or too old
is answered with the same words, and counts as a failed proof.
"""

from typing import Any

from backends.ports import (
    BillType,
    Binding,
    Invite,
    InviteAccepted,
    Notice,
    NoticePlanned,
    ProofFailed,
    Role,
)
from dialogs import consents, proof_lock
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.readers import confirm, text
from dialogs.household import invite_codes
from dialogs.masking import masked_account


def opening(turn: Turn, _: None) -> Go:
    failures = proof_lock.failures(turn)
    if proof_lock.locked(turn, failures):
        return Go("locked", show=proof_lock.view(turn))
    heard = invite_codes.as_code(turn.inbound.text)
    if not heard:
        return Go("asked", keep={"wrong": False})
    if found := _found(turn, heard):
        return found
    if not proof_lock.left(turn, failures):
        return Go("locked", show=proof_lock.view(turn), effects=(_failed(turn),))
    return Go("asked", effects=(_failed(turn),), keep={"wrong": True})


def read_code(_: Turn, typed: str) -> Ok | Bad:
    bare = invite_codes.as_code(typed)
    return Ok(bare) if bare else Bad("form")


def code(turn: Turn, typed: str) -> Go | Bad:
    failures = proof_lock.failures(turn)
    if proof_lock.locked(turn, failures):
        return Go("locked", show=proof_lock.view(turn))
    if found := _found(turn, typed):
        return found
    left = proof_lock.left(turn, failures)
    if not left:
        return Go("locked", show=proof_lock.view(turn), effects=(_failed(turn),))
    return Bad("unknown", show={"left": left}, effects=(_failed(turn),))


def confirmation(turn: Turn, answer: str) -> Go:
    if answer != "join":
        return Go("declined")
    fingerprint = turn.data["fingerprint"]
    invite = turn.ask.records.invite(fingerprint)
    owner = _inviting(turn, invite) if invite else None
    if invite is None or owner is None or not _usable(turn, invite):
        return Go("too_late")
    binding = Binding(
        openid=turn.openid,
        acct_no=invite.acct_no,
        role=invite.role,
        bill_type=BillType.WECHAT_ONLY,
        factor=owner.factor,  # what the family's link rests on, too
        bound_at=turn.inbound.at,  # a replay is the same
        invited_by=invite.invited_by,
    )
    told = Notice(
        kind="family_joined",
        key=fingerprint,
        openid=invite.invited_by,
        acct_no=invite.acct_no,
        view={"shown": masked_account(invite.acct_no), "role": invite.role.value},
    )
    effects = (InviteAccepted(fingerprint, binding), NoticePlanned(turn.openid, told, turn.now))
    return Go("joined", effects=effects)


def _found(turn: Turn, typed: str) -> Go | None:
    fingerprint = turn.ask.secrets.fingerprint(typed)
    invite = turn.ask.records.invite(fingerprint)
    if invite is None:
        return None
    own = turn.ask.records.bindings(turn.openid)
    shown = {"shown": masked_account(invite.acct_no), "role": invite.role.value}
    if invite.acct_no in {one.acct_no for one in own}:
        return Go("already", show=shown)
    if not _usable(turn, invite) or not _inviting(turn, invite):
        return None
    if len(own) >= turn.policy.accounts_per_citizen:
        return Go("full", show={"most": turn.policy.accounts_per_citizen})
    keep = {**shown, "fingerprint": fingerprint}
    if consents.given(turn, consents.BIND_ACCOUNT):
        return Go("valid", keep=keep, forget_path=True)
    return Go("needs_consent", keep=keep, forget_path=True)


def _usable(turn: Turn, invite: Invite) -> bool:
    """Still open; or it was this very message that used it, before it was replayed."""
    if invite.state == "open":
        return turn.inbound.at < invite.expires_at
    return invite.state == "used" and any(
        (one.acct_no, one.bound_at) == (invite.acct_no, turn.inbound.at)
        for one in turn.ask.records.bindings(turn.openid)
    )


def _inviting(turn: Turn, invite: Invite) -> Binding | None:
    """Whoever invited must still be the owner."""
    for one in turn.ask.records.bound_to(invite.acct_no):
        if one.openid == invite.invited_by and one.role is Role.OWNER:
            return one
    return None


def _failed(turn: Turn) -> ProofFailed:
    return ProofFailed(turn.openid, f"join:{turn.inbound.key}", turn.now)


_FOUND: dict[str, Any] = {
    "needs_consent": "consent",
    "valid": "confirm",
    "already": "already",
    "full": "full",
    "locked": "locked",
}

JOIN_FAMILY = Dialog(
    name="join_family",
    revision=1,
    hears=invite_codes.HEARS,
    opens=Opening(opening, {"asked": "code", **_FOUND}),
    steps={
        "code": Step(
            reads=text(read_code, reasons=("form",)),
            decide=code,
            leads_to=_FOUND,
            refuses=("unknown",),
        ),
        "consent": consents.step(consents.BIND_ACCOUNT, leads_to="confirm"),
        "confirm": Step(
            reads=confirm("join", "decline"),
            decide=confirmation,
            leads_to={"joined": "joined", "declined": "declined", "too_late": "too_late"},
        ),
    },
    ends={
        "joined": Exit.COMPLETED,
        "already": Exit.COMPLETED,
        "declined": Exit.CANCELLED,
        "too_late": Exit.FAILED,
        "full": Exit.FAILED,
        "locked": Exit.FAILED,
    },
)
