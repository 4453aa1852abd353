import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.city.charging import amounts_fen
from sandbox.city.presets import BEIJING, GUANGZHOU, PUBLISHED, SHANGHAI, SHENZHEN, city_tariffs
from sandbox.city.tariffs import Tariff, amount_fen, bounds_l, extra_m3, lines, split
from tests.city.conftest import AS_OF


@pytest.mark.parametrize(
    ("tariff", "before_m3", "volume_m3", "fen"),
    [
        (SHANGHAI, 210, 25, 106_95),
        (SHANGHAI, 290, 40, 223_20),
        (BEIJING, 170, 20, 120_00),
        (SHENZHEN, 0, 35, 184_82),
        (GUANGZHOU, 0, 30, 99_42),
    ],
)
def test_published_tariffs_charge_the_golden_amounts(
    tariff: Tariff, before_m3: int, volume_m3: int, fen: int
) -> None:
    assert amount_fen(tariff, volume_m3, before_m3=before_m3) == fen


def test_each_line_of_the_golden_bill_of_beijing_is_as_published() -> None:
    charged = lines(BEIJING, split(20_000, 170_000, bounds_l(BEIJING)))
    assert [(line.fee_item, line.tier_no, line.amount_fen) for line in charged] == [
        ("WATER", 1, 20_70),
        ("WATER", 2, 40_70),
        ("RESOURCE", 0, 31_40),
        ("SEWAGE", 0, 27_20),
    ]


def test_shenzhen_splits_35_cubic_metres_into_water_sewage_and_refuse_as_published() -> None:
    charged = lines(SHENZHEN, split(35_000, 0, bounds_l(SHENZHEN)))
    sums = {
        item: sum(line.amount_fen for line in charged if line.fee_item == item)
        for item in ("WATER", "SEWAGE", "REFUSE")
    }
    assert sums == {"WATER": 130_87, "SEWAGE": 33_30, "REFUSE": 20_65}


def test_five_people_in_shanghai_have_100_cubic_metres_more_in_each_tier() -> None:
    assert bounds_l(SHANGHAI, extra_m3(SHANGHAI, 5)) == (320_000, 400_000)
    assert bounds_l(SHANGHAI, extra_m3(SHANGHAI, 7)) == (320_000, 400_000)
    assert bounds_l(SHANGHAI, extra_m3(SHANGHAI, 4)) == (220_000, 300_000)


def test_beijing_extends_by_each_person_from_the_sixth_on() -> None:
    assert [extra_m3(BEIJING, people) for people in (5, 6, 8)] == [0, 30, 90]


def test_a_monthly_tariff_read_every_two_months_has_its_bounds_twice() -> None:
    assert amount_fen(SHENZHEN, 44, months=2) == 2 * amount_fen(SHENZHEN, 22)


@given(
    st.sampled_from(PUBLISHED),
    st.integers(0, 500_000),
    st.integers(0, 500_000),
)
def test_tiers_always_add_up_to_the_volume_and_a_reversal_mirrors_them(
    tariff: Tariff, before_l: int, volume_l: int
) -> None:
    tiers = split(volume_l, before_l, bounds_l(tariff))
    assert sum(tiers) == volume_l
    assert min(tiers) >= 0
    mirrored = lines(tariff, (-tiers[0], -tiers[1], -tiers[2]))
    assert [-line.amount_fen for line in mirrored] == [
        line.amount_fen for line in lines(tariff, tiers)
    ]


@given(
    st.integers(1, 8),
    st.lists(
        st.tuples(st.integers(0, 90_000_000), st.integers(0, 9_999), st.integers(0, 9_999)),
        min_size=1,
        max_size=20,
    ),
)
def test_whole_columns_are_charged_like_single_bills(
    tariff_id: int, tiers: list[tuple[int, int, int]]
) -> None:
    tariffs = city_tariffs(AS_OF.replace(month=6, day=1))
    columns = tuple(np.array(column) for column in zip(*tiers, strict=True))
    charged = amounts_fen(tariffs, np.full(len(tiers), tariff_id), columns)
    tariff = tariffs[tariff_id - 1]
    flat = len(tariff.tier_upto_m3) == 0
    single = [
        sum(line.amount_fen for line in lines(tariff, parts) if not flat or line.tier_no in (0, 1))
        for parts in tiers
    ]
    assert charged.tolist() == single
