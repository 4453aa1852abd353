"""What citizens want of an outside system, on its way there, and what comes back.

A submission 业务申请 is a row of our own database, committed with the dialog's end; the worker
(jobs/) hands it to its desk, and reads the desk's events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class System(StrEnum):
    CSMS = "csms"
    HOTLINE = "hotline"


class SubmissionKind(StrEnum):
    """What may be asked for. Those in `TO_HOTLINE` go to the hotline, the others to CSMS."""

    READING = "reading"
    VISIT = "visit"
    VISIT_CHANGE = "visit_change"
    CONTACT = "contact"
    BILL_TYPE = "bill_type"
    REAL_NAME = "real_name"
    TRANSFER = "transfer"
    OVERRIDE = "override"
    CANCEL_REAL_NAME = "cancel_real_name"
    SPOT_CHECK = "spot_check"
    CONNECTION = "connection"
    PAYMENT = "payment"
    FAULT = "fault"
    URGE = "urge"
    FAULT_PHOTO = "fault_photo"
    RATING = "rating"
    COMPLAINT = "complaint"
    CONSULT = "consult"

    @property
    def system(self) -> System:
        return System.HOTLINE if self in TO_HOTLINE else System.CSMS


TO_HOTLINE = frozenset(
    {
        SubmissionKind.FAULT,
        SubmissionKind.URGE,
        SubmissionKind.FAULT_PHOTO,
        SubmissionKind.RATING,
        SubmissionKind.COMPLAINT,
        SubmissionKind.CONSULT,
    }
)


class SubmissionState(StrEnum):
    """IN_REVIEW: our own staff look at it first. QUEUED: with us. DELIVERED: with the outside
    system. IN_PROGRESS: they are at it. DONE and RETURNED are ends: carried out, or sent back with
    a reason. STUCK: could not be handed over and waits for an operator (the dead-letter list)."""

    IN_REVIEW = "in_review"
    QUEUED = "queued"
    DELIVERED = "delivered"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    RETURNED = "returned"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Submission:
    """`number` is what the citizen gets (W and thirteen digits). `key` makes it idempotent: the
    same answer of the same dialog run makes one submission. `payload`: JSON values in the words of
    the contract (docs/contracts/). `photo_ids` belong to it. `parent_no`: the submission it is
    about. `ext_no`: the number the outside system gave. `result`: what it said last, JSON values.
    `sealed`: private values (a JSON object of texts) that only `Secrets.open` can read.
    """

    number: str
    key: str
    openid: str
    acct_no: str
    kind: SubmissionKind
    payload: Mapping[str, Any]
    created_at: datetime
    photo_ids: tuple[str, ...] = ()
    parent_no: str = ""
    state: SubmissionState = SubmissionState.QUEUED
    ext_no: str = ""
    result: Mapping[str, Any] | None = None
    updated_at: datetime | None = None
    sealed: str = ""

    @property
    def lane(self) -> str:
        """Submissions of a lane are handed over one after the other, in the order they were made:
        all of an account's, or of a citizen's who has none."""
        return self.acct_no or self.openid


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A photo by reference: `url` is a signed link to our own server that expires."""

    photo_id: str
    sha256: str
    mime: str
    size_bytes: int
    url: str


@dataclass(frozen=True, slots=True)
class Request:
    """A submission as the outside system sees it: no openid. `about`: the outside number of the
    request it is about (a ticket to urge). `private`: names, identity and telephone numbers, never
    to be stored in clear."""

    number: str
    kind: SubmissionKind
    acct_no: str
    payload: Mapping[str, Any]
    at: datetime
    files: tuple[RequestFile, ...] = ()
    about: str = ""
    private: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`ext_no`: the outside system's own number, if it gives one at once. `data`: what else it
    said (`joined`: the report was added to a ticket that was open already)."""

    ext_no: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OutsideEvent:
    """What an outside system has to tell. `event_id` rises; `request_no` is our number when the
    event answers a request, `ext_no` theirs. `data`: JSON values."""

    event_id: int
    kind: str
    at: datetime
    acct_no: str
    request_no: str
    ext_no: str
    data: Mapping[str, Any]


class Desk(Protocol):
    """An outside system that takes requests and tells what becomes of them."""

    def hand_over(self, request: Request) -> Receipt:
        """Idempotent by `number`: handing over twice is the same as once. BackendUnavailable when
        it should be tried again, Rejected when that would not help."""
        ...

    def events(self, after: int, limit: int) -> Sequence[OutsideEvent]:
        """Those with a higher id, in order."""
        ...

    def ping(self) -> None: ...
