"""What holds of tariffs and late fees whatever the numbers: to the fen, as in the city's books."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.billing.late_fee import late_fee
from dialogs.billing.tariff import LateFeeRule, Tariff, bounds, charges, split
from sandbox.city.late_fee import LateFeeRule as CityRule
from sandbox.city.late_fee import late_fee_fen
from tests.billing.presets import presets, shipped

D = Decimal
FEN = D("0.01")
DUE = date(2026, 9, 5)

fen = st.decimals(0, 100_000, places=2)
days = st.integers(-60, 4000)
volumes = st.integers(0, 3000)
litres = st.decimals(0, 3000, places=3)
rules = st.builds(
    LateFeeRule,
    st.just(date(2013, 8, 1)),
    st.integers(0, 40),
    st.integers(0, 100).map(lambda e4: D(e4).scaleb(-4)),
    st.integers(0, 100).map(lambda pct: D(pct) / 100),
)
CITIES = ("shanghai", "beijing", "shenzhen", "guangzhou")


def on(day: int) -> date:
    return DUE + timedelta(days=day)


@given(rules, fen, days)
def test_a_late_fee_is_whole_fen_never_negative_and_never_above_the_cap(
    rule: LateFeeRule, principal: Decimal, day: int
) -> None:
    fee = late_fee(rule, principal, DUE, on(day))
    assert 0 <= fee <= principal * rule.cap
    assert fee == fee.quantize(FEN)


@given(rules, fen, days, st.integers(0, 400), fen)
def test_a_late_fee_never_falls_with_the_days_nor_with_what_is_owed(
    rule: LateFeeRule, principal: Decimal, day: int, later: int, more: Decimal
) -> None:
    fee = late_fee(rule, principal, DUE, on(day))
    assert late_fee(rule, principal, DUE, on(day + later)) >= fee
    assert late_fee(rule, principal + more, DUE, on(day)) >= fee


@given(rules, fen, days)
def test_the_citys_books_accrue_the_same_late_fee(
    rule: LateFeeRule, principal: Decimal, day: int
) -> None:
    city = CityRule(rule.grace_days, int(rule.daily_rate.scaleb(4)), int(rule.cap * 100))
    accrued = late_fee_fen(city, int(principal.scaleb(2)), day)
    assert late_fee(rule, principal, DUE, on(day)) == D(accrued).scaleb(-2)


@given(fen.filter(bool), st.integers(1, 400))
def test_a_late_fee_is_simple_interest_rounded_once_half_up(principal: Decimal, day: int) -> None:
    rule = LateFeeRule(date(2013, 8, 1), 0, D("0.0005"))
    exact = principal * D("0.0005") * day
    assert late_fee(rule, principal, DUE, on(day)) == min(
        exact.quantize(FEN, ROUND_HALF_UP), principal
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tariff]:
    return presets(tmp_path_factory.mktemp("tariffs"))


def total(tariff: Tariff, before: int, volume: int) -> Decimal:
    tiers = split(D(volume), D(before), bounds(tariff))
    return sum((line.amount for line in charges(tariff, tiers)), D(0))


@pytest.mark.parametrize("city", CITIES)
@given(before=litres, volume=litres)
def test_each_line_of_a_bill_is_rounded_by_itself_half_up(
    published: dict[str, Tariff], city: str, before: Decimal, volume: Decimal
) -> None:
    tariff = published[city]
    lines = charges(tariff, split(volume, before, bounds(tariff)))
    for line in lines:
        exact = line.volume_m3 * line.unit_price
        assert line.amount == exact.quantize(FEN, ROUND_HALF_UP) >= 0
    water = sum(line.volume_m3 for line in lines if line.fee_item == "WATER")
    assert water == volume


@pytest.mark.parametrize("city", CITIES)
@given(before=volumes, volume=volumes, more=volumes)
def test_more_water_never_costs_less_nor_later_water_less_than_earlier(
    published: dict[str, Tariff], city: str, before: int, volume: int, more: int
) -> None:
    tariff = published[city]
    assert total(tariff, before, volume + more) >= total(tariff, before, volume)
    assert total(tariff, before + more, volume) >= total(tariff, before, volume)


def test_the_shipped_late_fee_starts_after_the_grace_and_stops_at_the_principal() -> None:
    (rule,) = shipped().late_fees
    assert late_fee(rule, D("100.00"), DUE, on(15)) == 0
    assert late_fee(rule, D("100.00"), DUE, on(35)) == D("1.00")
    assert late_fee(rule, D("100.00"), DUE, on(9000)) == D("100.00")
