"""Whose bills a citizen may see: those of every account bound, but as a reader 抄表家人 none."""

from collections.abc import Callable, Mapping
from typing import Any

from dialogs import accounts
from dialogs.accounts import Account, chosen
from dialogs.engine.definition import Go, Reader, Turn

__all__ = ["Account", "choose", "chosen", "for_readers", "one_of"]

Show = Callable[[Turn, Account], Go]
NOTHING: Mapping[str, Any] = {}


def choose(turn: Turn, dialog: str, show: Show, keep: Mapping[str, Any] = NOTHING) -> Go:
    """One account is shown at once, of several the citizen chooses (`chosen`)."""
    return accounts.choose(turn, dialog, accounts.SEE_BILLS, show, for_readers, keep)


def one_of() -> Reader:
    return accounts.one_of(accounts.SEE_BILLS)


def for_readers(turn: Turn) -> Go:
    return Go("readers_only", show={"hotline": turn.policy.hotline})
