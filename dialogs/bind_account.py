"""绑定户号: consent, account number, proof that it is one's own, role, more of them, bill type.

An account number alone never tells anything: whether it exists, is closed or belongs to somebody
else, the answer to a wrong proof is one and the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backends.ports import (
    Account,
    AccountsBound,
    BillType,
    Binding,
    Effect,
    ProofFactor,
    ProofFailed,
    Role,
    SubmissionKind,
    SubmissionMade,
)
from dialogs import account_facts, consents, proof_lock
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, confirm
from dialogs.masking import listed_address, masked_account, masked_name
from dialogs.submissions import submit


def opening(turn: Turn, _: None) -> Go:
    if proof_lock.locked(turn, proof_lock.failures(turn)):
        return Go("locked", show=proof_lock.view(turn))
    keep = {
        "factor": turn.policy.proof_factor.value,
        "digits": turn.policy.account_no_digits,
        "next": turn.data.get("next", ""),
    }
    if consents.given(turn, consents.BIND_ACCOUNT):
        return Go("consented", keep=keep)
    return Go("new", keep=keep)


def account_no(turn: Turn, number: str) -> Go | Bad:
    if number in _bound_before(turn):
        return Bad("already_bound")
    if number in {account["acct_no"] for account in turn.data.get("accounts", ())}:
        return Bad("already_listed")
    return Go("given", keep={"acct_no": number, "asked": masked_account(number)})


def proof(turn: Turn, answer: str) -> Go | Bad:
    failures = proof_lock.failures(turn)
    if proof_lock.locked(turn, failures):
        return Go("locked", show=proof_lock.view(turn))
    account = turn.ask.csms.prove(turn.data["acct_no"], ProofFactor(turn.data["factor"]), answer)
    if account is None:
        failed = ProofFailed(turn.openid, turn.key, turn.now)
        left = proof_lock.left(turn, failures)
        if not left:
            return Go("locked", show=proof_lock.view(turn), effects=(failed,))
        return Bad("mismatch", show={"left": left}, effects=(failed,))
    if _has_owner(turn, account.acct_no):
        return Go("proved_as_family", keep={"proved": _shown(account)}, forget_path=True)
    return _listed(turn, _shown(account), Role.OWNER)


def role(turn: Turn, answer: str) -> Go:
    return _listed(turn, turn.data["proved"], Role(answer))


def another(_: Turn, answer: str) -> Go:
    """Who has no further number at hand after all may come back and say so."""
    return Go("add") if answer == "add" else Go("enough", forget_path=True)


def bill_type(_: Turn, answer: str) -> Go:
    return Go("chosen", keep={"bill_type": answer})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change_bill_type":
        return Go("change")
    for account in turn.data["accounts"]:
        if account["role"] == Role.OWNER and _has_owner(turn, account["acct_no"]):
            others = [one for one in turn.data["accounts"] if one is not account]
            return Go(
                "owner_came_first", keep={"proved": account, "accounts": others}, forget_path=True
            )
    bound = tuple(
        Binding(
            openid=turn.openid,
            acct_no=account["acct_no"],
            role=Role(account["role"]),
            bill_type=BillType(turn.data["bill_type"]),
            factor=ProofFactor(turn.data["factor"]),
            bound_at=turn.now,
        )
        for account in turn.data["accounts"]
    )
    effects: tuple[Effect, ...] = (AccountsBound(bound), *_without_paper(turn, bound))
    total = len(_bound_before(turn) | {one.acct_no for one in bound})
    return Go("confirmed", effects=effects, then=turn.data["next"], show={"total": total})


def _without_paper(turn: Turn, bound: tuple[Binding, ...]) -> list[SubmissionMade]:
    """An owner who wants no paper bill gets none: CSMS sends it until it is told."""
    return [
        submit(
            replace(turn, key=f"{turn.key}:{one.acct_no}"),
            SubmissionKind.BILL_TYPE,
            {"paper": False},
            acct_no=one.acct_no,
        )
        for one in bound
        if one.role is Role.OWNER and one.bill_type is BillType.WECHAT_ONLY
    ]


def _listed(turn: Turn, account: Mapping[str, Any], role: Role) -> Go:
    accounts = [*turn.data.get("accounts", ()), {**account, "role": role.value}]
    already = len(turn.ask.records.bindings(turn.openid))
    full = already + len(accounts) >= turn.policy.accounts_per_citizen
    return Go("listed_last" if full else "listed", keep={"accounts": accounts}, forget_path=True)


def _bound_before(turn: Turn) -> set[str]:
    return {binding.acct_no for binding in turn.ask.records.bindings(turn.openid)}


def _has_owner(turn: Turn, acct_no: str) -> bool:
    return turn.ask.records.owner_exists(acct_no, other_than=turn.openid)


def _shown(account: Account) -> dict[str, str]:
    """What may be remembered and shown of an account: masked."""
    return {
        "acct_no": account.acct_no,
        "shown": masked_account(account.acct_no),
        "owner": masked_name(account.owner_name),
        "address": listed_address(account.address),
    }


BIND_ACCOUNT = Dialog(
    name="bind_account",
    revision=1,
    opens=Opening(opening, {"new": "consent", "consented": "account_no", "locked": "locked"}),
    steps={
        "consent": consents.step(consents.BIND_ACCOUNT, "account_no"),
        "account_no": Step(
            reads=account_facts.NUMBER,
            decide=account_no,
            leads_to={"given": "proof"},
            refuses=("already_bound", "already_listed"),
        ),
        "proof": Step(
            reads=account_facts.FACT,
            decide=proof,
            leads_to={
                "proved_as_family": "role",
                "listed": "another",
                "listed_last": "bill_type",
                "locked": "locked",
            },
            refuses=("mismatch",),
        ),
        "role": Step(
            reads=choice("payer", "viewer", "reader"),
            decide=role,
            leads_to={"listed": "another", "listed_last": "bill_type"},
        ),
        "another": Step(
            reads=choice("add", "enough"),
            decide=another,
            leads_to={"add": "account_no", "enough": "bill_type"},
        ),
        "bill_type": Step(
            reads=choice("wechat_paper", "wechat_only"),
            decide=bill_type,
            leads_to={"chosen": "confirm"},
        ),
        "confirm": Step(
            reads=confirm("confirm", "change_bill_type"),
            decide=confirmation,
            leads_to={"confirmed": "done", "change": "bill_type", "owner_came_first": "role"},
        ),
    },
    ends={"done": Exit.COMPLETED, "declined": Exit.CANCELLED, "locked": Exit.FAILED},
)
