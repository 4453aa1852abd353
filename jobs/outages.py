"""Outages to citizens as soon as the website has news of them, in the worker.

The list of subscribers is walked when the feed has changed, and once an hour for who has subscribed
meanwhile and for the morning's reminders. One worker at a time walks, by a lease; how far it has
seen the feed is a cursor in our own database, moved when the walk is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from backends.ports import OUTAGES, Changes, FeedStore, Ledger, Outbox
from jobs.planning.plan import Planner

log = structlog.get_logger()
EVERY_S = 15.0
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
        now = self.clock()
        seen = self.outbox.hold(CURSOR, worker=self.worker, now=now, lease_s=LEASE_S)
        wanted = self._news_of(now)
        if seen is None or wanted <= seen:
            return 0
        planned = sum(self.ledger.plan(page.notices, now) for page in self.planner.pages(now))
        self.outbox.take_event(CURSOR, wanted, Changes(), worker=self.worker, now=now)
        if planned:
            log.info("outages_planned", notices=planned)
        return planned

    def _news_of(self, now: datetime) -> int:
        """Since when what there is to see is as it is, in epoch seconds."""
        feed = self.store.feed(OUTAGES)
        changed = feed.changed_at if feed else None
        this_hour = now.replace(minute=0, second=0, microsecond=0)
        return int(max(changed or this_hour, this_hour).timestamp())
