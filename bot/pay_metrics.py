"""How payments go, for /metrics: from our own database, so the same on every node."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backends.errors import BackendError
from backends.ports import Mismatch, Orders, Refunds, Statements
from bot.paying.agreeing import NOT_AT_AN_END

AT_MOST = 1000
WEEK = timedelta(days=7)
BY_NOON = timedelta(hours=12)
"""By then yesterday is compared."""


class PaymentGauges(Collector):
    def __init__(
        self,
        orders: Orders,
        refunds: Refunds,
        statements: Statements,
        clock: Callable[[], datetime],
    ) -> None:
        self._orders = orders
        self._refunds = refunds
        self._statements = statements
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        try:
            found = [self._today(), self._unposted(), self._waiting()]
            found += [self._differences(), self._not_compared()]
        except BackendError:  # /readyz says that the database is away
            return
        yield from found

    def _today(self) -> Metric:
        gauge = GaugeMetricFamily(
            "waterdesk_orders_today", "Payment orders placed today", labels=["state"]
        )
        midnight = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        for state, (count, _) in self._orders.counts(midnight).items():
            gauge.add_metric([state.value], count)
        return gauge

    def _unposted(self) -> Metric:
        """The first by its number, which begins with when it was placed."""
        gauge = GaugeMetricFamily(
            "waterdesk_payments_unposted_seconds",
            "For how long CSMS has not posted the oldest payment; 0 when all are posted",
        )
        now, age_s = self._clock(), 0.0
        for order, _ in self._orders.unposted(now, "", 1):
            age_s = (now - order.paid_at).total_seconds() if order.paid_at else 0.0
        gauge.add_metric([], age_s)
        return gauge

    def _waiting(self) -> Metric:
        gauge = GaugeMetricFamily(
            "waterdesk_refunds_waiting", "Refunds that are not at an end", labels=["state"]
        )
        found = self._refunds.refunds(NOT_AT_AN_END, AT_MOST)
        counted = Counter(refund.state for refund in found)
        for state in NOT_AT_AN_END:
            gauge.add_metric([state.value], counted[state])
        return gauge

    def _differences(self) -> Metric:
        gauge = GaugeMetricFamily(
            "waterdesk_differences_open",
            "Differences of the reconciliation that nobody has settled",
            labels=["mismatch"],
        )
        counts = self._statements.counts()
        for mismatch in Mismatch:
            gauge.add_metric([mismatch.value], counts.get(mismatch, 0))
        return gauge

    def _not_compared(self) -> Metric:
        """Yesterday counts from noon on. Without any compared day nothing is expected yet."""
        gauge = GaugeMetricFamily(
            "waterdesk_days_not_reconciled", "Days of the last seven that were not reconciled"
        )
        last = (self._clock() - BY_NOON).date() - timedelta(days=1)
        matched = self._statements.matched_days(last - WEEK + timedelta(days=1))
        expected = (last - min(matched)).days + 1 if matched else 0
        done = sum(day <= last for day in matched)
        gauge.add_metric([], max(expected - done, 0))
        return gauge
