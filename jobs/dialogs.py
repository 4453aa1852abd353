"""What citizens typed into dialogs that have expired does not lie about until Redis drops it.

Enters: the dialog records in Redis. Leaves: those of expired dialogs without their data. Which
dialog it was stays, so that its citizen is still told that it expired.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.memory import Memory
from dialogs.engine import record as records
from jobs.job import Counts, Order


@dataclass(frozen=True, slots=True)
class ExpiredDialogs:
    memory: Memory

    def __call__(self, order: Order) -> Iterator[Counts]:
        emptied = 0
        now_s = int(order.now.timestamp())
        for looked_at, found in enumerate(self.memory.records(), start=1):
            body = records.without_expired(found.body, now_s)
            if body != found.body:
                emptied += order.dry_run or self.memory.replace_record(found, body)
            yield {"looked_at": looked_at, "emptied": emptied}
            if order.leaves(emptied) == 0:
                return
