"""What /metrics tells of payments."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from backends.errors import BackendUnavailable
from backends.ports import Difference, Mismatch, Totals
from bot.pay_metrics import PaymentGauges
from tests.fakes.statements import FakeStatements
from tests.paying.house import OCTOBER, SEPTEMBER, House


@pytest.fixture
def statements() -> FakeStatements:
    return FakeStatements()


@pytest.fixture
def registry(house: House, statements: FakeStatements) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(PaymentGauges(house.orders, house.refunds, statements, house.clock))
    return registry


def test_orders_of_today_are_counted_by_state(house: House, registry: CollectorRegistry) -> None:
    house.places(OCTOBER)
    house.later(days=1)
    house.following.took(house.pays(house.prepares(SEPTEMBER)))
    today = "waterdesk_orders_today"
    assert registry.get_sample_value(today, {"state": "paid"}) == 1
    assert registry.get_sample_value(today, {"state": "placed"}) is None


def test_the_age_of_the_oldest_payment_that_csms_has_not_posted(
    house: House, registry: CollectorRegistry
) -> None:
    assert registry.get_sample_value("waterdesk_payments_unposted_seconds") == 0
    for item in (SEPTEMBER, OCTOBER):
        house.following.took(house.pays(house.prepares(item)))
        house.later(minutes=10)
    assert registry.get_sample_value("waterdesk_payments_unposted_seconds") == 1200
    house.posts()
    assert registry.get_sample_value("waterdesk_payments_unposted_seconds") == 0


def test_refunds_that_wait_for_staff_are_counted(registry: CollectorRegistry, house: House) -> None:
    house.books.refuses = True
    house.following.took(house.pays(house.prepares(OCTOBER)))
    house.posts()
    waiting = "waterdesk_refunds_waiting"
    assert registry.get_sample_value(waiting, {"state": "proposed"}) == 1
    assert registry.get_sample_value(waiting, {"state": "asked"}) == 0


def test_without_the_database_nothing_is_said(house: House, registry: CollectorRegistry) -> None:
    house.orders.fail_with(BackendUnavailable("records", 1.0))
    assert list(registry.collect()) == []


def test_differences_that_nobody_has_settled_are_counted_by_class(
    house: House, statements: FakeStatements, registry: CollectorRegistry
) -> None:
    yesterday = house.clock().date() - timedelta(days=1)
    statements.note(1, [Difference(yesterday, Mismatch.LONG, "W1")], house.clock())
    counted = "waterdesk_differences_open"
    assert registry.get_sample_value(counted, {"mismatch": "long"}) == 1
    assert registry.get_sample_value(counted, {"mismatch": "short"}) == 0


def test_a_day_that_was_not_reconciled_counts_from_noon_of_the_next(
    house: House, statements: FakeStatements, registry: CollectorRegistry
) -> None:
    counted = "waterdesk_days_not_reconciled"
    assert registry.get_sample_value(counted) == 0
    before = house.clock().date() - timedelta(days=2)
    statements.begin(before, "", Totals())
    statements.matched(before, statements.next_run(before), house.clock())
    house.later(hours=(23 - house.clock().hour))
    assert registry.get_sample_value(counted) == 1
    house.later(hours=2)
    assert registry.get_sample_value(counted) == 1
    house.later(hours=13)
    assert registry.get_sample_value(counted) == 2
