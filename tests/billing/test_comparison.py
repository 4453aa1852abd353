from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.ports import BillLine
from dialogs.billing.comparison import Cause, Comparison, Itemised, Moved, Note, Repriced, compare
from dialogs.billing.tariff import Tariff, bounds, charges, split
from tests.billing.presets import shipped
from tests.town import BILLS

D = Decimal
SHANGHAI = shipped().tariffs[0]
RAISED = replace(
    SHANGHAI,
    prices=tuple(replace(price, unit_price=price.unit_price * 2) for price in SHANGHAI.prices),
)


def bill(
    volume: str, days: int, *, before: str = "0", tariff: Tariff = SHANGHAI, **changes: object
) -> Itemised:
    lines = charges(tariff, split(D(volume), D(before), bounds(tariff)))
    amount = sum((line.amount for line in lines), D("0.00"))
    start = date(2026, 1, 1)
    made = replace(
        BILLS[0],
        volume_m3=D(volume),
        amount=amount,
        period_from=start,
        period_to=start + timedelta(days=days - 1),
        **changes,  # type: ignore[arg-type]
    )
    return Itemised(made, lines)


def amounts(compared: Comparison) -> dict[Cause, Decimal]:
    return {part.cause: part.amount for part in compared.parts}


def test_twice_the_days_at_the_same_use_is_the_longer_period_alone() -> None:
    compared = compare(bill("12", 30), bill("24", 60))
    assert amounts(compared) == {Cause.DAYS: D("41.40")}
    assert compared.parts[0].volume_m3 == 12
    assert compared.per_day_before == compared.per_day_after == D("0.40")


def test_more_use_in_the_same_days_is_use_alone() -> None:
    compared = compare(bill("12", 30), bill("15", 30))
    assert amounts(compared) == {Cause.USE: D("10.35")}
    assert (compared.per_day_before, compared.per_day_after) == (D("0.40"), D("0.50"))


def test_the_same_use_in_a_higher_tier_is_the_tier_alone() -> None:
    compared = compare(bill("20", 30, before="100"), bill("20", 30, before="210"))
    assert amounts(compared) == {Cause.TIER: D("13.80")}  # 10 m³ at 3.30 and not at 1.92
    assert compared.moved == (Moved(2, D(0), D(10)),)


def test_a_new_year_that_begins_in_the_first_tier_again_is_a_lower_tier() -> None:
    compared = compare(bill("20", 30, before="300"), bill("20", 30))
    assert amounts(compared) == {Cause.TIER: D("-47.60")}


def test_a_new_price_is_the_price_alone_and_named() -> None:
    compared = compare(bill("12", 30), bill("12", 30, tariff=RAISED))
    assert amounts(compared) == {Cause.PRICE: D("41.40")}
    assert compared.repriced == (
        Repriced("WATER", 1, D("1.92"), D("3.84")),
        Repriced("SEWAGE", 0, D("1.70"), D("3.40")),
    )


def test_a_tier_that_was_reached_for_the_first_time_is_no_new_price() -> None:
    compared = compare(bill("20", 30), bill("20", 30, before="210"))
    assert compared.repriced == ()


def test_a_fee_item_that_is_new_is_a_new_price() -> None:
    refuse = BillLine("REFUSE", 0, D(12), D("0.59"), D("7.08"))
    old = bill("12", 30)
    new = Itemised(replace(old.bill, amount=old.bill.amount + D("7.08")), (*old.lines, refuse))
    compared = compare(old, new)
    assert amounts(compared) == {Cause.PRICE: D("7.08")}
    assert compared.repriced == (Repriced("REFUSE", 0, None, D("0.59")),)
    assert amounts(compare(new, old)) == {Cause.PRICE: D("-7.08")}


def test_everything_at_once_is_taken_apart_and_adds_up() -> None:
    old, new = bill("12", 30, before="200"), bill("40", 62, before="212", tariff=RAISED)
    compared = compare(old, new)
    found = amounts(compared)
    assert set(found) == {Cause.DAYS, Cause.USE, Cause.TIER, Cause.PRICE}
    assert sum(found.values()) == compared.difference == new.bill.amount - old.bill.amount
    assert found[Cause.DAYS] == D("44.16")  # 12 m³ × 32/30 at 3.45
    assert found[Cause.USE] == D("52.44")  # 15.2 m³ at 3.45


