"""The worker's side of the platform's own database: submissions to hand over, events to take in,
results to tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from backends.ports.citizens import Binding
from backends.ports.effects import BindingEnded
from backends.ports.notices import Notice
from backends.ports.payments import Order, Posting, Refund
from backends.ports.photos import Photo
from backends.ports.requests import Submission, SubmissionState


@dataclass(frozen=True, slots=True)
class Claimed:
    """A submission that this worker may hand over until its lease ends."""

    submission: Submission
    attempts: int


@dataclass(frozen=True, slots=True)
class SubmissionChange:
    """`state` None leaves it; `result` is merged into what is there."""

    number: str
    state: SubmissionState | None
    ext_no: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BindingChange:
    """An account has another holder: all its links end but that of `kept` ('' for none), who is its
    owner from now on. Each citizen whose link ends is told by the notice that `told` makes of their
    openid."""

    acct_no: str
    kept: str
    told: Callable[[str], Notice]


@dataclass(frozen=True, slots=True)
class ItemPosted:
    """CSMS has done with an item of a paid order; `refund` proposes what it did not take. As
    `Orders.post` takes them."""

    posting: Posting
    refund: Refund | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an outside event changes with us. `ended`: single links that end, with the family that
    their citizens have invited."""

    submissions: tuple[SubmissionChange, ...] = ()
    notices: tuple[Notice, ...] = ()
    holder: BindingChange | None = None
    ended: tuple[BindingEnded, ...] = ()
    posted: tuple[ItemPosted, ...] = ()


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

    def approve(self, number: str, now: datetime) -> bool:
        """IN_REVIEW → QUEUED and due; False for others."""
        ...

    def send_back(self, number: str, notice: Notice, *, text: str, now: datetime) -> bool:
        """IN_REVIEW → RETURNED with `text` in its result, and its citizen is told; False for
        others."""
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

    def order(self, order_no: str) -> Order | None: ...

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        """Active bindings of citizens who have not left."""
        ...

    def hold(self, name: str, *, worker: str, now: datetime, lease_s: float) -> int | None:
        """The cursor of this name when the lease on it is ours (renewed), else None."""
        ...

    def position(self, name: str) -> int:
        """Of the cursor of this name; 0 when it was never moved."""
        ...

    def take_event(
        self, name: str, event_id: int, changes: Changes, *, worker: str, now: datetime
    ) -> bool:
        """Applies the changes and moves the cursor to the event, together. False when the lease is
        not ours or the cursor stands there already: nothing was changed."""
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
