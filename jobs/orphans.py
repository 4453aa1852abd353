"""Photos that belong to nobody: taken in a turn that came to nothing, so that no row names them.

Enters: the files of the media folder that are older than a day. Leaves: those with a row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog

from backends.ports import Outbox, PhotoStore

log = structlog.get_logger()
# A turn that takes a photo commits its row within seconds; a day is for clocks that disagree.
OLD_ENOUGH = timedelta(days=1)
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Orphans:
    outbox: Outbox
    store: PhotoStore
    clock: Callable[[], datetime]

    def step(self) -> int:
        """Always 0: what is left after one look is left for the next."""
        removed = 0
        for photo_ids in self._batches():
            known = {photo.photo_id for photo in self.outbox.photo_rows(photo_ids)}
            for photo_id in photo_ids:
                if photo_id not in known:
                    self.store.delete(photo_id)
                    removed += 1
        if removed:
            log.info("orphans_removed", photos=removed)
        return 0

    def _batches(self) -> Iterator[tuple[str, ...]]:
        old = iter(self.store.stored_before(self.clock() - OLD_ENOUGH))
        while photo_ids := tuple(islice(old, AT_ONCE)):
            yield photo_ids
