"""The worker's side of the platform's own database: submissions to hand over, events to take in,
results to tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from backends.ports.photos import Photo
from backends.ports.records import Binding
from backends.ports.requests import Submission, SubmissionState


@dataclass(frozen=True, slots=True)
class Claimed:
    """A submission that this worker may hand over until its lease ends."""

    submission: Submission
    attempts: int


class NoticeState(StrEnum):
    """PLANNED → SENDING → SENT; KEPT: waits for the citizen's next message → TOLD. SKIPPED: the
    citizen has left, or nobody can say it. A lease that ran out while SENDING leaves it unknown
    whether the message went out: it is kept for the next message rather than sent again."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    TOLD = "told"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Notice:
    """A result to be told 通知: `kind` names the template notice/<kind>, `view` fills it. One per
    (kind, key, openid)."""

    kind: str
    key: str
    openid: str
    acct_no: str
    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredNotice:
    notice_id: int
    notice: Notice
    state: NoticeState


@dataclass(frozen=True, slots=True)
class SubmissionChange:
    """`state` None leaves it; `result` is merged into what is there."""

    number: str
    state: SubmissionState | None
    ext_no: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an outside event changes with us."""

    submissions: tuple[SubmissionChange, ...] = ()
    notices: tuple[Notice, ...] = ()


class Outbox(Protocol):
    """The worker's side of the platform's own database. Every method is one transaction."""

    def claim(
        self, system: str, *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[Claimed, ...]:
        """Submissions that are due, first made first: at most one of a lane, and none behind an
        earlier one of its lane that is still QUEUED (STUCK ones do not hold up their lane)."""
        ...

    def handed_over(
        self,
        number: str,
        *,
        worker: str,
        state: SubmissionState,
        ext_no: str,
        result: Mapping[str, Any],
        now: datetime,
    ) -> bool:
        """QUEUED → `state` (DELIVERED, or DONE where nothing more will come of it). False when the
        lease is another's by now."""
        ...

    def postpone(self, number: str, *, worker: str, why: str, until: datetime) -> None:
        """One that was tried in vain."""
        ...

    def give_back(self, number: str, *, worker: str) -> None:
        """One that was not tried: it is as it was before it was claimed."""
        ...

    def give_up(self, number: str, *, worker: str, why: str, now: datetime) -> None:
        """QUEUED → STUCK: onto the dead-letter list, with the reason."""
        ...

    def resend(self, number: str, now: datetime) -> bool:
        """STUCK (or one that waits for its next try) → QUEUED and due now; False for others."""
        ...

    def listing(self, *, state: str, limit: int) -> tuple["OutboxRow", ...]:
        """For operators: newest first; an empty state means all."""
        ...

    def counts(self, *states: SubmissionState) -> Mapping[tuple[str, str], int]:
        """(system, state) → submissions, in these states or in all. All takes longer the more is
        done, so a gauge asks for those that are not at an end."""
        ...

    def submission(self, number: str) -> Submission | None: ...

    def photo_rows(self, photo_ids: Sequence[str]) -> tuple[Photo, ...]: ...

    def by_ext_no(self, system: str, ext_no: str) -> tuple[Submission, ...]: ...

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        """Active bindings of citizens who have not left."""
        ...

    def hold(self, name: str, *, worker: str, now: datetime, lease_s: float) -> int | None:
        """The cursor of this name when the lease on it is ours (renewed), else None."""
        ...

    def take_event(
        self, name: str, event_id: int, changes: Changes, *, worker: str, now: datetime
    ) -> bool:
        """Applies the changes and moves the cursor to the event, together. False when the lease is
        not ours or the cursor stands there already: nothing was changed."""
        ...

    def claim_notices(
        self, *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[StoredNotice, ...]:
        """PLANNED ones become SENDING and are answered as PLANNED; those whose lease ran out while
        SENDING are answered as SENDING. Oldest first, one citizen's at a time."""
        ...

    def settle_notice(
        self, notice_id: int, state: NoticeState, *, worker: str, now: datetime
    ) -> None:
        """From SENDING, while the lease is ours; TOLD ones stay told. PLANNED: try again. SENDING:
        give back one whose fate is unknown; it is answered as SENDING again."""
        ...

    def kept_notices(self, *, after_id: int, limit: int) -> tuple[StoredNotice, ...]:
        """KEPT and not TOLD, by id, to be offered again should Redis have forgotten them."""
        ...

    def is_following(self, openid: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A line of the operator's list. `acct_no` is not masked."""

    number: str
    kind: str
    system: str
    state: str
    acct_no: str
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    last_error: str
