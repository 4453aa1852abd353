"""What the office opens is charged like everything else in the city, to the fen."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from sqlalchemy import select, text

from sandbox.city.presets import USE_CLASSES, city_tariffs, price_change
from sandbox.city.schema import metadata
from sandbox.city.tariffs import NO_BOUND_L, amount_fen, bounds_l, extra_m3, lines, split
from sandbox.office import BadEntry, OfficeError, open_bill
from tests.city.conftest import AS_OF
from tests.city.recount import PriceBook, recount
from tests.city.recount import extra_m3 as extra_by_decimals
from tests.office.town import NOW, Town

T = metadata.tables
NEXT_YEAR = datetime(2027, 1, 12, 9, 0, tzinfo=NOW.tzinfo)


def expected_fen(town: Town, acct_no: str, volume_m3: int, read_on: date) -> int:
    """By the city's scalar tariff, from the account's counters before the bill."""
    account = town.account(acct_no)
    tariffs = city_tariffs(price_change(AS_OF))
    tariff = tariffs[len(USE_CLASSES) + USE_CLASSES.index(account.use_class)]
    assert account.last_read_on >= tariff.valid_from, "all periods start after the price change"
    if read_on.year > account.tier_year:
        return amount_fen(tariff, volume_m3, people=account.people_count)
    bounds = (account.tier1_upto_l or NO_BOUND_L, account.tier2_upto_l or NO_BOUND_L)
    tiers = split(volume_m3 * 1000, account.tier_cum_l, bounds)
    return sum(line.amount_fen for line in lines(tariff, tiers))


@pytest.mark.parametrize("use_class", USE_CLASSES)
def test_a_bill_of_any_volume_costs_what_the_tariff_says(town: Town, use_class: str) -> None:
    rng = Random(use_class)
    accounts = [town.someone(f"t.use_class = '{use_class}'") for _ in range(3)]
    for acct_no, day in product(accounts, range(3)):
        volume, now = rng.choice([0, 1, 17, rng.randrange(900)]), NOW + timedelta(days=day)
        expected = expected_fen(town, acct_no, volume, now.date())
        bill = open_bill(town.engine, acct_no, volume, now)
        stored = town.last_bill(acct_no)
        assert bill.amount == Decimal(expected).scaleb(-2)
        assert (stored.amount_fen, stored.volume_l) == (expected, volume * 1000)
        assert stored.tier1_l + stored.tier2_l + stored.tier3_l == volume * 1000
        assert stored.status == ("open" if expected else "paid")
        assert line_sum(town, bill.bill_no) == expected


def line_sum(town: Town, bill_no: str) -> int:
    statement = text("SELECT amount FROM wx_bill_line WHERE bill_no = :no")
    with town.engine.connect() as connection:
        amounts = connection.execute(statement, {"no": bill_no}).scalars()
        return sum(round(Decimal(str(amount)) * 100) for amount in amounts)


def test_a_bill_reaches_from_tier_one_to_three_when_the_volume_does(town: Town) -> None:
    acct_no = town.someone("t.use_class = 'RES' AND t.used < 200")
    account = town.account(acct_no)
    open_bill(town.engine, acct_no, 400, NOW)
    bill = town.last_bill(acct_no)
    assert bill.tier1_l == account.tier1_upto_l - account.tier_cum_l
    assert bill.tier2_l == account.tier2_upto_l - account.tier1_upto_l
    assert bill.tier3_l == 400_000 - bill.tier1_l - bill.tier2_l > 0


def test_recounting_every_bill_with_decimals_finds_no_difference(town: Town) -> None:
    rng = Random(11)
    for _ in range(40):
        open_bill(town.engine, town.someone("t.used >= 0"), rng.randrange(300), NOW)
    with town.engine.connect() as connection:
        recounted = recount(connection)
        stored = {
            row.acct_no: Decimal(row.tier_cum_l) / 1000
            for row in connection.execute(select(T["account"].c.acct_no, T["account"].c.tier_cum_l))
        }
        unlike = text(
            "SELECT COUNT(*) FROM reading "
            "WHERE value_l - prev_l + rollover_l + swap_l <> consumption_l"
        )
        assert connection.scalar(unlike) == 0
    assert recounted.differences == []
    assert recounted.year_totals_m3 == stored


def test_one_bill_a_day_and_each_for_the_next_turn(town: Town) -> None:
    acct_no = town.someone()
    first = open_bill(town.engine, acct_no, 5, NOW)
    with pytest.raises(OfficeError, match="已抄过表"):
        open_bill(town.engine, acct_no, 5, NOW)
    second = open_bill(town.engine, acct_no, 5, NOW + timedelta(days=1))
    assert second.period > first.period
    for volume in (-1, 100_000_000):
        with pytest.raises(BadEntry, match="立方米"):
            open_bill(town.engine, acct_no, volume, NOW + timedelta(days=2))


def test_a_closed_account_has_no_meter_to_bill(town: Town) -> None:
    with town.engine.connect() as connection:
        closed = connection.scalar(text("SELECT acct_no FROM account WHERE status = 'closed'"))
    with pytest.raises(OfficeError, match="已销户"):
        open_bill(town.engine, str(closed), 5, NOW)


def test_a_new_tier_year_begins_with_the_first_reading_in_it(town: Town) -> None:
    for people in (3, 6):
        acct_no = town.someone("t.use_class = 'RES' AND t.used > 60")
        town.fix(acct_no, people_count=people)
        expected = expected_fen(town, acct_no, 250, NEXT_YEAR.date())
        bill = open_bill(town.engine, acct_no, 250, NEXT_YEAR)
        account, tariff = town.account(acct_no), city_tariffs(price_change(AS_OF))[4]
        assert bill.amount == Decimal(expected).scaleb(-2)
        assert (account.tier_year, account.tier_cum_l) == (2027, 250_000)
        assert account.tier_since == date(2027, 1, 1)
        bounds = bounds_l(tariff, extra_m3(tariff, people))
        assert (account.tier1_upto_l, account.tier2_upto_l) == bounds
        with town.engine.connect() as connection:
            book = PriceBook(connection)
        tariff_id = town.last_bill(acct_no).tariff_id
        more = extra_by_decimals(people, None, NEXT_YEAR.date())
        by_decimals = book.tiers(tariff_id, Decimal(0), Decimal(250), more)
        assert book.amount(tariff_id, by_decimals) == bill.amount
