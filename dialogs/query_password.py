"""查询密码: set, given, changed, given up; forgotten, it is set anew by proving an account again.

The engine begins this dialog before a private one (`dialogs.engine.privacy`) with `why`, `next` and
`with`, and goes on with those afterwards. A password stands in no record, row, log or reply: the
first of the two entries is kept sealed until the second.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from backends.ports import (
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    ProofFactor,
    ProofFailed,
)
from dialogs import account_facts, accounts, parsers, proof_lock
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.privacy import ASK, PASSWORD, SET
from dialogs.engine.readers import choice, choice_from, text, text_or_choice

LOCK = timedelta(hours=24)
OPEN, CHANGE, GIVE_UP, FORGOTTEN = "open", "change", "give_up", "forgotten"
WHAT = {ASK: OPEN, SET: "set"}


def opening(turn: Turn, heard: str | None) -> Go:
    if turn.policy.query_password == "off":  # noqa: S105 - a mode
        return Go("off")
    start = {"why": "", "next": "", "with": {}, **turn.data}
    why = start["why"]
    if why == SET:
        return Go("new", keep={**start, "to": "set"})
    if not accounts.mine(turn):
        return accounts.bind_first(PASSWORD)
    if not turn.ask.records.password(turn.openid):
        return Go("new", keep={**start, "to": "set"})
    if why == ASK:
        return _ask(turn, OPEN, start)
    return _manage(turn, heard, start) if heard else Go("manage", keep=start)


def manage(turn: Turn, answer: str) -> Go:
    return _manage(turn, answer, {})


def read_password(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    return parsers.password(typed)


def enter(turn: Turn, answer: str) -> Go | Bad:
    if answer == FORGOTTEN:
        return _forgotten(turn, {})
    failures = _failures(turn)
    if proof_lock.locked(turn, failures):
        return Go("locked", show=_lock_view(turn))
    if not turn.ask.secrets.fits(answer, turn.ask.records.password(turn.openid)):
        failed = PasswordFailed(turn.openid, turn.key, turn.now)
        left = proof_lock.left(turn, failures)
        if not left:
            return Go("locked", show=_lock_view(turn), effects=(failed,))
        return Bad("wrong", show={"left": left}, effects=(failed,))
    return _entered(turn)


def _entered(turn: Turn) -> Go:
    passed = PasswordPassed(turn.openid, turn.now)
    if turn.data["to"] == CHANGE:
        return Go("new", effects=(passed,), forget_path=True)
    if turn.data["to"] == GIVE_UP:
        given_up = PasswordSet(turn.openid, "", turn.now)
        return Go("given_up", effects=(passed, given_up))
    return _onward(turn, Go("opened", effects=(passed,)))


def new(turn: Turn, answer: str) -> Go | Bad:
    ends = {one.acct_no[-6:] for one in accounts.mine(turn)}
    if parsers.guessable(answer) or answer in ends:
        return Bad("weak")
    return Go("chosen", keep={"first": turn.ask.secrets.seal(answer)})


def again(turn: Turn, answer: str) -> Go | Bad:
    if turn.ask.secrets.open(turn.data["first"]) != answer:
        return Bad("differs")
    is_set = PasswordSet(turn.openid, turn.ask.secrets.hash(answer), turn.now)
    return _onward(turn, Go("set", effects=(is_set,)))


def which(turn: Turn, answer: str) -> Go:
    account = accounts.chosen(turn, answer)
    return Go("chosen", keep={"acct_no": account["acct_no"], "shown": account["shown"]})


def proof(turn: Turn, answer: str) -> Go | Bad:
    failures = proof_lock.failures(turn)
    if proof_lock.locked(turn, failures):
        return Go("locked", show=_lock_view(turn))
    factor, acct_no = ProofFactor(turn.data["factor"]), turn.data["acct_no"]
    bound = accounts.may_still(turn, acct_no, accounts.EVERYBODY)
    if bound and turn.ask.csms.prove(acct_no, factor, answer):
        return Go("proved", keep={"to": FORGOTTEN}, forget_path=True)
    failed = ProofFailed(turn.openid, turn.key, turn.now)
    left = proof_lock.left(turn, failures)
    if not left:
        return Go("locked", show=_lock_view(turn), effects=(failed,))
    return Bad("mismatch", show={"left": left}, effects=(failed,))


def _manage(turn: Turn, answer: str, keep: Mapping[str, Any]) -> Go:
    return _forgotten(turn, keep) if answer == FORGOTTEN else _ask(turn, answer, keep)


def _ask(turn: Turn, to: str, keep: Mapping[str, Any]) -> Go:
    if to == GIVE_UP and turn.policy.query_password == "required":  # noqa: S105 - a mode
        return Go("needed", keep=keep)
    if proof_lock.locked(turn, _failures(turn)):
        return Go("locked", keep=keep, show=_lock_view(turn))
    return Go("enter", keep={**keep, "to": to})


def _forgotten(turn: Turn, keep: Mapping[str, Any]) -> Go:
    if proof_lock.locked(turn, proof_lock.failures(turn)):
        return Go("locked", keep=keep, show=_lock_view(turn))
    keep = {**keep, "factor": turn.policy.proof_factor.value}
    found = accounts.listed(turn, accounts.mine(turn))
    if len(found) > 1:
        return Go("which", keep={**keep, "accounts": found})
    one = found[0]
    return Go("prove", keep={**keep, "acct_no": one["acct_no"], "shown": one["shown"]})


def _onward(turn: Turn, done: Go) -> Go:
    """To what the password was asked for."""
    return replace(done, then=turn.data["next"], hand_over=turn.data["with"], unlocks=True)


def _failures(turn: Turn) -> int:
    return turn.ask.records.failed_passwords(turn.openid, turn.now - LOCK)


def _lock_view(turn: Turn) -> dict[str, Any]:
    return {"hotline": turn.policy.hotline}


PROVED = {"which": "which", "prove": "proof", "locked": "locked"}
ASKED = {"enter": "enter", "needed": "needed", **PROVED}
QUERY_PASSWORD = Dialog(
    name=PASSWORD,
    revision=1,
    opens=Opening(
        opening,
        {"off": "off", "not_bound": "not_bound", "new": "new", "manage": "manage", **ASKED},
        hears="manage",
    ),
    steps={
        "manage": Step(reads=choice(CHANGE, FORGOTTEN, GIVE_UP), decide=manage, leads_to=ASKED),
        "enter": Step(
            reads=text_or_choice(read_password, FORGOTTEN, reasons=("six_digits",)),
            decide=enter,
            leads_to={"opened": "opened", "new": "new", "given_up": "given_up", **PROVED},
            refuses=("wrong",),
        ),
        "which": Step(
            reads=choice_from(accounts.choices), decide=which, leads_to={"chosen": "proof"}
        ),
        "proof": Step(
            reads=account_facts.FACT,
            decide=proof,
            leads_to={"proved": "new", "locked": "locked"},
            refuses=("mismatch",),
        ),
        "new": Step(
            reads=text(read_password, reasons=("six_digits",)),
            decide=new,
            leads_to={"chosen": "again"},
            refuses=("weak",),
        ),
        "again": Step(
            reads=text(read_password, reasons=("six_digits",)),
            decide=again,
            leads_to={"set": "set"},
            refuses=("differs",),
        ),
    },
    ends={
        "opened": Exit.COMPLETED,
        "set": Exit.COMPLETED,
        "given_up": Exit.COMPLETED,
        "needed": Exit.COMPLETED,
        "locked": Exit.FAILED,
        "off": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
