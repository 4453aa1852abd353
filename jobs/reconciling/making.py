"""Constructs the reconciliation from the settings."""

from collections.abc import Callable
from datetime import datetime

from bot import parts, pay_parts
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from bot.settings import Settings
from jobs.job import Job
from jobs.reconciling.books import Books
from jobs.reconciling.fetching import Fetching
from jobs.reconciling.mending import Mending
from jobs.reconciling.reconcile import Reconcile


def reconciliation(settings: Settings, clock: Callable[[], datetime]) -> Job:
    """Of settings that take payments."""
    gateway, takings = pay_parts.gateway_of(settings), pay_parts.takings_of(settings)
    orders, refunds = pay_parts.orders_of(settings), pay_parts.refunds_of(settings)
    books = Books(pay_parts.statements_of(settings), orders, refunds, takings)
    following = Following(orders, gateway, takings, settings.pay_surplus, clock)
    mending = Mending(
        gateway,
        following.took,
        Refunding(refunds, gateway, clock).follow,
        parts.outbox_of(settings),
        parts.records_of(settings),
        clock,
    )
    folder = settings.pay_statement_dir
    return Reconcile(books, Fetching(gateway, books.statements, folder), mending, folder)
