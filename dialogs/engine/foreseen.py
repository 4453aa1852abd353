"""The records as they will be once this turn's effects are committed.

A dialog that follows another within one turn must see what that one has decided: who has just
bound an account is asked about its arrears at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backends.ports import AccountsBound, Binding, ConsentGiven, Csms, Effect, Records
from dialogs.engine.definition import Backends


@dataclass(frozen=True, slots=True)
class _Foreseen:
    """Implements `ports.Records` for reading."""

    records: Records
    effects: tuple[Effect, ...]

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        new = [
            binding
            for effect in self.effects
            if isinstance(effect, AccountsBound)
            for binding in effect.bindings
            if binding.openid == openid
        ]
        renewed = {binding.acct_no for binding in new}
        kept = (one for one in self.records.bindings(openid) if one.acct_no not in renewed)
        return (*kept, *new)

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        return self.records.owner_exists(acct_no, other_than=other_than)

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        given = any(
            isinstance(effect, ConsentGiven)
            and (effect.openid, effect.purpose, effect.version) == (openid, purpose, version)
            for effect in self.effects
        )
        return given or self.records.has_consent(openid, purpose, version)

    def failed_proofs(self, openid: str, since: datetime) -> int:
        return self.records.failed_proofs(openid, since)

    def commit(self, effects: Sequence[Effect]) -> None:
        raise NotImplementedError("a decision never commits; it names effects")

    def ping(self) -> None:
        self.records.ping()


@dataclass(frozen=True, slots=True)
class _Backends:
    csms: Csms
    records: Records


def foreseen(ask: Backends, effects: Sequence[Effect]) -> Backends:
    if not effects:
        return ask
    return _Backends(csms=ask.csms, records=_Foreseen(ask.records, tuple(effects)))
