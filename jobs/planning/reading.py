"""Reminders of the reading day 抄表提醒: some days before it, once in a cycle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backends.ports import (
    Binding,
    DueLists,
    Lane,
    Ledger,
    Mark,
    Meter,
    Notice,
    SubmissionKind,
    Topic,
)
from dialogs.accounts import READ_METERS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import about_account, end_of

AUDIENCE = Audience(READ_METERS, Topic.READING)


@dataclass(frozen=True, slots=True)
class ReadingReminders:
    """`days_before` and `days_after` the reading day, a self reading is taken. A meter that must
    be read on site is told of by its visit."""

    due: DueLists
    ledger: Ledger
    days_before: int
    days_after: int

    def pages(self, now: datetime) -> Iterator[Page]:
        today = now.date()
        last = today + timedelta(days=self.days_before)

        def page(behind: Mark, limit: int) -> tuple[Meter, ...]:
            return self.due.meters_to_read(behind, last, limit)

        def notice(meter: Meter, to: Binding) -> Notice:
            on = _reading_day(meter)
            return _notice(to, meter, on, on + timedelta(days=self.days_after), now)

        meters = self._unread(walked(page, _mark, Mark(today)), now)
        return told(self.ledger, AUDIENCE, meters, notice, wanted=lambda one: not one.visit_due)

    def _unread(
        self, portions: Iterator[Sequence[Meter]], now: datetime
    ) -> Iterator[Sequence[Meter]]:
        """Whoever has sent their reading, which CSMS may not have looked at yet, is not asked for
        it again."""
        cycle = timedelta(days=self.days_before + self.days_after + 1)
        for meters in portions:
            acct_nos = [one.acct_no for one in meters]
            read = self.ledger.asked_for(SubmissionKind.READING, acct_nos, now - cycle)
            yield [one for one in meters if one.acct_no not in read]


def _notice(to: Binding, meter: Meter, on: date, last: date, now: datetime) -> Notice:
    """`last`: the last day of the cycle on which a self reading is taken."""
    view = {"on": on.isoformat(), "until": last.isoformat(), "visit": meter.visit_due}
    key = f"{meter.meter_code}:{meter.last_read_on.isoformat()}"
    return about_account("reading_due", key, to, view, Lane.REMINDER, end_of(last, now))


def _mark(meter: Meter) -> Mark:
    return Mark(_reading_day(meter), meter.meter_code)


def _reading_day(meter: Meter) -> date:
    """Listed meters have one: they were asked for by it."""
    if meter.next_reading_on is None:
        raise ValueError("a meter without a reading day is to be read")
    return meter.next_reading_on
