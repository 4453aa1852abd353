"""What the website publishes, into our own database within a minute; a website that does not answer
leaves the last good data, marked as such.

Enters: the feeds, outages and water quality. Leaves: their last good items. One worker at a time
asks, by a lease; two at once would do no harm, since each keeps what the website says now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from backends.errors import BackendUnavailable
from backends.ports import FeedStore, Fetched, Outbox, StoredFeed, Website

log = structlog.get_logger()
# An emergency is in the ledger a minute after its publication: asked here, answered within ten
# seconds, walked by `jobs.outages`.
EVERY_S = 40.0
LEASE_S = 90.0
LEASE = "feeds"


@dataclass(frozen=True, slots=True)
class Feeds:
    names: Sequence[str]
    website: Website
    store: FeedStore
    outbox: Outbox
    worker: str
    clock: Callable[[], datetime]

    def step(self) -> int:
        """Always 0: the feeds are looked at once in a while, however much they bring."""
        now = self.clock()
        held = self.outbox.hold(LEASE, worker=self.worker, now=now, lease_s=LEASE_S)
        if held is not None:
            for name in self.names:
                self.look(name)
        return 0

    def look(self, name: str) -> bool | None:
        """Whether it has changed; None when the website does not answer."""
        last = self.store.feed(name)
        try:
            fetched = self.website.fetch(name, last)
        except BackendUnavailable as error:
            log.warning("feed_failed", feed=name, why=str(error))
            self.store.keep_feed(replace(last or _nothing(name), failing=True))
            return None
        self.store.keep_feed(self._kept(name, last, fetched))
        if not fetched.unchanged:
            log.info("feed_changed", feed=name, items=len(fetched.items), left_out=fetched.left_out)
        return not fetched.unchanged

    def _kept(self, name: str, last: StoredFeed | None, fetched: Fetched) -> StoredFeed:
        now = self.clock()
        return StoredFeed(
            name=name,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            content_hash=fetched.content_hash,
            items=fetched.items,
            changed_at=last.changed_at if last and fetched.unchanged else now,
            checked_at=now,
            failing=False,
        )


def _nothing(name: str) -> StoredFeed:
    return StoredFeed(name, "", "", "", (), changed_at=None, checked_at=None, failing=False)
