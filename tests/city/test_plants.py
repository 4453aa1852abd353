"""Every planted case really is what its name says."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, select

from sandbox.city.cases import cases
from sandbox.city.plan import window_of
from sandbox.city.schema import metadata
from tests.city.conftest import AS_OF
from tests.city.reading import planted, rows, value

T = metadata.tables


def bills_of(city: Connection, case: str) -> list:  # type: ignore[type-arg]
    (acct_no,) = planted(city, case)
    statement = select(T["bill"]).where(T["bill"].c.acct_no == acct_no)
    return list(city.execute(statement.order_by(T["bill"].c.period, T["bill"].c.bill_no)))


def readings_of(city: Connection, case: str) -> list:  # type: ignore[type-arg]
    (acct_no,) = planted(city, case)
    statement = select(T["reading"]).where(T["reading"].c.acct_no == acct_no)
    return list(city.execute(statement.order_by(T["reading"].c.period)))


def account_of(city: Connection, case: str):  # type: ignore[no-untyped-def]
    (acct_no,) = planted(city, case)
    return city.execute(select(T["account"]).where(T["account"].c.acct_no == acct_no)).one()


def test_every_case_of_the_list_is_planted(city: Connection) -> None:
    for case in cases(window_of(AS_OF)):
        assert len(planted(city, case.name)) == case.accounts


@pytest.mark.parametrize(
    ("case", "fewest", "most"),
    [
        ("nothing_owed", 0, 0),
        ("one_bill_owed", 1, 1),
        ("several_owed_with_late_fee", 2, 8),
        ("many_owed", 15, 24),
        ("no_owner_name", 1, 1),
        ("closed", 0, 0),
        ("company", 1, 1),
    ],
)
def test_demo_accounts_owe_what_their_situation_says(
    city: Connection, case: str, fewest: int, most: int
) -> None:
    for acct_no in planted(city, case):
        owed = rows(
            city,
            "SELECT late_fee FROM wx_bill WHERE acct_no = :no AND status IN ('open', 'partly')",
            no=acct_no,
        )
        assert fewest <= len(owed) <= most
        late = sum(bill.late_fee > 0 for bill in owed)
        assert (late >= 2) == (case in ("several_owed_with_late_fee", "many_owed"))


def test_rollover_the_dial_passes_its_end_once(city: Connection) -> None:
    rolled = [reading for reading in readings_of(city, "rollover") if reading.rollover_l]
    (reading,) = rolled
    assert reading.value_l < reading.prev_l
    assert reading.rollover_l == 10_000_000
    assert 0 < reading.consumption_l < 60_000


def test_meter_swap_lies_inside_a_period_and_both_meters_count(city: Connection) -> None:
    (acct_no,) = planted(city, "meter_swap")
    (change,) = rows(city, "SELECT * FROM meter_change WHERE acct_no = :no", no=acct_no)
    (reading,) = [
        reading
        for reading in readings_of(city, "meter_swap")
        if reading.prev_date < date.fromisoformat(change.changed_at) < reading.read_date
    ]
    assert reading.meter_id == change.new_meter_id
    assert reading.consumption_l == reading.value_l - change.new_start_l + reading.swap_l
    (code,) = rows(city, "SELECT meter_code FROM wx_account WHERE acct_no = :no", no=acct_no)
    (meter,) = rows(city, "SELECT * FROM meter WHERE meter_id = :id", id=change.new_meter_id)
    assert code.meter_code == meter.barcode


@pytest.mark.parametrize(
    ("case", "quality"), [("estimate_corrected", "estimated"), ("bill_reversed", "withdrawn")]
)
def test_a_wrong_bill_is_cancelled_by_its_negative_and_replaced(
    city: Connection, case: str, quality: str
) -> None:
    bills = bills_of(city, case)
    original, reversal = [bill for bill in bills if bill.status == "reversed"]
    (replacement,) = [bill for bill in bills if bill.bill_no[:-1] == original.bill_no[:-1]][2:]
    assert reversal.corrects_bill_id == replacement.corrects_bill_id == original.bill_id
    assert [reversal.amount_fen, reversal.tier1_l, reversal.tier2_l] == [
        -original.amount_fen, -original.tier1_l, -original.tier2_l
    ]  # fmt: skip
    assert original.tier2_l > 0, "the wrong volume reaches into tier 2"
    assert replacement.tier2_l == 0
    assert 0 < replacement.amount_fen < original.amount_fen
    assert original.opened_at < reversal.opened_at == replacement.opened_at
    qualities = {r.quality for r in readings_of(city, case) if r.period == original.period}
    assert qualities == {quality, "normal"}


def test_the_lines_of_a_reversal_are_the_negatives_of_the_originals(city: Connection) -> None:
    original, reversal = [b for b in bills_of(city, "bill_reversed") if b.status == "reversed"]
    statement = (
        "SELECT line_no, fee_item, tier_no, volume, unit_price, amount FROM wx_bill_line "
        "WHERE bill_no = :no ORDER BY line_no"
    )
    positive, negative = (rows(city, statement, no=b.bill_no) for b in (original, reversal))
    assert len(positive) == 3
    assert [tuple(line) for line in negative] == [
        (*line[:3], -line.volume, line.unit_price, -line.amount) for line in positive
    ]


def test_people_extension_widens_the_tiers_in_the_middle_of_a_year(city: Connection) -> None:
    (acct_no,) = planted(city, "people_extension")
    (change,) = rows(city, "SELECT * FROM people_adjust WHERE acct_no = :no", no=acct_no)
    assert (change.valid_from[5:], change.old_count, change.new_count) == ("07-01", 4, 5)
    year = change.valid_from[:4]
    used = [b for b in bills_of(city, "people_extension") if b.period.startswith(year)]
    assert sum(bill.tier1_l for bill in used) == 270_000


def test_price_change_the_straddling_bill_pays_the_old_price(city: Connection) -> None:
    bills = bills_of(city, "price_change")
    (straddling,) = [b for b in bills if b.period_from < date(2025, 6, 1) <= b.period_to]
    later = bills[bills.index(straddling) + 1]
    price = "SELECT unit_price FROM wx_bill_line WHERE bill_no = :no AND line_no = 1"
    assert value(city, price, no=straddling.bill_no) == 1.92
    assert value(city, price, no=later.bill_no) == 2.13


def test_cross_year_the_bill_counts_in_the_year_of_its_reading(city: Connection) -> None:
    crossing = [b for b in bills_of(city, "cross_year") if b.period_from.year < b.period_to.year]
    assert len(crossing) == 2
    assert all(bill.tier1_l == bill.volume_l for bill in crossing)


def test_month_end_readings_fall_on_the_last_day_of_the_month(city: Connection) -> None:
    days = {bill.period_to for bill in bills_of(city, "month_end")}
    assert {(day + timedelta(days=1)).day for day in days} == {1}
    assert {day.day for day in days} == {28, 30, 31}


def test_feb_29_is_the_day_the_account_was_opened(city: Connection) -> None:
    assert account_of(city, "feb_29").open_date == date(2024, 2, 29)


def test_prepaid_offset_pays_every_bill_from_the_balance(city: Connection) -> None:
    (acct_no,) = planted(city, "prepaid_offset")
    statement = "SELECT * FROM prepay_ledger WHERE acct_no = :no ORDER BY ledger_id"
    topup, *offsets = rows(city, statement, no=acct_no)
    assert topup.kind == "topup"
    assert len(offsets) >= 20
    assert {entry.kind for entry in offsets} == {"offset"}
    assert offsets[-1].balance_after_fen == 12_345
    balance = "SELECT prepaid_balance FROM wx_account WHERE acct_no = :no"
    assert Decimal(str(value(city, balance, no=acct_no))) == Decimal("123.45")


def test_payment_reversed_leaves_the_bill_owed(city: Connection) -> None:
    (acct_no,) = planted(city, "payment_reversed")
    statement = "SELECT * FROM payment WHERE acct_no = :no AND state = 'reversed' ORDER BY pay_id"
    paid, taken_back = rows(city, statement, no=acct_no)
    assert taken_back.reverses_pay_id == paid.pay_id
    assert taken_back.amount_fen == -paid.amount_fen < 0
    last = bills_of(city, "payment_reversed")[-1]
    assert (last.status, last.paid_fen, last.amount_fen) == ("open", 0, paid.amount_fen)


def test_merged_payment_settles_several_bills_at_once(city: Connection) -> None:
    (acct_no,) = planted(city, "merged_payment")
    statement = """SELECT p.pay_id, COUNT(*) AS bills FROM payment p JOIN payment_alloc a
        ON a.pay_id = p.pay_id WHERE p.acct_no = :no GROUP BY p.pay_id"""
    assert max(row.bills for row in rows(city, statement, no=acct_no)) >= 2


@pytest.mark.parametrize(
    ("case", "status", "bill_status", "owed"),
    [
        ("closed_with_arrears", "closed", "open", 2),
        ("written_off", "closed", "written_off", 3),
        ("stopped_arrears", "stopped_arrears", "open", 6),
        ("suspended", "suspended", "open", 0),
        ("partly_paid", "active", "partly", 1),
        ("prepaid_balance", "active", "open", 1),
        ("closed_with_prepaid", "closed", "open", 0),
    ],
)
def test_states_of_account_and_bills_fit_together(
    city: Connection, case: str, status: str, bill_status: str, owed: int
) -> None:
    assert account_of(city, case).status == status
    unpaid = [bill for bill in bills_of(city, case) if bill.status not in ("paid", "reversed")]
    assert [bill.status for bill in unpaid] == [bill_status] * owed


def test_accounts_with_prepaid_money_have_it(city: Connection) -> None:
    assert account_of(city, "prepaid_balance").prepaid_fen == 8_650
    assert account_of(city, "closed_with_prepaid").prepaid_fen == 8_650


def test_supply_cut_off_means_no_more_water(city: Connection) -> None:
    for case in ("stopped_arrears", "suspended"):
        assert readings_of(city, case)[-1].consumption_l == 0


@pytest.mark.parametrize(
    ("case", "length"),
    [("name_two_characters", 2), ("name_three_characters", 3), ("name_four_characters", 4)],
)
def test_names_have_the_length_they_say(city: Connection, case: str, length: int) -> None:
    assert len(account_of(city, case).owner_name) == length


def test_minority_and_rare_names_are_kept_whole(city: Connection) -> None:
    assert "·" in account_of(city, "name_minority").owner_name
    rare = account_of(city, "name_rare_character").owner_name
    assert any(ord(char) > 0xFFFF for char in rare)
    assert all(unicodedata.category(char) == "Lo" for char in rare)


def test_twins_share_name_and_building_but_not_the_account(city: Connection) -> None:
    first, second = (
        city.execute(select(T["account"]).where(T["account"].c.acct_no == acct_no)).one()
        for acct_no in planted(city, "twins")
    )
    assert first.owner_name == second.owner_name
    assert (first.community_id, first.building) == (second.community_id, second.building)
    assert first.address != second.address


def test_the_full_width_address_has_no_plain_digit(city: Connection) -> None:
    address = account_of(city, "full_width_address").address
    assert not any(char in "0123456789" for char in address)
    assert any(char in "０１２３４５６７８９" for char in address)
