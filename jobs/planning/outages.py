"""Outages 停水公告 to those who asked for them and live there: when the website has news, and in
the morning of a planned one (R60, R61).

Enters: the last good notices of the website, subscribers, the addresses of their accounts, what
they were told before. Leaves: a notice for each subscriber whom one concerns, if it is news.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import (
    Binding,
    Bulletins,
    Checked,
    DueLists,
    Lane,
    Ledger,
    Notice,
    OutageNotice,
    Topic,
)
from dialogs.published.outage_notices import (
    OVERDUE,
    TO_COME,
    bare_words,
    current,
    places,
    standing,
)
from jobs.planning.outage_news import EMERGENCY, KINDS, OVER, Told, key, last_told, news, view
from jobs.planning.plan import Page
from jobs.pushing.rules import SPREAD_S, Hours

CITIZENS_AT_ONCE = 300
STILL_OF_USE = timedelta(days=1)
OLD = timedelta(hours=1)
OUT_WITHIN = timedelta(minutes=30)
"""What is not urgent may wait so long for its turn by day."""


@dataclass(frozen=True, slots=True)
class OutageNotices:
    bulletins: Bulletins
    due: DueLists
    ledger: Ledger
    hours: Hours

    def pages(self, now: datetime) -> Iterator[Page]:
        """One that should be over, and of which the website says nothing, is told to nobody: who
        has water would be alarmed, and who has none knows."""
        bulletin = self.bulletins.outages()
        notices = [
            one
            for one in current(bulletin.notices, now)
            if standing(one, now) != OVERDUE and _holds_still(one, bulletin.checked, now)
        ]
        if not notices:
            return
        after = ""
        while openids := self.ledger.subscribers(Topic.OUTAGE, after=after, limit=CITIZENS_AT_ONCE):
            after = openids[-1]
            bindings = self.ledger.bindings_of(openids)
            yield Page(len(openids), tuple(self._concerned(notices, bindings, now)))

    def _concerned(
        self, notices: Sequence[OutageNotice], bindings: Sequence[Binding], now: datetime
    ) -> Iterator[Notice]:
        """Whoever has two accounts in the area is told once."""
        acct_nos = list(dict.fromkeys(one.acct_no for one in bindings))
        address = {one.acct_no: bare_words(one.address) for one in self.due.accounts(acct_nos)}
        there = [(one, _living_there(one, bindings, address)) for one in notices]
        openids = sorted({openid for _, people in there for openid in people})
        told = last_told(self.ledger.earlier(KINDS, openids)) if openids else {}
        for notice, people in there:
            for openid, acct_no in people.items():
                last = told.get((openid, notice.outage_no))
                if kind := news(notice, last):
                    yield self._news(notice, kind, openid, acct_no, now)
                elif last and self._is_of_today(notice, last, now):
                    yield _reminder(notice, openid, acct_no, now)

    def _news(
        self, notice: OutageNotice, kind: str, openid: str, acct_no: str, now: datetime
    ) -> Notice:
        until = notice.ends_at + STILL_OF_USE
        lane = self._lane(notice, now)
        told = key(notice, kind)
        return Notice(kind, told, openid, acct_no, view(notice), lane, valid_until=until)

    def _lane(self, notice: OutageNotice, now: datetime) -> Lane:
        """A planned one is urgent, too, when it might begin before an ordinary notice is read: in
        the night that is now or close, or at once."""
        read_by = max(self._read_by(now), self._read_by(now + OUT_WITHIN))
        begins_first = standing(notice, now) == TO_COME and notice.starts_at < read_by
        return Lane.URGENT if notice.kind == EMERGENCY or begins_first else Lane.RESULT

    def _is_of_today(self, notice: OutageNotice, last: Told, now: datetime) -> bool:
        """Who was told of it today needs no reminder, nor does anybody once it has begun."""
        return (
            notice.kind != EMERGENCY
            and standing(notice, now) == TO_COME
            and notice.starts_at.astimezone(now.tzinfo).date() == now.date()
            and notice.starts_at > self._read_by(now)
            and last.at.astimezone(now.tzinfo).date() < now.date()
        )

    def _read_by(self, at: datetime) -> datetime:
        """When all have been told that may not be woken at that moment."""
        if not self.hours.is_quiet(at):
            return at
        return self.hours.after_quiet(at, "") + timedelta(seconds=SPREAD_S)


def _holds_still(notice: OutageNotice, checked: Checked, now: datetime) -> bool:
    """What the website has not confirmed for an hour may have been put off since: nobody is to
    store water for that, and what was told of it stands. Whoever has no water now, or has it back,
    is told even so."""
    is_old = checked.checked_at is None or checked.checked_at <= now - OLD
    return not is_old or notice.kind == EMERGENCY or notice.status in OVER


def _living_there(
    notice: OutageNotice, bindings: Sequence[Binding], address: Mapping[str, str]
) -> dict[str, str]:
    """Openid → the first of their accounts that it concerns. `address`: in bare words."""
    area = places(notice)
    there = {no for no, where in address.items() if any(place in where for place in area)}
    people: dict[str, str] = {}
    for one in bindings:
        if one.acct_no in there:
            people.setdefault(one.openid, one.acct_no)
    return people


def _reminder(notice: OutageNotice, openid: str, acct_no: str, now: datetime) -> Notice:
    told = f"{notice.outage_no}:{now.date().isoformat()}"
    shown, until = view(notice), notice.ends_at
    return Notice("outage_today", told, openid, acct_no, shown, Lane.DIGEST, valid_until=until)
