"""Late fee 违约金: unpaid principal and days late in, whole fen out.

It never compounds and never passes its cap.
"""

from dataclasses import dataclass
from typing import overload

import numpy as np

from sandbox.city.days import Ints


@dataclass(frozen=True, slots=True)
class LateFeeRule:
    """`grace_days` after the due date are free; then `rate_e4` ten-thousandths of the unpaid
    principal a day, up to `cap_pct` of it."""

    grace_days: int
    rate_e4: int
    cap_pct: int = 100


CITY_RULE = LateFeeRule(grace_days=15, rate_e4=5)


@overload
def late_fee_fen(rule: LateFeeRule, principal_fen: int, days_late: int) -> int: ...
@overload
def late_fee_fen(rule: LateFeeRule, principal_fen: Ints, days_late: Ints) -> Ints: ...
def late_fee_fen(rule: LateFeeRule, principal_fen: int | Ints, days_late: int | Ints) -> int | Ints:
    """`days_late` counts from the due date; the rule's grace is taken off here."""
    principal = np.asarray(principal_fen, dtype=np.int64)
    days = np.maximum(np.asarray(days_late, dtype=np.int64) - rule.grace_days, 0)
    accrued = (principal * days * rule.rate_e4 + 5_000) // 10_000
    capped = np.minimum(accrued, principal * rule.cap_pct // 100)
    return int(capped) if capped.ndim == 0 else capped
