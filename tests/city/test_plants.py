"""Every planted case really is what its name says: meters, bills, tariffs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from sandbox.city.cases import cases
from sandbox.city.plan import window_of
from sandbox.city.schema import metadata
from tests.city.conftest import AS_OF
from tests.city.planted import account_of, bills_of, readings_of
from tests.city.reading import planted, rows, value

T = metadata.tables


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


def test_self_reading_open_the_reading_day_is_the_day_after_tomorrow(city: Connection) -> None:
    others = 'SELECT COUNT(*) FROM city_plant WHERE acct_no = :no AND "case" <> :name'
    for acct_no in planted(city, "self_reading_open"):
        (meter,) = rows(city, "SELECT * FROM wx_meter WHERE acct_no = :no", no=acct_no)
        assert meter.next_reading_on == (AS_OF + timedelta(days=2)).isoformat()
        assert (meter.is_remote, meter.self_streak, meter.visit_due) == (0, 2, 0)
        assert value(city, others, no=acct_no, name="self_reading_open") == 0


def test_visit_due_six_self_readings_in_a_row_call_for_a_visit(city: Connection) -> None:
    for acct_no in planted(city, "visit_due"):
        (meter,) = rows(city, "SELECT * FROM wx_meter WHERE acct_no = :no", no=acct_no)
        assert (meter.is_remote, meter.self_streak, meter.visit_due) == (0, 6, 1)
        (visit,) = rows(city, "SELECT * FROM wx_visit WHERE acct_no = :no", no=acct_no)
        assert (visit.state, visit.reason, visit.slot_on) == ("due", "self6", None)


def test_tier_two_soon_is_a_few_cubic_metres_below_the_bound(city: Connection) -> None:
    for acct_no in planted(city, "tier_two_soon"):
        (tier,) = rows(city, "SELECT * FROM wx_tier WHERE acct_no = :no", no=acct_no)
        assert 6 <= tier.tier1_upto - tier.used <= 10


def test_higher_bill_the_last_one_is_more_than_three_times_the_one_before(city: Connection) -> None:
    for acct_no in planted(city, "higher_bill"):
        statement = "SELECT amount, status FROM wx_bill WHERE acct_no = :no ORDER BY period"
        *_, before, last = rows(city, statement, no=acct_no)
        assert last.amount > 3 * before.amount
        assert (before.status, last.status) == ("paid", "open")


def test_remote_meter_reads_itself(city: Connection) -> None:
    for acct_no in planted(city, "remote_meter"):
        remote = "SELECT is_remote FROM wx_meter WHERE acct_no = :no"
        assert value(city, remote, no=acct_no) == 1
        assert {reading.source for reading in rows(
            city, "SELECT source FROM wx_reading WHERE acct_no = :no", no=acct_no
        )} <= {"remote", "system"}  # fmt: skip
