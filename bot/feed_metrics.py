"""How old what the website said is, for /metrics: from our own database, the same on every node."""

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backends.errors import BackendError
from backends.ports import FeedStore


class FeedAges(Collector):
    def __init__(
        self, names: Iterable[str], store: FeedStore, clock: Callable[[], datetime]
    ) -> None:
        self._names = tuple(names)
        self._store = store
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        gauge = GaugeMetricFamily(
            "waterdesk_feed_age_seconds",
            "Seconds since the website last answered well; infinite when it never has",
            labels=["feed"],
        )
        try:
            for name in self._names:
                gauge.add_metric([name], self._age_s(name))
        except BackendError:  # /readyz says that the database is away
            return
        yield gauge

    def _age_s(self, name: str) -> float:
        feed = self._store.feed(name)
        if feed is None or feed.checked_at is None:
            return math.inf
        return (self._clock() - feed.checked_at).total_seconds()
