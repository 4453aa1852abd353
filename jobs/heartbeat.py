"""Workers say in our own database what they are at, so that others can see whether any is.

One row for each duty, whichever machine it is done on: `waterdesk check`, `queue_report` and
/metrics look at when it was last seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backends.ports import Duty, JobLog

BEATS_EVERY = timedelta(seconds=20)
EVERY_S = 10.0


@dataclass(slots=True)
class Heartbeat:
    duty: Duty
    job_log: JobLog
    clock: Callable[[], datetime]
    _beaten_at: datetime | None = field(default=None, init=False)

    def step(self) -> int:
        """Writes no more often than needed, however often it is called."""
        now = self.clock()
        if self._beaten_at is None or now - self._beaten_at >= BEATS_EVERY:
            self.job_log.seen(self.duty, now)
            self._beaten_at = now
        return 0
