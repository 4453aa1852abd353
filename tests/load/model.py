"""The conversation as the rules have it, thought through apart from the server: what a citizen in
this state of mind must be answered to this text, what is counted, and where it leaves them.

A turn that ran twice, not at all, or from a stale record says something else one message later.
"""

from collections.abc import Callable
from dataclasses import replace

from tests.load.commands import COMMANDS, resume
from tests.load.mind import (
    ATTEMPTS_BEFORE_A_PERSON,
    FAILURES_ALLOWED,
    Expected,
    Facts,
    Frame,
    Mind,
    Words,
)


def expect(words: Words, facts: Facts, mind: Mind, text: str) -> Expected:
    turn = Expected(mind)
    if text in words.commands:
        COMMANDS[words.commands[text]](turn)
    elif mind.frame:
        _answer(words, facts, turn, mind.frame, text)
    elif name := words.meant(text):
        _start(facts, turn, name)
    else:
        turn.say("fallback")
    return turn


def _start(facts: Facts, turn: Expected, name: str) -> None:
    frame, parked = turn.mind.frame, turn.mind.parked
    if frame and frame.dialog == name:
        turn.ask(frame)
    elif not frame and parked and parked.dialog == name:
        resume(turn)
    else:
        if frame:
            turn.park(frame)
        _begin(facts, turn, name)


def _begin(
    facts: Facts, turn: Expected, name: str, after: str = "", bound: tuple[str, ...] = ()
) -> None:
    """`bound`: in the order of the turn that bound them, which is not yet the database's."""
    turn.count(name, "started")
    frame = Frame(name, "", next=after)
    if name == "bind_account":
        if turn.mind.failures >= FAILURES_ALLOWED:
            turn.end(frame, "failed", "locked")
        else:
            turn.move(frame, "account_no" if turn.mind.consented else "consent")
        return
    bound = bound or turn.mind.bound
    if not bound:
        label = "arrears_bind_first" if name == "arrears" else "my_bind_first"
        turn.end(frame, "interrupted", label, then="bind_account")
        parked = turn.mind.parked
        if parked and parked.dialog == "bind_account":
            turn.remember(parked=replace(parked, next=name))
            resume(turn)
        else:
            _begin(facts, turn, "bind_account", after=name)
    elif len(bound) > 1:
        turn.move(frame, "arrears_which" if name == "arrears" else "my_which", listed=bound)
    else:
        _tell(facts, turn, frame, bound)


def _tell(facts: Facts, turn: Expected, frame: Frame, accounts: tuple[str, ...]) -> None:
    owed = sum(facts.owed[account] for account in accounts)
    told = f"owed:{owed}" if owed else "nothing_owed"
    turn.end(frame, "completed", "my_account" if frame.dialog == "my_accounts" else told)


def _answer(words: Words, facts: Facts, turn: Expected, frame: Frame, text: str) -> None:
    keyword_first = text in words.keywords and frame.state in TYPED
    reason = "" if keyword_first else STEPS[frame.state](words, facts, turn, frame, text)
    if not reason and not keyword_first:
        return
    if text in words.keywords:
        _start(facts, turn, words.keywords[text])
        return
    if reason.startswith("mismatch"):
        turn.remember(failures=turn.mind.failures + 1)
    frame = replace(frame, attempts=frame.attempts + 1)
    turn.remember(frame=frame)
    turn.say(reason)
    if reason == "choice":
        turn.ask(frame)
    if frame.attempts >= ATTEMPTS_BEFORE_A_PERSON:
        turn.say("offer_human")


def _consent(words: Words, _: Facts, turn: Expected, frame: Frame, text: str) -> str:
    choice = words.chosen("bind_account.consent", text)
    if choice == "agree":
        turn.remember(consented=True)
        turn.move(frame, "account_no", forget=True)
    elif choice:
        turn.end(frame, "cancelled", "declined")
    return "" if choice else "choice"


def _account_no(_: Words, __: Facts, turn: Expected, frame: Frame, text: str) -> str:
    if not (text.isdigit() and len(text) == 10):
        return "format"
    if text in turn.mind.bound:
        return "already_bound"
    if text in frame.listed:
        return "already_listed"
    turn.move(frame, "proof", asked=text)
    return ""


def _proof(_: Words, facts: Facts, turn: Expected, frame: Frame, text: str) -> str:
    if len(text) < 2 or not any(letter.isalpha() for letter in text):
        return "name"
    if turn.mind.failures >= FAILURES_ALLOWED:
        turn.end(frame, "failed", "locked")
    elif facts.owners.get(frame.asked) == text:
        turn.move(frame, "another", forget=True, listed=(*frame.listed, frame.asked))
    elif turn.mind.failures + 1 >= FAILURES_ALLOWED:
        turn.remember(failures=turn.mind.failures + 1)
        turn.end(frame, "failed", "locked")
    else:
        return f"mismatch:{FAILURES_ALLOWED - turn.mind.failures - 1}"
    return ""


def _another(words: Words, _: Facts, turn: Expected, frame: Frame, text: str) -> str:
    choice = words.chosen("bind_account.another", text)
    if choice:
        turn.move(frame, "account_no" if choice == "add" else "bill_type", forget=True)
    return "" if choice else "choice"


def _bill_type(words: Words, _: Facts, turn: Expected, frame: Frame, text: str) -> str:
    choice = words.chosen("bind_account.bill_type", text)
    if choice:
        turn.move(frame, "confirm")
    return "" if choice else "choice"


def _confirm(words: Words, facts: Facts, turn: Expected, frame: Frame, text: str) -> str:
    choice = words.chosen("bind_account.confirm", text)
    if choice == "change_bill_type":
        turn.move(frame, "bill_type")
    elif choice:
        others = tuple(no for no in turn.mind.bound if no not in frame.listed)
        turn.remember(bound=tuple(dict.fromkeys((*turn.mind.bound, *frame.listed))))
        turn.end(frame, "completed", f"done:{len(others) + len(frame.listed)}", then=frame.next)
        if frame.next:
            _begin(facts, turn, frame.next, bound=(*others, *frame.listed))
    return "" if choice else "choice"


def _which(words: Words, facts: Facts, turn: Expected, frame: Frame, text: str) -> str:
    choice = words.chosen(f"{frame.dialog}.which", text, len(frame.listed))
    if text in frame.listed:
        choice = str(frame.listed.index(text) + 1)
    if choice == "all":
        _tell(facts, turn, frame, frame.listed)
    elif choice:
        _tell(facts, turn, frame, (frame.listed[int(choice) - 1],))
    return "" if choice else "choice"


TYPED = ("account_no", "proof")
STEPS: dict[str, Callable[[Words, Facts, Expected, Frame, str], str]] = {
    "consent": _consent,
    "account_no": _account_no,
    "proof": _proof,
    "another": _another,
    "bill_type": _bill_type,
    "confirm": _confirm,
    "arrears_which": _which,
    "my_which": _which,
}
