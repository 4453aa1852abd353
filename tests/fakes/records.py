"""The platform's own database in memory."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from backends.errors import NumberTaken
from backends.ports import (
    AccountsBound,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    Effect,
    NoticesTold,
    Photo,
    PhotoKept,
    ProofFailed,
    Role,
    Submission,
    SubmissionMade,
)
from backends.ports.prints import same_picture
from tests.fakes.switches import Switches

NEWEST_PHOTOS = 60


@dataclass(slots=True)
class _Citizen:
    followed_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(slots=True)
class _State:
    citizens: dict[str, _Citizen] = field(default_factory=dict)
    consents: set[tuple[str, str, int]] = field(default_factory=set)
    bindings: dict[tuple[str, str], tuple[Binding, datetime]] = field(default_factory=dict)
    failures: dict[tuple[str, str], datetime] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    photos: dict[str, PhotoKept] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)


class FakeRecords(Switches):
    def __init__(self, effects: Sequence[Effect] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._state = _State()
        self.commit(effects)

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        self._obey()
        with self._lock:
            found = [b for b, _ in self._state.bindings.values() if b.openid == openid]
        return tuple(sorted(found, key=lambda binding: binding.bound_at))

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        self._obey()
        with self._lock:
            return any(
                b.acct_no == acct_no and b.role is Role.OWNER and b.openid != other_than
                for b, _ in self._state.bindings.values()
            )

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        self._obey()
        return (openid, purpose, version) in self._state.consents

    def failed_proofs(self, openid: str, since: datetime) -> int:
        self._obey()
        with self._lock:
            failures = self._state.failures.items()
            return sum(1 for (who, _), at in failures if who == openid and at >= since)

    def is_following(self, openid: str) -> bool:
        self._obey()
        citizen = self._state.citizens.get(openid)
        return citizen is not None and citizen.left_at is None

    def submission(self, number: str) -> Submission | None:
        self._obey()
        return self._state.submissions.get(number)

    def submissions(self, openid: str, limit: int) -> tuple[Submission, ...]:
        self._obey()
        with self._lock:
            found = [s for s in self._state.submissions.values() if s.openid == openid]
        return _newest_first(found)[:limit]

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        self._obey()
        with self._lock:
            found = [
                one
                for one in self._state.submissions.values()
                if (one.acct_no, one.kind) == (acct_no, kind) and one.created_at >= since
            ]
        return _newest_first(found)

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        self._obey()
        with self._lock:
            used = {
                *also,
                *(name for one in self._state.submissions.values() for name in one.photo_ids),
            }
            counting = [one for name, one in self._state.photos.items() if name in used]
        kept = sorted(counting, key=lambda one: one.at, reverse=True)
        of_citizen = [one.photo for one in kept if one.openid == openid]
        of_account = [one.photo for one in kept if acct_no and one.acct_no == acct_no]
        alike = [
            one
            for photos in (of_citizen, of_account)
            for place, one in enumerate(photos)
            if one.sha256 == photo.sha256
            or (place < NEWEST_PHOTOS and same_picture(one.print, photo.print))
        ]
        return any(one.photo_id != photo.photo_id for one in alike)

    def put(self, submission: Submission) -> None:
        """As the worker would change it."""
        self._state.submissions[submission.number] = submission

    def told(self) -> set[int]:
        return set(self._state.told)

    def commit(self, effects: Sequence[Effect]) -> None:
        self._obey()
        with self._lock:
            self._check_numbers(effects)
            for effect in effects:
                self._apply(effect)

    def _apply(self, effect: Effect) -> None:
        match effect:
            case CitizenFollowed(openid, at):
                _follow(self._citizen(openid), at)
            case CitizenLeft(openid, at):
                _leave(self._citizen(openid), at)
            case ConsentGiven(openid, purpose, version):
                self._citizen(openid)
                self._state.consents.add((openid, purpose, version))
            case ProofFailed(openid, key, at):
                self._citizen(openid)
                self._state.failures.setdefault((openid, key), at)
            case AccountsBound(bindings):
                for binding in bindings:
                    self._bind(binding)
            case PhotoKept():
                self._state.photos.setdefault(effect.photo.photo_id, effect)
            case SubmissionMade(submission):
                self._submit(submission)
            case NoticesTold():
                self._state.told.update(effect.notice_ids)

    def _citizen(self, openid: str) -> _Citizen:
        return self._state.citizens.setdefault(openid, _Citizen())

    def _check_numbers(self, effects: Sequence[Effect]) -> None:
        """Before anything is changed: all effects are committed, or none."""
        keys = {one.number: one.key for one in self._state.submissions.values()}
        known = set(keys.values())
        for effect in effects:
            if isinstance(effect, SubmissionMade) and effect.submission.key not in known:
                made = effect.submission
                if keys.setdefault(made.number, made.key) != made.key:
                    raise NumberTaken
                known.add(made.key)

    def _submit(self, submission: Submission) -> None:
        if all(one.key != submission.key for one in self._state.submissions.values()):
            self._state.submissions[submission.number] = submission

    def _bind(self, binding: Binding) -> None:
        self._citizen(binding.openid)
        key = (binding.openid, binding.acct_no)
        first, changed_at = self._state.bindings.get(key, (binding, binding.bound_at))
        if binding.bound_at >= changed_at:
            kept = replace(binding, bound_at=first.bound_at)
            self._state.bindings[key] = (kept, binding.bound_at)


def _newest_first(found: list[Submission]) -> tuple[Submission, ...]:
    latest_first = found[::-1]
    latest_first.sort(key=lambda one: one.created_at, reverse=True)
    return tuple(latest_first)


def _follow(citizen: _Citizen, at: datetime) -> None:
    if _after(at, citizen.followed_at) and _after(at, citizen.left_at):
        citizen.followed_at, citizen.left_at = at, None


def _leave(citizen: _Citizen, at: datetime) -> None:
    if _after(at, citizen.left_at) and (citizen.followed_at is None or at >= citizen.followed_at):
        citizen.left_at = at


def _after(at: datetime, earlier: datetime | None) -> bool:
    return earlier is None or at > earlier
