"""How pushes and cron jobs go, for /metrics: from our own database, the same on every node."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backends.errors import BackendError
from backends.ports import JobLog, Ledger


class Pushes(Collector):
    def __init__(self, ledger: Ledger, job_log: JobLog, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._job_log = job_log
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        try:
            found = [*self._waiting(now), *self._today(now), self._jobs()]
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

    def _today(self, now: datetime) -> Iterator[Metric]:
        """Of notices planned today; how many of those that WeChat took it took within ten seconds
        of when they were due."""
        states = GaugeMetricFamily(
            "waterdesk_pushes_today", "Notices planned today", labels=["kind", "state"]
        )
        prompt = GaugeMetricFamily(
            "waterdesk_pushes_prompt_ratio",
            "Share of those that WeChat took within ten seconds of when they were due",
            labels=["kind"],
        )
        for run in self._ledger.runs(now.date()):
            for state, count in run.counts.items():
                states.add_metric([run.kind, state.value], count)
            if run.accepted:
                prompt.add_metric([run.kind], run.prompt / run.accepted)
        yield states
        yield prompt

    def _jobs(self) -> Metric:
        ended = GaugeMetricFamily(
            "waterdesk_job_ended_timestamp_seconds",
            "When the last run of a cron job ended; 0 for one that runs or was killed",
            labels=["job", "outcome"],
        )
        for run in self._job_log.latest():
            at = run.ended_at.timestamp() if run.ended_at else 0.0
            ended.add_metric([run.name, run.outcome or "running"], at)
        return ended
