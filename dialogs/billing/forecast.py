"""When the next tier of the year is reached, at the pace of the year so far."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from backends.ports import TierUsage

ENOUGH_DAYS = 45  # of fewer a year cannot be told


@dataclass(frozen=True, slots=True)
class Forecast:
    """`on`: the day the bound is passed, None when not within the year. `by_end_m3`: used by
    the year's last day, `ends`."""

    on: date | None
    ends: date
    by_end_m3: Decimal


def forecast(usage: TierUsage, upto_m3: Decimal) -> Forecast | None:
    """None where nothing can be said: tiers by the month, or a year that has hardly begun."""
    days = (usage.as_of - usage.since).days + 1
    if usage.tier_period != "year" or days < ENOUGH_DAYS:
        return None
    ends = _year_later(usage.since) - timedelta(days=1)
    per_day = usage.used_m3 / days
    rest = max((ends - usage.as_of).days, 0)
    by_end = (usage.used_m3 + per_day * rest).quantize(Decimal(1), ROUND_HALF_UP)
    on = None
    if per_day > 0 and per_day * rest >= upto_m3 - usage.used_m3:
        needed = ((upto_m3 - usage.used_m3) / per_day).to_integral_value(ROUND_CEILING)
        on = usage.as_of + timedelta(days=int(needed))
    return Forecast(on, ends, by_end)


def _year_later(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
