"""What is to be told to citizens without being asked 通知, and the ledger 台账 of it.

A notice goes out by the first channel that reaches its citizen: a template message, a subscription
notice, a customer-service message, and last ahead of the reply to their next message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from backends.ports.citizens import Binding, Topic
from backends.ports.family import Role
from backends.ports.requests import SubmissionKind


class Lane(IntEnum):
    """What overtakes what 队列: a lower number goes out first. Only URGENT goes out at night and
    may use the quota that is kept for emergencies."""

    URGENT = 1
    RESULT = 2
    BILL = 3
    REMINDER = 4
    DIGEST = 5


class Channel(StrEnum):
    """In the order in which they are tried."""

    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"
    CHAT = "chat"
    NEXT_MESSAGE = "next"


class NoticeState(StrEnum):
    """PLANNED → CLAIMED (a worker has it until its lease ends) → ACCEPTED (WeChat has taken it) →
    DELIVERED, or UNKNOWN when WeChat never said. KEPT: waits for the citizen's next message → TOLD.
    HELD: its run is paused. SKIPPED and FAILED carry their reason. A customer-service message that
    WeChat took is DELIVERED at once: of those it says no more."""

    PLANNED = "planned"
    HELD = "held"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    KEPT = "kept"
    TOLD = "told"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` names the card pushes/<kind> and the text notice/<kind>, `view` fills both. One per
    (kind, key, openid), so `key` is the business key: a bill's number, an event's. `not_before`:
    None for at once. `valid_until`: it is of no use to anybody afterwards; None for always."""

    kind: str
    key: str
    openid: str
    acct_no: str
    view: Mapping[str, Any]
    lane: Lane = Lane.RESULT
    not_before: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """`attempts`: how often it was claimed before. `channel`: the first that is still to be tried.
    `unsure_since`: since when WeChat may have had it without our knowing (a worker died on it, an
    answer was lost); None when it surely has not. `failures`: how often WeChat accepted it and then
    said that it had failed: the next try is another message, not a repetition."""

    notice_id: int
    notice: Notice
    channel: Channel
    attempts: int
    unsure_since: datetime | None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed notice. PLANNED: it is tried again from `channel` on, not before
    `not_before`, and `unsure_since` is kept. `msg_id`: WeChat's, of an ACCEPTED one. `reason`: a
    word of letters, digits and underscores that operators can count by. `template_id`: of a
    subscription notice."""

    notice_id: int
    state: NoticeState
    channel: Channel
    reason: str = ""
    msg_id: int | None = None
    not_before: datetime | None = None
    unsure_since: datetime | None = None
    template_id: str = ""


class PushResult(StrEnum):
    """What WeChat says became of a message that it had accepted."""

    SUCCESS = "success"
    USER_BLOCK = "user_block"
    SYSTEM_FAILED = "system_failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether claimed notices still concern their citizens. `choices`: only topics
    ever chosen about. `pushed`: messages of BILL, REMINDER and DIGEST that WeChat accepted since
    the time that was asked for. `acceptances`: (openid, template id) → how many subscription
    notices may still be sent."""

    following: frozenset[str]
    bound: frozenset[tuple[str, str]]
    choices: Mapping[tuple[str, Topic], bool]
    pushed: Mapping[str, int]
    acceptances: Mapping[tuple[str, str], int]


