from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.billing.late_fee import first_day, late_fee
from dialogs.billing.tariff import (
    LateFeeRule,
    Price,
    Tariff,
    Tariffs,
    all_in,
    bounds,
    charges,
    split,
)
from tests.billing.presets import presets, shipped

D = Decimal
Presets = dict[str, Tariff]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Presets:
    return presets(tmp_path_factory.mktemp("tariffs"))


def amount(tariff: Tariff, before: int, volume: int) -> Decimal:
    lines = charges(tariff, split(D(volume), D(before), bounds(tariff)))
    return sum((line.amount for line in lines), D(0))


@pytest.mark.parametrize(
    ("city", "before", "volume", "yuan"),
    [
        ("shanghai", 210, 25, "106.95"),
        ("shanghai", 290, 40, "223.20"),
        ("beijing", 170, 20, "120.00"),
        ("shenzhen", 0, 35, "184.82"),
        ("guangzhou", 0, 30, "99.42"),
    ],
)
def test_published_tariffs_charge_the_golden_amounts(
    published: Presets, city: str, before: int, volume: int, yuan: str
) -> None:
    assert amount(published[city], before, volume) == D(yuan)


def test_the_golden_bill_of_beijing_has_its_lines_in_their_order(published: Presets) -> None:
    lines = charges(published["beijing"], split(D(20), D(170), bounds(published["beijing"])))
    assert [(line.fee_item, line.tier_no, line.amount) for line in lines] == [
        ("WATER", 1, D("20.70")),
        ("WATER", 2, D("40.70")),
        ("RESOURCE", 0, D("31.40")),
        ("SEWAGE", 0, D("27.20")),
    ]


def test_fee_items_and_tiers_are_a_matrix_in_shenzhen(published: Presets) -> None:
    lines = charges(published["shenzhen"], split(D(35), D(0), bounds(published["shenzhen"])))
    sums = {
        item: sum(line.amount for line in lines if line.fee_item == item)
        for item in ("WATER", "SEWAGE", "REFUSE")
    }
    assert sums == {"WATER": D("130.87"), "SEWAGE": D("33.30"), "REFUSE": D("20.65")}


def test_sewage_in_shanghai_is_charged_on_nine_tenths(published: Presets) -> None:
    sewage = charges(published["shanghai"], (D("0.015"), D(0), D(0)))[-1]
    assert (sewage.volume_m3, sewage.amount) == (D("0.014"), D("0.02"))  # 0.0135 and 0.0238


def test_large_households_get_more_water_in_each_tier(published: Presets) -> None:
    shanghai, beijing = published["shanghai"], published["beijing"]
    assert [bounds(shanghai, people) for people in (4, 5, 7)] == [
        (D(220), D(300)),
        (D(320), D(400)),
        (D(320), D(400)),
    ]
    assert [bounds(beijing, people)[0] for people in (5, 6, 8)] == [180, 210, 270]


def test_a_monthly_tariff_read_every_two_months_has_its_bounds_twice(published: Presets) -> None:
    assert bounds(published["shenzhen"], months=2) == (D(44), D(60))
    assert bounds(published["shanghai"], months=2) == (D(220), D(300))


def test_what_a_cubic_metre_costs_with_everything_on_it(published: Presets) -> None:
    assert [all_in(published["shanghai"], tier) for tier in (1, 2, 3)] == [
        D("3.45"),
        D("4.83"),
        D("5.83"),
    ]
    assert [all_in(published["beijing"], tier) for tier in (1, 2, 3)] == [5, 7, 9]


def test_one_price_charges_everything_in_one_line() -> None:
    flat = Tariff("NONRES", date(2020, 1, 1), "year", (), (Price("WATER", 1, D("2.90")),))
    (line,) = charges(flat, split(D(1000), D(99), bounds(flat)))
    assert (line.volume_m3, line.amount) == (D(1000), D("2900.00"))


def test_no_water_makes_no_lines(published: Presets) -> None:
    assert charges(published["shanghai"], (D(0), D(0), D(0))) == ()


