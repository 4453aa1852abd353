"""A city can be built for any day: the cases are there and the books add up."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, create_engine

from sandbox.city import build
from sandbox.city.cases import cases
from sandbox.city.plan import window_of
from tests.city.reading import planted, rows, value
from tests.city.recount import recount

LEAP_DAY = date(2024, 2, 29)


@pytest.fixture(
    scope="module",
    params=[LEAP_DAY, date(2026, 1, 1), date(2026, 8, 31), date(2026, 12, 31)],
    ids=str,
)
def dated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, date]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('dated') / 'csms.sqlite3'}"
    build(url, 1_000, 5, as_of=request.param, progress=False)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection, request.param
    engine.dispose()


def test_the_books_add_up(dated: tuple[Connection, date]) -> None:
    city, as_of = dated
    assert recount(city).differences == []
    unlike = "SELECT COUNT(*) FROM reading WHERE value_l-prev_l+rollover_l+swap_l <> consumption_l"
    assert value(city, unlike) == 0
    assert value(city, "SELECT MAX(opened_at) FROM bill") < f"{as_of} 24"
    assert value(city, "SELECT MAX(paid_at) FROM payment") < f"{as_of} 24"


def test_every_case_is_planted(dated: tuple[Connection, date]) -> None:
    city, as_of = dated
    for case in cases(window_of(as_of)):
        assert len(planted(city, case.name)) == case.accounts
    owed = "SELECT COUNT(*) FROM wx_bill WHERE acct_no = :no AND status = 'open'"
    assert [value(city, owed, no=no) for no in planted(city, "many_owed")] == [20, 20, 20]
    for case_name in ("estimate_corrected", "bill_reversed"):
        (acct_no,) = planted(city, case_name)
        reversed_bills = "SELECT bill_no FROM bill WHERE acct_no = :no AND status = 'reversed'"
        assert len(rows(city, reversed_bills, no=acct_no)) == 2


def test_the_price_changes_within_the_history(dated: tuple[Connection, date]) -> None:
    city, _ = dated
    for acct_no in planted(city, "price_change"):
        tariffs = "SELECT COUNT(DISTINCT tariff_id) FROM bill WHERE acct_no = :no"
        assert value(city, tariffs, no=acct_no) == 2


def test_a_reading_is_taken_on_the_leap_day_when_the_history_holds_one(
    dated: tuple[Connection, date],
) -> None:
    city, as_of = dated
    read = value(city, "SELECT COUNT(*) FROM route_calendar WHERE plan_date = '2024-02-29'")
    assert (read > 0) == ((2024, 2) in window_of(as_of).months)


def test_late_fees_stand_as_of_the_citys_day(dated: tuple[Connection, date]) -> None:
    city, as_of = dated
    found = rows(
        city,
        "SELECT b.due_date, b.amount_fen - b.paid_fen AS principal, w.late_fee, w.late_fee_as_of "
        "FROM wx_bill w JOIN bill b ON b.bill_no = w.bill_no "
        "LEFT JOIN late_fee f ON f.bill_id = b.bill_id "
        "WHERE w.status IN ('open', 'partly') AND COALESCE(f.waived_fen, 0) = 0",
    )
    assert {row.late_fee_as_of for row in found} == {as_of.isoformat()}
    fees = 0
    for row in found:
        days = max((as_of - date.fromisoformat(row.due_date)).days - 15, 0)
        expected = min((row.principal * days * 5 + 5_000) // 10_000, row.principal)
        assert round(row.late_fee * 100) == expected
        fees += expected
    assert fees > 0


def test_a_self_reading_is_open_whatever_the_day(dated: tuple[Connection, date]) -> None:
    city, as_of = dated
    for acct_no in planted(city, "self_reading_open"):
        due = "SELECT next_reading_on FROM wx_meter WHERE acct_no = :no"
        assert value(city, due, no=acct_no) == (as_of + timedelta(days=2)).isoformat()
    assert value(city, "SELECT COUNT(*) FROM wx_meter WHERE next_reading_on IS NULL") == 0
    assert value(city, "SELECT COUNT(*) FROM wx_tier WHERE as_of < since") == 0
