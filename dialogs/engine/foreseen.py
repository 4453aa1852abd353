"""The records as they will be once this turn's effects are committed.

A dialog that follows another within one turn must see what that one has decided: who has just
bound an account is asked about its arrears at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backends.ports import (
    AccountsBound,
    Binding,
    Bulletins,
    ConsentGiven,
    Content,
    Csms,
    Effect,
    Hotline,
    Photo,
    Photos,
    Records,
    Secrets,
    Submission,
    SubmissionMade,
)
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

    def submission(self, number: str) -> Submission | None:
        found = (one for one in self._made() if one.number == number)
        return next(found, None) or self.records.submission(number)

    def submissions(self, openid: str, limit: int) -> tuple[Submission, ...]:
        made = [one for one in self._made() if one.openid == openid]
        new = {one.number for one in made}
        stored = self.records.submissions(openid, limit)
        return (*made, *(one for one in stored if one.number not in new))[:limit]

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        made = [one for one in self._made() if (one.acct_no, one.kind) == (acct_no, kind)]
        new = {one.number for one in made}
        stored = self.records.submissions_for(acct_no, kind, since)
        return (*made, *(one for one in stored if one.number not in new))

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        return self.records.photo_seen(openid, acct_no, photo, also)

    def _made(self) -> list[Submission]:
        return [one.submission for one in self.effects if isinstance(one, SubmissionMade)]

    def commit(self, effects: Sequence[Effect]) -> None:
        raise NotImplementedError("a decision never commits; it names effects")

    def ping(self) -> None:
        self.records.ping()


@dataclass(frozen=True, slots=True)
class _Backends:
    csms: Csms
    records: Records
    photos: Photos
    hotline: Hotline
    secrets: Secrets
    bulletins: Bulletins
    content: Content


def foreseen(ask: Backends, effects: Sequence[Effect]) -> Backends:
    if not effects:
        return ask
    return _Backends(
        csms=ask.csms,
        records=_Foreseen(ask.records, tuple(effects)),
        photos=ask.photos,
        hotline=ask.hotline,
        secrets=ask.secrets,
        bulletins=ask.bulletins,
        content=ask.content,
    )