class RunState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Run:
    """All notices of a kind that were planned on one day 批次. `counts`: by state. `accepted` were
    taken by WeChat, `prompt` of them within ten seconds of when they were due."""

    run_id: int
    kind: str
    day: date
    state: RunState
    counts: Mapping[NoticeState, int]
    accepted: int
    prompt: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Notices of a lane that are due and wait; `oldest_due_at` is the first of them."""

    lane: Lane
    waiting: int
    oldest_due_at: datetime


class Ledger(Protocol):
    """The table `notification`. Every method is one transaction (those over a whole run: several
    short ones), and any number of workers on any number of machines may call them at once."""

    def plan(self, notices: Sequence[Notice], now: datetime) -> int:
        """How many were new. Those whose (kind, key, openid) is known already change nothing, nor
        do those of citizens we never met. New ones of a paused run are HELD, of a cancelled one
        SKIPPED."""
        ...

    def unplanned(self, notices: Sequence[Notice]) -> int:
        """How many of them `plan` would make new."""
        ...

    def claim(
        self, lanes: Iterable[Lane], *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[ClaimedNotice, ...]:
        """PLANNED ones that are due, most urgent lane first, then oldest due first; and those
        whose lease ran out, with `unsure_since` at their last claim. No two workers get the same,
        and none of a citizen of whom another worker holds one."""
        ...

    def standing(self, claimed: Sequence[ClaimedNotice], *, pushed_since: datetime) -> Standing: ...

    def settle(self, settlements: Sequence[Settlement], *, worker: str, now: datetime) -> int:
        """How many were still this worker's. The others are another's by now and left alone. An
        ACCEPTED subscription notice uses one acceptance up."""
        ...

    def result(self, msg_id: int, openid: str, result: PushResult, now: datetime) -> None:
        """Of an accepted one. SUCCESS: DELIVERED. USER_BLOCK: PLANNED for the next message only.
        SYSTEM_FAILED: PLANNED again, once by the same channel, then by the next. A result that
        comes before `settle` (or is unknown) is parked until `sweep`. Twice is once."""
        ...

    def sweep(self, now: datetime, *, silent_before: datetime, limit: int) -> Mapping[str, int]:
        """Housekeeping, what → how many: parked results to their notices ("matched"); ACCEPTED
        before `silent_before` without a result to UNKNOWN ("silent"); PLANNED, HELD and KEPT past
        `valid_until` to SKIPPED with the reason stale ("stale")."""
        ...

    def kept(self, *, after_id: int, limit: int) -> tuple[ClaimedNotice, ...]:
        """KEPT and not TOLD, by id, to be offered again should Redis have forgotten them."""
        ...

    def backlog(self, now: datetime) -> tuple[Backlog, ...]: ...

    def accepted_since(self, since: datetime) -> int:
        """Template messages that WeChat has taken since then: for the day's quota."""
        ...

    def runs(self, since: date) -> tuple[Run, ...]:
        """Newest first."""
        ...

    def reasons(self, run_id: int) -> Mapping[tuple[NoticeState, str], int]:
        """Why notices of the run were skipped, failed, kept, tried again or are unknown."""
        ...

    def pause(self, run_id: int, now: datetime) -> int: ...

    def resume(self, run_id: int, now: datetime) -> int: ...

    def cancel(self, run_id: int, now: datetime) -> int:
        """What has not been claimed yet is SKIPPED with the reason cancelled."""
        ...

    def concerned(
        self, acct_nos: Sequence[str], *, roles: Iterable[Role], topic: Topic | None
    ) -> tuple[Binding, ...]:
        """Active bindings in these roles of citizens who follow us; with a topic, only of those
        who want it (docs of `Topic` say who wants what they never chose about)."""
        ...

    def asked_for(
        self, kind: SubmissionKind, acct_nos: Sequence[str], since: datetime
    ) -> frozenset[str]:
        """The accounts for which somebody has made such a request since then that was not
        returned."""
        ...

    def subscribers(self, topic: Topic, *, after: str, limit: int) -> tuple[str, ...]:
        """Openids of those who want it and follow us, in order, beginning behind `after`."""
        ...

    def bindings_of(self, openids: Sequence[str]) -> tuple[Binding, ...]:
        """Their active bindings, by openid."""
        ...


class Mailbox(Protocol):
    """What Redis keeps for a citizen's next message."""

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        """False when Redis is gone: it is offered again later."""
        ...

    def is_new(self) -> bool:
        """Whether Redis has lost what it kept. Asked once it has been refilled, it says no."""
        ...

    def refilled(self) -> None: ...
