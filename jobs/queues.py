"""How the queues stand (`queue_report`): what waits, what is stuck, which jobs have not run.

Enters: our own database. Leaves: counts; what needs a person is `failed`, so that cron mails it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import JobLog, JobRun, Lane, Ledger, Outbox, SubmissionState
from jobs.job import Counts, Order

LATE = timedelta(minutes=15)
SILENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class QueueReport:
    """`every`: how often each job that is on a timer runs. `is_quiet`: whether night holds back all
    notices but urgent ones."""

    outbox: Outbox
    ledger: Ledger
    job_log: JobLog
    every: Mapping[str, timedelta]
    is_quiet: Callable[[datetime], bool]

    def __call__(self, order: Order) -> Iterator[Counts]:
        submissions = self.outbox.counts(SubmissionState.QUEUED, SubmissionState.STUCK)
        counts = {f"submissions {state} for {to}": n for (to, state), n in submissions.items()}
        stuck = sum(n for (_, state), n in submissions.items() if state == "stuck")
        late = 0
        for lane in self.ledger.backlog(order.now):
            counts[f"notices waiting, {lane.lane.name.lower()}"] = lane.waiting
            awaited = lane.lane is Lane.URGENT or not self.is_quiet(order.now)
            late += awaited and lane.oldest_due_at < order.now - LATE
        overdue = [run.name for run in self.job_log.latest() if self._is_overdue(run, order.now)]
        counts |= {f"job {name} killed, failed or overdue": 1 for name in overdue}
        needed = stuck + late + len(overdue)
        yield {**counts, "failed": needed} if needed else counts

    def _is_overdue(self, run: JobRun, now: datetime) -> bool:
        every = self.every.get(run.name)
        if run.ended_at is None:
            return run.beat_at < now - SILENT
        return run.outcome == "failed" or (every is not None and run.started_at < now - 2 * every)
