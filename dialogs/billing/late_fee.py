"""Late fee 违约金: from which day it starts, and what it has come to on a day."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from dialogs.billing.tariff import FEN, LateFeeRule


def first_day(rule: LateFeeRule, due_date: date) -> date:
    """The day for which the first day's late fee is charged."""
    return due_date + timedelta(days=rule.grace_days + 1)


def late_fee(rule: LateFeeRule, principal: Decimal, due_date: date, as_of: date) -> Decimal:
    """On the unpaid `principal` up to and with the day `as_of`."""
    days = (as_of - first_day(rule, due_date)).days + 1
    if days <= 0 or principal <= 0:
        return Decimal("0.00")
    accrued = (principal * rule.daily_rate * days).quantize(FEN, ROUND_HALF_UP)
    return min(accrued, (principal * rule.cap).quantize(FEN, ROUND_DOWN))
