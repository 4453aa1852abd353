"""What is to be told to citizens without being asked 通知, and what becomes of it.

A notice goes out by the first channel that reaches its citizen: a template message, a subscription
notice, a customer-service message, and last ahead of the reply to their next message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

from backends.ports.citizens import Topic


class Lane(IntEnum):
    """What overtakes what 队列: a lower number goes out first. Only URGENT goes out at night and
    may use the quota that is kept for emergencies."""

    URGENT = 1
    RESULT = 2
    BILL = 3
    REMINDER = 4
    DIGEST = 5


CAPPED = (Lane.BILL, Lane.REMINDER, Lane.DIGEST)
"""Lanes of which one citizen gets only so many messages a day."""


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
class EarlierNotice:
    """One that was planned before, and was not skipped."""

    notice: Notice
    planned_at: datetime


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
