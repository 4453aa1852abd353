from dataclasses import replace
from datetime import date
from decimal import Decimal

from dialogs.billing.forecast import forecast
from tests.town import TIERS

D = Decimal
USED = TIERS[0]  # 120 m³ from 1 January to 24 October 2026: 297 days


def test_the_day_is_the_first_on_which_the_tier_is_full_at_this_pace() -> None:
    found = forecast(replace(USED, used_m3=D(200)), D(220))
    assert found is not None
    assert found.on == date(2026, 11, 23)  # 20 m³ at 0.673 a day: 29.7 days
    assert found.by_end_m3 == 246


def test_a_tier_that_is_not_reached_within_the_year_has_no_day() -> None:
    found = forecast(USED, D(220))
    assert found is not None
    assert (found.on, found.ends, found.by_end_m3) == (None, date(2026, 12, 31), D(147))


def test_a_tier_that_is_full_on_the_last_day_is_reached() -> None:
    usage = replace(USED, as_of=date(2026, 12, 1), used_m3=D(335))  # one m³ a day
    found = forecast(usage, D(365))
    assert found is not None
    assert found.on == date(2026, 12, 31)
    later = forecast(usage, D(366))
    assert later is not None
    assert later.on is None


def test_who_uses_nothing_reaches_nothing() -> None:
    found = forecast(replace(USED, used_m3=D(0)), D(220))
    assert found is not None
    assert (found.on, found.by_end_m3) == (None, 0)


def test_nothing_is_said_of_a_year_that_has_hardly_begun() -> None:
    assert forecast(replace(USED, as_of=date(2026, 2, 13)), D(220)) is None
    assert forecast(replace(USED, as_of=date(2026, 2, 14)), D(220)) is not None


def test_nothing_is_said_of_tiers_by_the_month() -> None:
    assert forecast(replace(USED, tier_period="month"), D(22)) is None


def test_a_year_that_begins_on_a_leap_day_has_an_end() -> None:
    usage = replace(USED, since=date(2028, 2, 29), as_of=date(2028, 6, 30))
    found = forecast(usage, D(220))
    assert found is not None
    assert found.ends == date(2029, 2, 27)