m3 = st.decimals(0, 5000, places=3)


@given(m3, m3, st.lists(m3, max_size=2).map(sorted))
def test_the_parts_are_never_negative_and_add_up_to_the_volume(
    volume: Decimal, before: Decimal, upto: list[Decimal]
) -> None:
    parts = split(volume, before, upto)
    assert len(parts) == len(upto) + 1
    assert sum(parts) == volume
    assert min(parts) >= 0


@given(m3, m3)
def test_a_reversal_mirrors_each_line(volume: Decimal, before: Decimal) -> None:
    tariff = shipped().tariffs[0]
    parts = split(volume, before, bounds(tariff))
    mirrored = charges(tariff, tuple(-part for part in parts))
    assert [-line.amount for line in mirrored] == [line.amount for line in charges(tariff, parts)]


def test_the_list_in_force_is_the_latest_that_has_begun() -> None:
    old, new, other = (
        Tariff(use_class, day, "year", (), ())
        for use_class, day in (
            ("RES", date(2013, 8, 1)),
            ("RES", date(2026, 6, 1)),
            ("NONRES", date(2026, 6, 2)),
        )
    )
    tariffs = Tariffs((old, new, other))
    assert tariffs.at("RES", date(2026, 5, 31)) is old
    assert tariffs.at("RES", date(2026, 6, 1)) is new
    assert tariffs.at("RES", date(2013, 7, 31)) is None
    assert tariffs.at("SPECIAL", date(2026, 6, 1)) is None
    assert Tariffs().at("RES", date(2026, 6, 1)) is None


# --- late fees ------------------------------------------------------------------------------------

DUE = date(2026, 9, 5)
SLOW = LateFeeRule(date(2013, 8, 1), 0, D("0.0005"))
STEEP = LateFeeRule(date(2026, 9, 1), 0, D("0.005"))
GRACE = LateFeeRule(date(2013, 8, 1), 15, D("0.0005"))


@pytest.mark.parametrize(
    ("rule", "days", "yuan"), [(SLOW, 20, "1.00"), (STEEP, 20, "10.00"), (STEEP, 300, "100.00")]
)
def test_a_hundred_yuan_bear_the_golden_late_fees(rule: LateFeeRule, days: int, yuan: str) -> None:
    as_of = date.fromordinal(DUE.toordinal() + days)
    assert late_fee(rule, D("100.00"), DUE, as_of) == D(yuan)


def test_the_late_fee_starts_on_the_day_after_the_days_of_grace() -> None:
    assert first_day(GRACE, DUE) == date(2026, 9, 21)
    assert late_fee(GRACE, D("100.00"), DUE, date(2026, 9, 20)) == 0
    assert late_fee(GRACE, D("100.00"), DUE, date(2026, 9, 21)) == D("0.05")


def test_it_is_rounded_half_up_and_capped() -> None:
    tomorrow = date(2026, 9, 6)
    assert late_fee(SLOW, D("30.00"), DUE, tomorrow) == D("0.02")
    assert late_fee(SLOW, D("29.00"), DUE, tomorrow) == D("0.01")
    half = LateFeeRule(DUE, 0, D("0.005"), cap=D("0.3"))
    assert late_fee(half, D("100.00"), DUE, date(2027, 9, 5)) == D("30.00")


def test_nothing_owed_bears_nothing() -> None:
    assert late_fee(SLOW, D("0.00"), DUE, date(2027, 1, 1)) == 0
    assert late_fee(SLOW, D("-5.00"), DUE, date(2027, 1, 1)) == 0


def test_the_rule_is_that_of_the_due_date() -> None:
    tariffs = Tariffs(late_fees=(SLOW, STEEP))
    assert tariffs.late_fee_at(date(2026, 8, 31)) is SLOW
    assert tariffs.late_fee_at(DUE) is STEEP
    assert tariffs.late_fee_at(date(2013, 7, 31)) is None


def test_the_shipped_file_is_shanghai_and_nothing_else(published: Presets) -> None:
    assert shipped().tariffs == (published["shanghai"],)
