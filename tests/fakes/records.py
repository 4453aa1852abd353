"""The platform's own database in memory."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from backends.ports import (
    Binding,
    Consent,
    Effect,
    Holdings,
    Invite,
    Notice,
    NoticeState,
    Photo,
    PhotoPurpose,
    Role,
    Submission,
    Topic,
)
from backends.ports.prints import same_picture
from tests.fakes.records_effects import apply
from tests.fakes.records_state import CLOSED, State
from tests.fakes.switches import Switches

NEWEST_PHOTOS = 60


class FakeRecords(Switches):
    def __init__(self, effects: Sequence[Effect] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._state = State()
        self.commit(effects)

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        return tuple(one for one in self._now().active() if one.openid == openid)

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        return tuple(one for one in self._now().active() if one.acct_no == acct_no)

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        return any(
            one.role is Role.OWNER and one.openid != other_than for one in self.bound_to(acct_no)
        )

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        return (openid, purpose, version) in self._now().consents

    def consents(self, openid: str) -> tuple[Consent, ...]:
        latest: dict[str, Consent] = {}
        for (who, purpose, version), given_at in sorted(self._now().consents.items()):
            if who == openid:
                latest[purpose] = Consent(purpose, version, given_at)
        return tuple(sorted(latest.values(), key=lambda one: (one.given_at, one.purpose)))

    def invite(self, fingerprint: str) -> Invite | None:
        return self._now().invites.get(fingerprint)

    def password(self, openid: str) -> str:
        known = self._now().passwords.get(openid)
        return known.hashed if known else ""

    def failed_passwords(self, openid: str, since: datetime) -> int:
        state = self._now()
        known = state.passwords.get(openid)
        return sum(
            who == openid and at >= since and (known is None or at > known.forgiven_at)
            for (who, _), at in state.wrong_passwords.items()
        )

    def topics(self, openid: str) -> Mapping[Topic, bool]:
        chosen = self._now().topics.items()
        return {topic: wanted for (who, topic), (wanted, _) in chosen if who == openid}

    def notices(self, openid: str, notice_ids: Sequence[int]) -> Mapping[int, Notice]:
        return {
            row.notice_id: row.notice
            for row in self._now().ledger.rows.values()
            if row.notice_id in notice_ids
            and row.notice.openid == openid
            and row.state not in (NoticeState.SKIPPED, NoticeState.FAILED)
        }

    def holdings(self, openid: str) -> Holdings:
        state = self._now()
        purposes = [one.purpose for one in state.photos.values() if one.openid == openid]
        submissions = [one for one in state.submissions.values() if one.openid == openid]
        documents = purposes.count(PhotoPurpose.DOCUMENT)
        return Holdings(
            photos=len(purposes) - documents,
            documents=documents,
            submissions=len(submissions),
            submissions_open=sum(one.state not in CLOSED for one in submissions),
            notices=sum(row.notice.openid == openid for row in state.ledger.rows.values()),
            acceptances=sum(who == openid for who, _ in state.ledger.acceptances),
            orders=sum(one.openid == openid for one in state.payments.orders.values()),
        )

    def failed_proofs(self, openid: str, since: datetime) -> int:
        failures = self._now().failures.items()
        return sum(who == openid and at >= since for (who, _), at in failures)

    def is_following(self, openid: str) -> bool:
        citizen = self._now().citizens.get(openid)
        return citizen is not None and citizen.left_at is None

    def submission(self, number: str) -> Submission | None:
        return self._now().submissions.get(number)

    def submissions(self, openid: str, limit: int) -> tuple[Submission, ...]:
        found = [one for one in self._now().submissions.values() if one.openid == openid]
        return _newest_first(found)[:limit]

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        found = [
            one
            for one in self._now().submissions.values()
            if (one.acct_no, one.kind) == (acct_no, kind) and one.created_at >= since
        ]
        return _newest_first(found)

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        state = self._now()
        used = {*also, *state.photos_in_use()}
        counting = [one for name, one in state.photos.items() if name in used]
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
        with self._lock:
            self._state.submissions[submission.number] = submission

    def told(self) -> set[int]:
        return set(self._state.told)

    @property
    def planned(self) -> tuple[Notice, ...]:
        """What others are to be told, in the order it was planned."""
        return tuple(row.notice for row in self._state.ledger.rows.values())

    @property
    def state(self) -> State:
        return self._state

    @contextmanager
    def changing(self) -> Iterator[State]:
        """A copy, which takes the place of the state when nothing went wrong."""
        with self._lock:
            state = self._state.copy()
            yield state
            self._state = state

    def commit(self, effects: Sequence[Effect]) -> None:
        """All effects, or none."""
        self._obey()
        with self.changing() as state:
            for effect in effects:
                apply(state, effect)

    def _now(self) -> State:
        """No commit changes it any more."""
        self._obey()
        return self._state


def _newest_first(found: list[Submission]) -> tuple[Submission, ...]:
    latest_first = found[::-1]
    latest_first.sort(key=lambda one: one.created_at, reverse=True)
    return tuple(latest_first)
