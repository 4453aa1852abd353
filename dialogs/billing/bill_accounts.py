"""Whose bills a citizen may see: those of every account bound, but as a reader 抄表家人 none."""

from collections.abc import Callable, Mapping
from typing import Any

from backends.ports import Binding, Role
from dialogs import accounts
from dialogs.engine.definition import Go, Turn

Account = Mapping[str, str]
Show = Callable[[Turn, Account], Go]
NOTHING: Mapping[str, Any] = {}


def choose(turn: Turn, dialog: str, show: Show, keep: Mapping[str, Any] = NOTHING) -> Go:
    """One account is shown at once, of several the citizen chooses (`chosen`)."""
    bindings = turn.ask.records.bindings(turn.openid)
    if not bindings:
        return accounts.bind_first(dialog)
    seen = with_bills(bindings)
    if not seen:
        return for_readers(turn)
    listed = accounts.listed(turn, seen)
    if len(listed) > 1:
        return Go("several", keep={**keep, "accounts": listed})
    return show(turn, {**listed[0], "alone": "yes"})


def with_bills(bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    return tuple(binding for binding in bindings if binding.role is not Role.READER)


def for_readers(turn: Turn) -> Go:
    return Go("readers_only", show={"hotline": turn.policy.hotline})


def chosen(turn: Turn, acct_no: str) -> Account:
    found: Account = next(a for a in turn.data["accounts"] if a["acct_no"] == acct_no)
    return found
