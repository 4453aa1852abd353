"""Whether a claimed notice still concerns its citizen, and whether this is the hour for it.

Pure. Enters: the notice, how its citizen stands, what is still owed. Leaves: a verdict.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from backends.ports import CAPPED, Bill, ClaimedNotice, Lane, Notice, Standing
from bot.concern import pointless
from bot.wording.cards import Card
from jobs.planning.told import what_is_owed

REMINDS_OF_A_BILL = "bill_due"
SPREAD_S = 30 * 60
ASK_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hours:
    """When nobody is to be woken 静默时段, and how many messages a day are enough for a citizen.
    From and until the same: no quiet hours."""

    quiet_from: time
    quiet_until: time
    per_citizen: int

    def is_quiet(self, now: datetime) -> bool:
        at = now.time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until

    def after_quiet(self, now: datetime, openid: str) -> datetime:
        """The end of the quiet hours that are now. Not everybody's phone rings at that minute: who
        is told when within half an hour, is always the same."""
        today = now.time() < self.quiet_until
        return self._ends(now if today else now + timedelta(days=1), openid)

    def next_morning(self, now: datetime, openid: str) -> datetime:
        return self._ends(now + timedelta(days=1), openid)

    def _ends(self, day: datetime, openid: str) -> datetime:
        end = datetime.combine(day.date(), self.quiet_until, tzinfo=day.tzinfo)
        return end + timedelta(seconds=zlib.crc32(openid.encode()) % SPREAD_S)


def _not_retold(_: Card) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class PushRules:
    """`templates`, `subscriptions`: card → its id on the account. `client_msg_id`: whether WeChat
    knows a repetition by it. `rate_per_s`: what all workers together may send. `retold`: the query
    by which the page behind a card says once more what the card says, '' for none."""

    hours: Hours
    templates: Mapping[str, str]
    subscriptions: Mapping[str, str]
    public_url: str
    client_msg_id: bool = True
    concurrency: int = 16
    rate_per_s: float = 100.0
    retold: Callable[[Card], str] = _not_retold

    def url(self, card: Card) -> str:
        """Where it leads: '' for nowhere."""
        return f"{self.public_url}/go/{card.page}{self.retold(card)}" if card.page else ""


@dataclass(frozen=True, slots=True)
class Skip:
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Tell:
    """`view`: as it holds now."""

    view: Mapping[str, Any]


Verdict = Skip | Wait | Tell


@dataclass(frozen=True, slots=True)
class Situation:
    """Of one batch. `owed`: all bills with something left to pay of each account that is reminded
    of one; None when CSMS cannot say. `being_paid`: bills that are being paid here, or are paid and
    CSMS does not know it yet. `told`: how many messages that count each citizen gets."""

    now: datetime
    standing: Standing
    owed: Mapping[str, Sequence[Bill]] | None
    hours: Hours
    being_paid: Collection[str] = ()
    told: Counter[str] = field(default_factory=Counter)


def judged(claimed: ClaimedNotice, situation: Situation) -> Verdict:
    """One that WeChat may have already is not held back: it is a repetition at the most."""
    notice = claimed.notice
    for rule in (_concern, _debt):
        if verdict := rule(notice, situation):
            return verdict
    if claimed.unsure_since is None and (waits := _hour(notice, situation)):
        return waits
    if notice.lane in CAPPED:
        situation.told[notice.openid] += 1
    return Tell(_as_of_now(notice, situation))


def midnight(now: datetime) -> datetime:
    """The last one."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _concern(notice: Notice, situation: Situation) -> Skip | None:
    standing = situation.standing
    if notice.openid not in standing.following:
        return Skip("left")
    reason = pointless(notice, standing.bound, standing.choices, situation.now)
    return Skip(reason) if reason else None


def _debt(notice: Notice, situation: Situation) -> Skip | Wait | None:
    """Who has paid meanwhile is not reminded, and nobody is while they pay, or while that cannot be
    looked up."""
    if notice.kind != REMINDS_OF_A_BILL:
        return None
    if situation.owed is None:
        return Wait("csms_down", situation.now + ASK_AGAIN)
    if _bill(notice, situation) is None:
        return Skip("paid")
    if notice.key in situation.being_paid:
        return Wait("being_paid", situation.now + ASK_AGAIN)
    return None


def _hour(notice: Notice, situation: Situation) -> Wait | None:
    now, hours, openid = situation.now, situation.hours, notice.openid
    if notice.lane is not Lane.URGENT and hours.is_quiet(now):
        return Wait("quiet", hours.after_quiet(now, openid))
    if notice.lane not in CAPPED:
        return None
    pushed = situation.standing.pushed.get(openid, 0) + situation.told[openid]
    return Wait("cap", hours.next_morning(now, openid)) if pushed >= hours.per_citizen else None


def _as_of_now(notice: Notice, situation: Situation) -> Mapping[str, Any]:
    if notice.kind != REMINDS_OF_A_BILL:
        return notice.view
    bill = _bill(notice, situation)
    return {**notice.view, **what_is_owed(bill, _owed(notice, situation))} if bill else notice.view


def _bill(notice: Notice, situation: Situation) -> Bill | None:
    """The one that is reminded of, unless nothing is left to pay of it."""
    owed = _owed(notice, situation)
    return next((bill for bill in owed if bill.bill_no == notice.key), None)


def _owed(notice: Notice, situation: Situation) -> Sequence[Bill]:
    return (situation.owed or {}).get(notice.acct_no, ())


def reminded_of(claimed: Iterable[ClaimedNotice]) -> tuple[str, ...]:
    """The numbers of the bills."""
    return tuple(one.notice.key for one in claimed if one.notice.kind == REMINDS_OF_A_BILL)


def asked_about(claimed: Iterable[ClaimedNotice]) -> tuple[str, ...]:
    """The accounts of which it must be known what they owe."""
    acct_nos = (one.notice.acct_no for one in claimed if one.notice.kind == REMINDS_OF_A_BILL)
    return tuple(dict.fromkeys(acct_nos))
