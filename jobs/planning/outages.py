"""Outages 停水公告 to those who asked for them and live there: when the website has news, and in
the morning of a planned one (R60, R61).

Enters: the last good notices of the website, subscribers and the addresses of their accounts.
Leaves: a notice for each subscriber whom one concerns, once for each version of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backends.ports import (
    Binding,
    Bulletins,
    DueLists,
    Lane,
    Ledger,
    Notice,
    OutageNotice,
    OutageStatus,
    Topic,
)
from dialogs.published.outage_notices import OVERDUE, TO_COME, concerns, current, standing
from jobs.planning.plan import Page
from jobs.pushing.rules import Hours

CITIZENS_AT_ONCE = 300
EMERGENCY = "emergency"
STILL_OF_USE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class News:
    """What is told of an outage, with the key that makes it told once."""

    notice: OutageNotice
    kind: str
    key: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class OutageNotices:
    """`hours`: a planned outage that begins before the quiet hours end does not wait for them."""

    bulletins: Bulletins
    due: DueLists
    ledger: Ledger
    hours: Hours

    def pages(self, now: datetime) -> Iterator[Page]:
        news = [
            told
            for notice in current(self.bulletins.outages().notices, now)
            for told in self._news(notice, now)
        ]
        if not news:
            return
        after = ""
        while openids := self.ledger.subscribers(Topic.OUTAGE, after=after, limit=CITIZENS_AT_ONCE):
            after = openids[-1]
            bindings = self.ledger.bindings_of(openids)
            yield Page(len(openids), tuple(self._concerned(news, bindings)))

    def _news(self, notice: OutageNotice, now: datetime) -> Iterator[News]:
        """One that should be over, and of which the website says nothing, is told to nobody: who
        has water would be alarmed, and who has none knows."""
        if standing(notice, now) == OVERDUE:
            return
        kind, lane = _kind(notice), self._lane(notice, now)
        yield News(notice, kind, f"{notice.outage_no}:{notice.version}:{kind}", lane)
        if _is_of_today(notice, now):
            key = f"{notice.outage_no}:{now.date().isoformat()}"
            yield News(notice, "outage_today", key, Lane.DIGEST)

    def _lane(self, notice: OutageNotice, now: datetime) -> Lane:
        begins_at_night = (
            standing(notice, now) == TO_COME
            and self.hours.is_quiet(now)
            and notice.starts_at < self.hours.after_quiet(now, "")
        )
        return Lane.URGENT if notice.kind == EMERGENCY or begins_at_night else Lane.RESULT

    def _concerned(self, news: Sequence[News], bindings: Sequence[Binding]) -> Iterator[Notice]:
        """Whoever has two accounts in the area is told once: the ledger knows the key."""
        acct_nos = list(dict.fromkeys(one.acct_no for one in bindings))
        address = {one.acct_no: one.address for one in self.due.accounts(acct_nos)}
        for told in news:
            there = {no for no, where in address.items() if concerns(told.notice, where)}
            for binding in bindings:
                if binding.acct_no in there:
                    yield _notice(told, binding)


def _kind(notice: OutageNotice) -> str:
    match notice.status:
        case OutageStatus.RESTORED:
            return "outage_restored"
        case OutageStatus.CANCELLED:
            return "outage_cancelled"
    if notice.status is OutageStatus.EXTENDED or notice.version > 1:
        return "outage_changed"
    return "outage_emergency" if notice.kind == EMERGENCY else "outage_planned"


def _is_of_today(notice: OutageNotice, now: datetime) -> bool:
    """Published on an earlier day: who was told today needs no reminder."""
    return (
        notice.kind != EMERGENCY
        and standing(notice, now) == TO_COME
        and notice.starts_at.astimezone(now.tzinfo).date() == now.date()
        and notice.published_at.astimezone(now.tzinfo).date() < now.date()
    )


def _notice(told: News, to: Binding) -> Notice:
    until = told.notice.ends_at + STILL_OF_USE
    if told.kind == "outage_today":
        until = told.notice.ends_at
    return Notice(
        told.kind, told.key, to.openid, to.acct_no, _view(told.notice), told.lane, valid_until=until
    )


def _view(notice: OutageNotice) -> Mapping[str, Any]:
    return {
        "area": notice.area,
        "kind": notice.kind,
        "reason": notice.reason,
        "starts_at": notice.starts_at.isoformat(timespec="minutes"),
        "ends_at": notice.ends_at.isoformat(timespec="minutes"),
        "tips": notice.tips,
        "source_url": notice.source_url,
    }
