"""How the queues stand (`queue_report`): what waits, what is stuck, whether workers are at work,
which jobs have not run.

Enters: our own database. Leaves: counts; what needs a person is `failed`, so that cron mails it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import (
    AWAITED,
    Backlog,
    Duty,
    JobLog,
    JobRun,
    Lane,
    Ledger,
    NoticeState,
    Outbox,
    SubmissionState,
)
from bot.at_work import AWAY_AFTER, is_away, shown, when_seen
from jobs.job import Counts, Order

LATE = timedelta(minutes=15)
SILENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """`needed`: how many of them need a person."""

    what: str
    count: int = 1
    needed: int = 0


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
        if not order.dry_run:
            self.job_log.expect(self.every, order.now)
        lines = [
            *self._submissions(order.now),
            *self._notices(order.now),
            *self._paused(),
            *self._jobs(order.now),
        ]
        counts = {line.what: line.count for line in lines}
        needed = sum(line.needed for line in lines)
        yield {**counts, "failed": needed} if needed else counts

    def _submissions(self, now: datetime) -> Iterator[Line]:
        counts = self.outbox.counts(SubmissionState.QUEUED, SubmissionState.STUCK)
        for (to, state), count in counts.items():
            stuck = state == SubmissionState.STUCK
            yield Line(f"submissions {state} for {to}", count, count if stuck else 0)
        seen = self.job_log.last_seen()
        queued = any(state == SubmissionState.QUEUED for _, state in counts)
        if queued and is_away(Duty.CARRY, seen, now):
            yield Line(f"no worker carries submissions, {when_seen(Duty.CARRY, seen, now)}", 1, 1)

    def _notices(self, now: datetime) -> Iterator[Line]:
        lanes = self.ledger.backlog(now)
        for lane in lanes:
            what = f"notices waiting, {lane.lane.name.lower()}"
            if self._has_waited(lane, LATE, now):
                yield Line(f"{what}, since {shown(lane.oldest_due_at, now)}", lane.waiting, 1)
            else:
                yield Line(what, lane.waiting)
        seen = self.job_log.last_seen()
        awaited = any(self._has_waited(lane, AWAY_AFTER, now) for lane in lanes)
        if awaited and is_away(Duty.LOOK, seen, now):
            yield Line(f"no worker pushes, {when_seen(Duty.LOOK, seen, now)}", 1, 1)

    def _has_waited(self, lane: Backlog, longer_than: timedelta, now: datetime) -> bool:
        """Not for night alone."""
        may_go = lane.lane is Lane.URGENT or not self.is_quiet(now)
        return may_go and lane.oldest_due_at < now - longer_than

    def _paused(self) -> Iterator[Line]:
        for run in self.ledger.paused():
            if held := run.counts.get(NoticeState.HELD):
                which = f"run {run.run_id}, {run.kind} of {run.day:%m-%d}"
                yield Line(f"notices held, {which} is paused", held)

    def _jobs(self, now: datetime) -> Iterator[Line]:
        ended_well = self.job_log.ended_well()
        for run in self.job_log.latest():
            if trouble := self._trouble(run, ended_well.get(run.name), now):
                yield Line(f"job {run.name} {trouble}", 1, 1)

    def _trouble(self, run: JobRun, ended_well: datetime | None, now: datetime) -> str:
        """'' for none."""
        every = self.every.get(run.name)
        overdue = every is not None and run.started_at < now - 2 * every
        if run.outcome == AWAITED:
            return f"has never run, awaited since {shown(run.started_at, now)}" if overdue else ""
        well = (
            f"ended well last {shown(ended_well, now)}" if ended_well else "not once well in a week"
        )
        if run.ended_at is None:
            killed = run.beat_at < now - SILENT
            return f"was killed {shown(run.beat_at, now)}, {well}" if killed else ""
        if run.outcome == "failed":
            return f"failed {shown(run.ended_at, now)}, {well}"
        return f"is overdue, ran last {shown(run.started_at, now)}" if overdue else ""