def test_two_equal_bills_have_no_parts() -> None:
    compared = compare(bill("12", 30), bill("12", 30))
    assert compared.difference == 0
    assert compared.parts == ()


@pytest.mark.parametrize(("old", "new"), [("0", "12"), ("12", "0"), ("0", "0")])
def test_without_water_on_one_side_it_is_use_alone(old: str, new: str) -> None:
    compared = compare(bill(old, 30), bill(new, 30))
    assert set(amounts(compared)) <= {Cause.USE}
    assert sum(amounts(compared).values()) == compared.difference


def test_a_negative_bill_is_no_matter_of_use() -> None:
    compared = compare(bill("12", 30), bill("-3", 30))
    assert amounts(compared) == {Cause.OTHER: D("-51.75")}


def test_without_lines_what_use_does_not_explain_is_the_rest() -> None:
    old, new = bill("20", 30), bill("20", 30, before="210")
    for pair in ((replace(old, lines=()), new), (old, replace(new, lines=()))):
        compared = compare(*pair)
        assert amounts(compared) == {Cause.OTHER: D("13.80")}
        assert compared.repriced == ()


@pytest.mark.parametrize(
    ("old", "new", "notes"),
    [
        ({"estimated": True}, {}, (Note.SETTLES_ESTIMATE,)),
        ({}, {"estimated": True}, (Note.ESTIMATED,)),
        ({"estimated": True}, {"estimated": True}, (Note.ESTIMATED,)),
        ({}, {"corrects_bill_no": "B1"}, (Note.CORRECTS,)),
        ({"corrects_bill_no": "B1"}, {}, (Note.CORRECTED_BEFORE,)),
        ({}, {}, ()),
    ],
)
def test_estimates_and_corrections_are_noted(
    old: dict[str, object], new: dict[str, object], notes: tuple[Note, ...]
) -> None:
    assert compare(bill("12", 30, **old), bill("13", 30, **new)).notes == notes  # type: ignore[arg-type]


def test_much_more_use_without_another_reason_may_be_a_leak() -> None:
    assert compare(bill("12", 30), bill("24", 30)).notes == (Note.LEAK,)
    assert compare(bill("12", 30), bill("24", 60)).notes == ()
    assert compare(bill("1", 30), bill("3", 30)).notes == ()
    assert compare(bill("12", 30, estimated=True), bill("90", 30)).notes == (Note.SETTLES_ESTIMATE,)


volumes = st.decimals(-2000, 2000, places=3)
days = st.integers(-1, 400)
tariffs = st.sampled_from([SHANGHAI, RAISED])
used = st.decimals(0, 400, places=3)
flags = st.booleans()


@st.composite
def bills(draw: st.DrawFn) -> Itemised:
    made = bill(
        str(draw(volumes)), draw(days), before=str(draw(used)), tariff=draw(tariffs),
        estimated=draw(flags),
    )  # fmt: skip
    off = draw(st.sampled_from([D(0), D(0), D("0.01"), D("-3.50")]))
    lines = () if draw(st.sampled_from([False, False, True])) else made.lines
    return Itemised(replace(made.bill, amount=made.bill.amount + off), lines)


@given(bills(), bills())
def test_the_parts_always_add_up_to_the_difference(old: Itemised, new: Itemised) -> None:
    compared = compare(old, new)
    assert sum(part.amount for part in compared.parts) == new.bill.amount - old.bill.amount
    assert len({part.cause for part in compared.parts}) == len(compared.parts)
    assert all(part.amount == part.amount.quantize(D("0.01")) for part in compared.parts)


@given(
    st.decimals(5, 500, places=3),
    st.decimals(5, 500, places=3),
    st.integers(1, 100),
    st.integers(1, 100),
)
def test_under_one_price_list_in_the_first_tier_nothing_is_said_of_tiers_or_prices(
    old: Decimal, new: Decimal, old_days: int, new_days: int
) -> None:
    flat = replace(SHANGHAI, upto_m3=(), prices=(SHANGHAI.prices[0], SHANGHAI.prices[-1]))
    compared = compare(bill(str(old), old_days, tariff=flat), bill(str(new), new_days, tariff=flat))
    assert set(amounts(compared)) <= {Cause.DAYS, Cause.USE}
