"""What is past its time goes (docs/privacy.md says why each time is what it is).

Enters: the clock. Leaves: rows and files that are kept no longer. A row goes before its file: what
a crash leaves behind between the two belongs to nobody, and orphans.py removes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from backends.ports import Expiring, Expiry, PhotoStore

log = structlog.get_logger()
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept: from its end where it has one, else from its beginning."""

    private: timedelta = timedelta(days=30)
    documents: timedelta = timedelta(days=30)
    unused_documents: timedelta = timedelta(days=7)
    photos: timedelta = timedelta(days=730)
    contents: timedelta = timedelta(days=730)
    notices: timedelta = timedelta(days=180)
    failures: timedelta = timedelta(days=180)
    ended_links: timedelta = timedelta(days=730)
    invites: timedelta = timedelta(days=730)
    withdrawn_consents: timedelta = timedelta(days=3 * 365)
    unpaid_orders: timedelta = timedelta(days=90)
    payers: timedelta = timedelta(days=730)

    def of(self, what: Expiring) -> timedelta:
        kept: timedelta = getattr(self, what.value)
        return kept


@dataclass(frozen=True, slots=True)
class Purge:
    """`store` is None where photos are not kept."""

    expiry: Expiry
    store: PhotoStore | None
    clock: Callable[[], datetime]
    retention: Retention = field(default_factory=Retention)

    def step(self) -> int:
        """Always 0: what becomes due from now on is left for tomorrow."""
        gone = {what.value: count for what, count in self.purge().items() if count}
        if gone:
            log.info("purged", **gone)
        return 0

    def due(self) -> Mapping[Expiring, int]:
        return {what: self.expiry.due(what, self._before(what)) for what in Expiring}

    def purge(self, at_most: int | None = None) -> Mapping[Expiring, int]:
        """How many of each went: about `at_most`, or all that are due."""
        return {what: self._purge(what, at_most) for what in Expiring}

    def _purge(self, what: Expiring, at_most: int | None) -> int:
        before, count = self._before(what), 0
        while at_most is None or count < at_most:
            batch = AT_ONCE if at_most is None else min(AT_ONCE, at_most - count)
            gone = self.expiry.purge(what, before, batch)
            if not gone.count:
                break
            count += gone.count
            for photo_id in gone.photo_ids:
                if self.store:
                    self.store.delete(photo_id)
        return count

    def _before(self, what: Expiring) -> datetime:
        return self.clock() - self.retention.of(what)
