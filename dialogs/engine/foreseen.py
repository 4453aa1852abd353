"""The records as they will be once this turn's effects are committed.

A dialog that follows another within one turn must see what that one has decided: who has just
bound an account is asked about its arrears at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backends.ports import (
    Binding,
    Bulletins,
    CitizenErased,
    Consent,
    ConsentGiven,
    ConsentWithdrawn,
    Content,
    Csms,
    Effect,
    Holdings,
    Hotline,
    Invite,
    Notice,
    OrderBook,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    Photo,
    Photos,
    Records,
    Role,
    Secrets,
    Submission,
    SubmissionMade,
    Topic,
    TopicChosen,
)
from dialogs.engine.definition import Backends
from dialogs.engine.foreseen_links import invite_after, links_after


@dataclass(frozen=True, slots=True)
class _Foreseen:
    """Implements `ports.Records` for reading."""

    records: Records
    effects: tuple[Effect, ...]

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        known = self.records.bindings(openid)
        return links_after(self.effects, known, lambda new: new.openid == openid)

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        known = self.records.bound_to(acct_no)
        return links_after(self.effects, known, lambda new: new.acct_no == acct_no)

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        return any(
            one.role is Role.OWNER and one.openid != other_than for one in self.bound_to(acct_no)
        )

    def invite(self, fingerprint: str) -> Invite | None:
        return invite_after(self.effects, fingerprint, self.records.invite(fingerprint))

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        had = self.records.has_consent(openid, purpose, version)
        for effect in self.effects:
            match effect:
                case ConsentGiven(who, what, which, _):
                    had = had or (who, what, which) == (openid, purpose, version)
                case ConsentWithdrawn(who, what, _):
                    had = had and (who, what) != (openid, purpose)
                case CitizenErased(who, _):
                    had = had and who != openid
        return had

    def consents(self, openid: str) -> tuple[Consent, ...]:
        given = {one.purpose: one for one in self.records.consents(openid)}
        for effect in self.effects:
            match effect:
                case ConsentGiven(who, purpose, version, at) if who == openid:
                    known = given.get(purpose)
                    if known is None or known.version < version:
                        given[purpose] = Consent(purpose, version, at)
                case ConsentWithdrawn(who, purpose, _) if who == openid:
                    given.pop(purpose, None)
                case CitizenErased(who, _) if who == openid:
                    given = {}
        return tuple(sorted(given.values(), key=lambda one: one.given_at))

    def password(self, openid: str) -> str:
        hashed = self.records.password(openid)
        for effect in self.effects:
            match effect:
                case PasswordSet(who, new, _) if who == openid:
                    hashed = new
                case CitizenErased(who, _) if who == openid:
                    hashed = ""
        return hashed

    def failed_passwords(self, openid: str, since: datetime) -> int:
        count = self.records.failed_passwords(openid, since)
        for effect in self.effects:
            match effect:
                case PasswordFailed(who, _, at) if who == openid and at >= since:
                    count += 1
                case PasswordSet(who) | PasswordPassed(who) | CitizenErased(who) if who == openid:
                    count = 0
        return count

    def notices(self, openid: str, notice_ids: Sequence[int]) -> Mapping[int, Notice]:
        return self.records.notices(openid, notice_ids)

    def topics(self, openid: str) -> Mapping[Topic, bool]:
        chosen = dict(self.records.topics(openid))
        for effect in self.effects:
            match effect:
                case TopicChosen(who, topic, wanted, _) if who == openid:
                    chosen[topic] = wanted
                case CitizenErased(who, _) if who == openid:
                    chosen = {}
        return chosen

    def holdings(self, openid: str) -> Holdings:
        return self.records.holdings(openid)

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
    orders: OrderBook


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
        orders=ask.orders,
    )
