"""What is counted in the stores when somebody asks for the metrics. Constructed in bot/app.py."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry

from backends.ports import FeedStore, SubmissionState
from bot import parts, pay_parts
from bot.feed_metrics import FeedAges
from bot.metrics import WaitingSubmissions, collected
from bot.pay_metrics import PaymentGauges
from bot.push_metrics import Pushes
from bot.settings import Settings

WAITING = (SubmissionState.IN_REVIEW, SubmissionState.QUEUED, SubmissionState.STUCK)


def gauges(
    settings: Settings,
    now: Callable[[], datetime],
    registry: CollectorRegistry,
    feeds: FeedStore,
) -> Callable[[], CollectorRegistry]:
    """What is looked up only when somebody asks for the metrics."""
    outbox = parts.outbox_of(settings)
    waiting = WaitingSubmissions(lambda: outbox.counts(*WAITING))
    ages = FeedAges(parts.feed_addresses(settings), feeds, now)
    pushes = Pushes(parts.ledger_of(settings), parts.job_log_of(settings), now)
    payments = _payments(settings, now)
    return lambda: collected(registry, waiting, ages, pushes, *payments)


def _payments(settings: Settings, now: Callable[[], datetime]) -> tuple[PaymentGauges, ...]:
    if not settings.takes_payments:
        return ()
    orders, refunds = pay_parts.orders_of(settings), pay_parts.refunds_of(settings)
    return (PaymentGauges(orders, refunds, pay_parts.statements_of(settings), now),)
