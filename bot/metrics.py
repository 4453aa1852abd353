"""Counters for /metrics. One object, made at start-up; every label has few values and no person."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from backends.errors import BackendError

BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5, 10.0)


class Metrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "waterdesk_messages",
            "Callbacks by kind and outcome",
            ["kind", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "waterdesk_answer_seconds",
            "From callback to answer",
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._dialogs = Counter(
            "waterdesk_dialogs",
            "Funnel: started step completed cancelled expired …",
            ["dialog", "event"],
            registry=registry,
        )
        self._failures = Counter(
            "waterdesk_apologies", "Apologies by template", ["template"], registry=registry
        )
        self._late = Counter(
            "waterdesk_late_answers",
            "Answers after the acknowledgement, by fate",
            ["fate"],
            registry=registry,
        )
        self._refused = Counter(
            "waterdesk_refused", "Requests the gate turned away", ["status"], registry=registry
        )
        self._breakers = Counter(
            "waterdesk_breaker_changes",
            "Circuit breakers by system and new state",
            ["system", "state"],
            registry=registry,
        )
        self._known: dict[tuple[str, str], Counter] = {}

    def message(self, kind: str, outcome: str, seconds: float) -> None:
        # `labels()` takes a lock and builds strings each time: the children are kept.
        child = self._known.get((kind, outcome))
        if child is None:
            child = self._known[kind, outcome] = self._messages.labels(kind, outcome)
        child.inc()
        self._seconds.observe(seconds)

    def dialog(self, dialog: str, event: str) -> None:
        self._dialogs.labels(dialog, event).inc()

    def failure(self, template: str) -> None:
        self._failures.labels(template).inc()

    def late(self, fate: str) -> None:
        self._late.labels(fate).inc()

    def refused(self, status: int) -> None:
        self._refused.labels(str(status)).inc()

    def breaker(self, system: str, state: str) -> None:
        self._breakers.labels(system, state).inc()


class WaitingSubmissions(Collector):
    """What waits to be handed over, and what is stuck, counted when it is asked for: the same
    figures on every node, since they come from our own database."""

    def __init__(self, counts: Callable[[], Mapping[tuple[str, str], int]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        gauge = GaugeMetricFamily(
            "waterdesk_submissions",
            "Submissions that wait or are stuck",
            labels=["system", "state"],
        )
        try:
            for (system, state), number in self._counts().items():
                gauge.add_metric([system, state], number)
        except BackendError:  # /readyz says that the database is away
            return
        yield gauge


def collected(registry: CollectorRegistry, *of_the_database: Collector) -> CollectorRegistry:
    """With several workers, each writes its counters to files of PROMETHEUS_MULTIPROC_DIR."""
    together = CollectorRegistry()
    for one in of_the_database:
        together.register(one)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    else:
        together.register(_Same(registry))
    return together


class _Same(Collector):
    """What another registry collects."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()
