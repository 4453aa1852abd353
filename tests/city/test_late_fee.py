import numpy as np
import pytest

from sandbox.city.late_fee import LateFeeRule, late_fee_fen

SLOW = LateFeeRule(grace_days=0, rate_e4=5)
STEEP = LateFeeRule(grace_days=0, rate_e4=50)


@pytest.mark.parametrize(
    ("rule", "days", "fen"), [(SLOW, 20, 1_00), (STEEP, 20, 10_00), (STEEP, 300, 100_00)]
)
def test_a_hundred_yuan_bear_the_golden_late_fees(rule: LateFeeRule, days: int, fen: int) -> None:
    assert late_fee_fen(rule, 100_00, days) == fen


def test_no_late_fee_accrues_within_the_days_of_grace() -> None:
    rule = LateFeeRule(grace_days=15, rate_e4=50)
    assert [late_fee_fen(rule, 100_00, days) for days in (-3, 0, 15, 16)] == [0, 0, 0, 50]


def test_the_late_fee_is_rounded_half_up_to_the_fen() -> None:
    assert late_fee_fen(SLOW, 30_00, 1) == 2
    assert late_fee_fen(SLOW, 29_00, 1) == 1


def test_the_cap_can_be_lower_than_the_principal() -> None:
    assert late_fee_fen(LateFeeRule(0, 50, cap_pct=30), 100_00, 365) == 30_00


def test_whole_columns_bear_the_same_late_fees_as_single_bills() -> None:
    principal, days = np.array([100_00, 31_41, 0]), np.array([20, 7, 400])
    single = [late_fee_fen(SLOW, int(p), int(d)) for p, d in zip(principal, days, strict=True)]
    assert late_fee_fen(SLOW, principal, days).tolist() == single
