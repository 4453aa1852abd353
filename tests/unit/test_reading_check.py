"""What a typed reading is taken for: the table of cases, and what must hold of any reading."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.readings.reading_check import (
    THRESHOLDS,
    Judged,
    Known,
    Verdict,
    as_data,
    from_data,
    judge,
    known_of,
    physical_limit,
    usual,
)
from tests.town import METERS, OWES_ONE, READINGS

TWELVE_A_MONTH = Known(
    last_value=1234,
    digits=5,
    q3_m3_h=Decimal("2.5"),
    days=30,
    volumes=tuple(map(Decimal, (12, 11, 13, 14, 12, 10))),
)
VACANT = replace(TWELVE_A_MONTH, volumes=(Decimal(0),) * 6)
NEW = replace(TWELVE_A_MONTH, volumes=())
NEAR_THE_END = replace(TWELVE_A_MONTH, last_value=99990)


@pytest.mark.parametrize(
    ("known", "value", "verdict", "volume"),
    [
        (TWELVE_A_MONTH, 1250, Verdict.NORMAL, 16),
        (TWELVE_A_MONTH, 1234, Verdict.ZERO, 0),
        (VACANT, 1234, Verdict.SAME, 0),
        (NEW, 1234, Verdict.SAME, 0),
        (TWELVE_A_MONTH, 1270, Verdict.NORMAL, 36),  # three times the median, and no more
        (TWELVE_A_MONTH, 1271, Verdict.HIGH, 37),
        (TWELVE_A_MONTH, 1233, Verdict.SMALLER, 0),
        (TWELVE_A_MONTH, 0, Verdict.SMALLER, 0),
        (TWELVE_A_MONTH, 1234 + 1800, Verdict.HIGH, 1800),
        (TWELVE_A_MONTH, 1234 + 1801, Verdict.IMPOSSIBLE, 1801),  # 2.5 m³/h × 24 × 30
        (TWELVE_A_MONTH, 100000, Verdict.IMPOSSIBLE, 0),  # six wheels where there are five
        (VACANT, 1234 + 5, Verdict.NORMAL, 5),
        (VACANT, 1234 + 6, Verdict.HIGH, 6),
        (NEW, 1234 + 60, Verdict.NORMAL, 60),
        (NEW, 1234 + 61, Verdict.HIGH, 61),
        (NEAR_THE_END, 6, Verdict.ROLLOVER, 16),
        (NEAR_THE_END, 50, Verdict.ROLLOVER, 60),
        (NEAR_THE_END, 51, Verdict.SMALLER, 0),
        (replace(NEAR_THE_END, volumes=(Decimal(30),)), 80, Verdict.ROLLOVER, 90),
        (replace(NEAR_THE_END, volumes=(Decimal(30),)), 81, Verdict.SMALLER, 0),
        (replace(NEAR_THE_END, last_value=9990, digits=4), 6, Verdict.ROLLOVER, 16),
        (replace(NEAR_THE_END, q3_m3_h=Decimal("0.1"), days=1), 6, Verdict.SMALLER, 0),
    ],
)
def test_a_reading_is_taken_for_what_it_is(
    known: Known, value: int, verdict: Verdict, volume: int
) -> None:
    assert judge(value, known) == Judged(verdict, volume)


@pytest.mark.parametrize(
    ("year_ago", "volume", "verdict"),
    [
        (8, 18, Verdict.NORMAL),  # more than twice, but not by more than ten
        (8, 19, Verdict.HIGH),
        (15, 30, Verdict.NORMAL),  # by more than ten, but not more than twice
        (15, 31, Verdict.HIGH),
    ],
)
def test_last_year_is_compared_with_too(year_ago: int, volume: int, verdict: Verdict) -> None:
    known = replace(TWELVE_A_MONTH, year_ago=Decimal(year_ago))
    assert judge(known.last_value + volume, known).verdict is verdict


def test_a_reading_on_the_day_of_the_last_one_may_hold_a_day_of_water() -> None:
    assert physical_limit(replace(NEW, days=0)) == 60


def test_only_the_latest_six_volumes_count() -> None:
    summer_long_ago = replace(
        TWELVE_A_MONTH, volumes=(*TWELVE_A_MONTH.volumes, *(Decimal(500),) * 6)
    )
    assert judge(1300, summer_long_ago) == judge(1300, TWELVE_A_MONTH)
    assert usual(summer_long_ago) == usual(TWELVE_A_MONTH) == 12
    assert usual(NEW) is None


def test_what_is_known_comes_from_the_meter_and_its_own_readings() -> None:
    meter = next(one for one in METERS if one.acct_no == OWES_ONE)
    foreign = replace(READINGS[0], meter_code="SH2", volume_m3=Decimal(999))
    own = [one for one in READINGS if one.acct_no == OWES_ONE]
    known = known_of(meter, [foreign, *own], date(2026, 11, 22))
    assert known.days == 29
    assert known.volumes == tuple(map(Decimal, (12, 11, 13, 14, 12, 10)))
    assert known.year_ago == 12


def test_without_a_reading_near_the_day_last_year_is_not_known() -> None:
    meter = next(one for one in METERS if one.acct_no == OWES_ONE)
    recent = [one for one in READINGS if one.acct_no == OWES_ONE][:6]
    assert known_of(meter, recent, date(2026, 11, 22)).year_ago is None


VOLUMES = st.lists(st.decimals(0, 500, places=3), max_size=14)
KNOWN = st.builds(
    lambda digits, last, q3, days, volumes, year_ago: Known(
        last_value=last % 10**digits,
        digits=digits,
        q3_m3_h=q3,
        days=days,
        volumes=tuple(volumes),
        year_ago=year_ago,
    ),
    st.integers(4, 6),
    st.integers(0, 10**6 - 1),
    st.decimals("1.6", 100, places=1),
    st.integers(-3, 400),
    VOLUMES,
    st.none() | st.decimals(0, 500, places=3),
)
VALUES = st.integers(0, 10**7)
GRAVITY = [Verdict.ZERO, Verdict.SAME, Verdict.NORMAL, Verdict.HIGH, Verdict.IMPOSSIBLE]


@given(value=VALUES, known=KNOWN)
def test_a_volume_is_never_negative_and_never_more_than_can_have_run(
    value: int, known: Known
) -> None:
    judged = judge(value, known)
    assert judged.volume >= 0
    if judged.verdict is not Verdict.IMPOSSIBLE:
        assert judged.volume <= physical_limit(known)


@given(value=VALUES, known=KNOWN)
def test_the_dial_arrives_where_it_was_read(value: int, known: Known) -> None:
    """The last value and the volume, around the dial, give the value: with or without rollover."""
    judged = judge(value, known)
    if judged.verdict not in (Verdict.IMPOSSIBLE, Verdict.SMALLER):
        assert (known.last_value + judged.volume) % 10**known.digits == value


@given(known=KNOWN, less=st.integers(0, 10**6), more=st.integers(0, 10**6))
def test_more_water_is_never_taken_for_less_suspicious(known: Known, less: int, more: int) -> None:
    low, high = (judge(known.last_value + extra, known).verdict for extra in sorted((less, more)))
    assert GRAVITY.index(low) <= GRAVITY.index(high) or low in (Verdict.ZERO, Verdict.SAME)


@given(known=KNOWN, back=st.integers(1, 10**6), further=st.integers(0, 10**6))
def test_behind_the_last_value_a_rollover_is_the_likelier_the_further_behind(
    known: Known, back: int, further: int
) -> None:
    value, lower = known.last_value - back, known.last_value - back - further
    if lower >= 0 and judge(value, known).verdict is Verdict.ROLLOVER:
        assert judge(lower, known).verdict is Verdict.ROLLOVER


@given(value=VALUES, known=KNOWN)
def test_a_small_volume_after_the_dials_end_is_a_rollover(value: int, known: Known) -> None:
    around = 10**known.digits - known.last_value + value
    if value < known.last_value and around <= min(THRESHOLDS.rollover_least, physical_limit(known)):
        assert judge(value, known) == Judged(Verdict.ROLLOVER, around)


@given(known=KNOWN)
def test_what_is_known_survives_being_remembered(known: Known) -> None:
    assert from_data(json.loads(json.dumps(as_data(known)))) == known
