"""How pushes, workers and cron jobs go, for /metrics: from our own database, so the same on every
node."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backends.errors import BackendError
from backends.ports import AWAITED, Duty, JobLog, Ledger, NoticeState


class Pushes(Collector):
    def __init__(self, ledger: Ledger, job_log: JobLog, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._job_log = job_log
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        try:
            found = [*self._waiting(now), self._held(), *self._today(now)]
            found += [self._workers(now), self._jobs(now)]
        except BackendError:  # /readyz says that the database is away
            return
        yield from found

    def _waiting(self, now: datetime) -> Iterator[Metric]:
        waiting = GaugeMetricFamily(
            "waterdesk_pushes_waiting", "Notices that are due and not sent", labels=["lane"]
        )
        oldest = GaugeMetricFamily(
            "waterdesk_pushes_oldest_seconds",
            "For how long the first of them has been due",
            labels=["lane"],
        )
        for lane in self._ledger.backlog(now):
            name = lane.lane.name.lower()
            waiting.add_metric([name], lane.waiting)
            oldest.add_metric([name], (now - lane.oldest_due_at).total_seconds())
        yield waiting
        yield oldest

    def _held(self) -> Metric:
        """However long ago they were planned."""
        held = Counter[str]()
        for run in self._ledger.paused():
            held[run.kind] += run.counts.get(NoticeState.HELD, 0)
        gauge = GaugeMetricFamily(
            "waterdesk_pushes_held",
            "Notices that wait for their run to be resumed",
            labels=["kind"],
        )
        for kind, count in held.items():
            gauge.add_metric([kind], count)
        return gauge

    def _today(self, now: datetime) -> Iterator[Metric]:
        """Of notices planned today; of those that WeChat took, how many within ten seconds."""
        states = GaugeMetricFamily(
            "waterdesk_pushes_today", "Notices planned today", labels=["kind", "state"]
        )
        prompt = GaugeMetricFamily(
            "waterdesk_pushes_prompt_ratio",
            "Share of those that WeChat took within ten seconds of when they were due",
        )
        runs = self._ledger.runs(now.date())
        for run in runs:
            for state, count in run.counts.items():
                states.add_metric([run.kind, state.value], count)
        if accepted := sum(run.accepted for run in runs):
            prompt.add_metric([], sum(run.prompt for run in runs) / accepted)
        yield states
        yield prompt

    def _workers(self, now: datetime) -> Metric:
        ages = GaugeMetricFamily(
            "waterdesk_worker_seen_seconds",
            "Seconds since any worker was last at it; infinite when none ever was",
            labels=["duty"],
        )
        last_seen = self._job_log.last_seen()
        for duty in Duty:
            at = last_seen.get(duty)
            ages.add_metric([duty.value], (now - at).total_seconds() if at else math.inf)
        return ages

    def _jobs(self, now: datetime) -> Metric:
        ages = GaugeMetricFamily(
            "waterdesk_job_last_success_seconds",
            "Seconds since a cron job last ended well; infinite when it has not for a week; since "
            "it was first missed when it never ran",
            labels=["job"],
        )
        ended_well = self._job_log.ended_well()
        for run in self._job_log.latest():
            at = run.started_at if run.outcome == AWAITED else ended_well.get(run.name)
            ages.add_metric([run.name], (now - at).total_seconds() if at else math.inf)
        return ages
