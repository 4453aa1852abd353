"""What an outside system has to tell, taken in by cursor: each event once, in its order, together
with all it changes in one transaction.

Enters: events after the cursor. Leaves: changed submissions, and notices to be told. One worker at
a time holds a system's cursor; when it dies, its lease runs out and another goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from backends.errors import BackendUnavailable
from backends.ports import Desk, Outbox, OutsideEvent
from jobs import results
from jobs.deliveries import DeskDown

log = structlog.get_logger()
LEASE_S = 60.0
AT_ONCE = 100
# An id that is missing may belong to a transaction that is not committed yet.
GAP_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Events:
    system: str
    outbox: Outbox
    desk: Desk
    worker: str
    clock: Callable[[], datetime]

    def step(self) -> int:
        """How many were taken in. DeskDown when the desk does not answer."""
        name = f"events:{self.system}"
        cursor = self.outbox.hold(name, worker=self.worker, now=self.clock(), lease_s=LEASE_S)
        if cursor is None:
            return 0
        try:
            found = self.desk.events(cursor, AT_ONCE)
        except BackendUnavailable as error:
            raise DeskDown from error
        taken = 0
        for event in without_gaps(found, cursor, self.clock()):
            if not self._take(name, event):
                break
            taken += 1
        return taken

    def waiting(self) -> int:
        """How many are there to be taken in, a hundred at the most."""
        return len(self.desk.events(self.outbox.position(f"events:{self.system}"), AT_ONCE))

    def _take(self, name: str, event: OutsideEvent) -> bool:
        changes = results.changes(event, self.system, self.outbox)
        if changes is None:
            log.error("event_not_understood", system=self.system, event_id=event.event_id)
            changes = results.NOTHING
        return self.outbox.take_event(
            name, event.event_id, changes, worker=self.worker, now=self.clock()
        )


def without_gaps(
    events: Sequence[OutsideEvent], cursor: int, now: datetime
) -> Sequence[OutsideEvent]:
    """The events up to the first missing id that may still turn up; an old gap stays one."""
    expected = cursor + 1
    for place, event in enumerate(events):
        if event.event_id != expected and cursor and now - event.at < GAP_PATIENCE:
            return events[:place]
        expected = event.event_id + 1
    return events
