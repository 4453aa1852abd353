"""The job: yesterday's trade bill, and those of the week that are not compared yet, each fetched,
taken over, compared, and written out for the utility.

Killed anywhere it goes on: rows that were taken over stay, and a comparison that begins anew finds
the same again. Two at once do the same twice, and nothing more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import structlog

from backends.errors import Rejected, StatementBroken, StatementNotReady
from jobs.job import Counts, Order
from jobs.reconciling.books import Books
from jobs.reconciling.explaining import Explaining
from jobs.reconciling.fetching import Fetching
from jobs.reconciling.mending import Mending
from jobs.reconciling.paper import growing
from jobs.reconciling.trade_bill import SHANGHAI
from jobs.reconciling.walking import Found, Walk

log = structlog.get_logger()
ONE_DAY = timedelta(days=1)
READY_AT = time(10)
"""When WeChat has yesterday's bill; that of a bank's midnight batch may come later."""

LOOKS_BACK = timedelta(days=6)
"""Beyond yesterday: days on which the job did not run, or not to its end."""

REFUNDS_KEPT = timedelta(days=35)
"""A refund may take a month to arrive, and stands in the bill of the day it began."""


@dataclass(frozen=True, slots=True)
class Reconcile:
    """`folder`: where the utility's files go."""

    books: Books
    fetching: Fetching
    mending: Mending
    folder: Path

    def __call__(self, order: Order) -> Iterator[Counts]:
        counts = Counter[str]()
        for day in self._days(order):
            yield from self._reconcile(day, order, counts)
        if not order.dry_run:
            self._finish(order.now, counts)
        yield counts

    def _days(self, order: Order) -> Sequence[date]:
        """Oldest first, so that a day finds the one before."""
        if order.day:
            return [order.day]
        yesterday = order.now.astimezone(SHANGHAI).date() - ONE_DAY
        first = yesterday - LOOKS_BACK
        done = self.books.statements.matched_days(first) - {yesterday}
        week = (first + ONE_DAY * n for n in range(LOOKS_BACK.days + 1))
        return [day for day in week if day not in done]

    def _reconcile(self, day: date, order: Order, counts: Counter[str]) -> Iterator[Counts]:
        counts["days"] += 1
        try:
            for beside in (day - ONE_DAY, day + ONE_DAY):
                yield from self._have_beside(beside, order, counts)
            yield from self._have(day, order, counts)
        except StatementNotReady:
            counts["not_ready"] += 1
            log.warning("statement_not_ready", day=str(day))
            return
        except StatementBroken as error:
            counts["broken"] += 1
            log.error("statement_broken", day=str(day), why=error.why)
            return
        known = self.books.statements.statement(day)
        if known and known.is_staged:
            yield from self._compare(day, order, counts)

    def _have(self, day: date, order: Order, counts: Counter[str]) -> Iterator[Counts]:
        if self.fetching.staged(day):
            return
        if _is_early(day, order.now):
            raise StatementNotReady(day)
        if order.dry_run:
            counts["rows"] += self.fetching.check(day).rows
            return
        for taken_over in self.fetching.fetch(day, order.leaves(counts["rows"])):
            counts["rows"] += taken_over
            yield counts

    def _have_beside(self, day: date, order: Order, counts: Counter[str]) -> Iterator[Counts]:
        """For what midnight has moved; without it more may have to wait."""
        if order.dry_run or _is_early(day, order.now):
            return
        try:
            yield from self._have(day, order, counts)
        except (StatementNotReady, StatementBroken, Rejected) as error:
            log.info("statement_beside_missing", day=str(day), why=str(error))

    def _compare(self, day: date, order: Order, counts: Counter[str]) -> Iterator[Counts]:
        statements, dry = self.books.statements, order.dry_run
        run = 0 if dry else statements.next_run(day)
        walk = Walk(self.books, day, None if dry else self.mending)
        with growing(self.folder) as paper:
            for found in walk.pages(paper):
                if not dry:
                    statements.note(run, found.differences, order.now)
                _count(counts, found)
                yield counts
                if order.leaves(counts["compared"]) == 0:
                    return
            if not dry:
                paper.save(day)
                statements.matched(day, run, order.now)

    def _finish(self, now: datetime, counts: Counter[str]) -> None:
        waiting = Explaining(self.books).explain(now)
        still_open = sum(self.books.statements.counts().values())
        today = now.astimezone(SHANGHAI).date()
        while self.books.statements.forget(today - 2 * ONE_DAY, today - REFUNDS_KEPT):
            pass
        counts.update(self.mending.done)
        counts["open"] = still_open
        counts["waiting"] = waiting
        for_a_person = max(still_open - waiting - counts["handled"], 0)
        counts["failed"] = for_a_person + counts["not_ready"] + counts["broken"]


def _count(counts: Counter[str], found: Found) -> None:
    counts["compared"] += found.looked_at
    counts["handled"] += found.handled
    counts.update(one.mismatch.value for one in found.differences)


def _is_early(day: date, now: datetime) -> bool:
    return now < datetime.combine(day + ONE_DAY, READY_AT, SHANGHAI)
