"""Outages to citizens as soon as the website has news of them, in the worker.

The list of subscribers is walked when the feed has changed, and once an hour for who has subscribed
meanwhile and for the morning's reminders; not while the website does not answer, but as soon as it
does again. One worker at a time walks, by a lease; how far it has seen the feed is a cursor in our
own database, moved when the walk is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from backends.ports import OUTAGES, Changes, FeedStore, Ledger, Outbox
from jobs.planning.outages import OLD
from jobs.planning.plan import Planner

log = structlog.get_logger()
# With `jobs.feeds` this makes less than a minute from the website to the ledger.
EVERY_S = 10.0
LEASE_S = 90.0
CURSOR = "outages"


@dataclass(frozen=True, slots=True)
class OutageWalk:
    planner: Planner
    store: FeedStore
    ledger: Ledger
    outbox: Outbox
    worker: str
    clock: Callable[[], datetime]

    def step(self) -> int:
        """How many notices were planned."""
        seen = self._hold()
        if seen is None or (wanted := self._news_of(self.clock())) <= seen:
            return 0
        planned = 0
        for page in self.planner.pages(self.clock()):
            planned += self.ledger.plan(page.notices, self.clock())
            if self._hold() is None:  # another has begun anew, and knows what is planned already
                log.warning("outages_taken_over", notices=planned)
                return planned
        now = self.clock()
        self.outbox.take_event(CURSOR, wanted, Changes(), worker=self.worker, now=now)
        if planned:
            log.info("outages_planned", notices=planned)
        return planned

    def _hold(self) -> int | None:
        """What has been seen; None when another walks."""
        return self.outbox.hold(CURSOR, worker=self.worker, now=self.clock(), lease_s=LEASE_S)

    def _news_of(self, now: datetime) -> int:
        """Since when what is to be seen is as it is, in epoch seconds; 0 when there is nothing."""
        feed = self.store.feed(OUTAGES)
        if feed is None or feed.changed_at is None or feed.checked_at is None:
            return 0
        this_hour = now.replace(minute=0, second=0, microsecond=0)
        is_old = feed.checked_at <= now - OLD
        return int((feed.changed_at if is_old else max(feed.changed_at, this_hour)).timestamp())
