"""What is due, a page at a time: the adapter on each database, and the double."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from backends.csms.due import SqlDueLists, open_due_lists
from backends.ports import DueLists, Mark
from tests.contract.city import (
    ACCOUNTS,
    ALI,
    BILLS,
    COMPANY,
    LIN,
    METERS,
    MISSING,
    MOBILES,
    REVERSED,
    SPOT_CHECKS,
    VISITS,
)
from tests.contract.exchange import Details, publish
from tests.fakes import FakeDueLists

T = TypeVar("T")

EVERY_METER = (
    *METERS,
    replace(METERS[0], meter_code="01260100000025", visit_due=False),
    replace(METERS[0], meter_code="00010100000058", next_reading_on=date(2026, 11, 25)),
    replace(METERS[0], meter_code="00020100000058", next_reading_on=date(2026, 11, 27)),
)
EVERY_VISIT = (
    *VISITS,
    replace(VISITS[0], visit_no="V10"),
    replace(VISITS[0], visit_no="V11", on=date(2026, 12, 1)),
    replace(VISITS[2], visit_no="V12", on=VISITS[0].on),
)
DETAILS: Details = {"meters": EVERY_METER, "visits": EVERY_VISIT, "spot_checks": SPOT_CHECKS}


@pytest.fixture(scope="module")
def sql_due(shared_database_url: str) -> Iterator[SqlDueLists]:
    publish(
        shared_database_url,
        ACCOUNTS,
        BILLS,
        mobiles=MOBILES,
        reversed_bills=REVERSED,
        details=DETAILS,
    )
    adapter = open_due_lists(shared_database_url, pool_size=2, statement_timeout_s=5)
    yield adapter
    adapter.close()


@pytest.fixture(params=[1, 2, 3, 50])
def limit(request: pytest.FixtureRequest) -> int:
    size: int = request.param
    return size


class DueContract:
    def test_bills_that_fall_due_are_those_with_something_left_to_pay(
        self, due: DueLists, limit: int
    ) -> None:
        def page(since: Mark) -> Sequence[str]:
            return [bill.bill_no for bill in due.bills_due(since, date(2026, 10, 25), limit)]

        assert _walked(page, date(2026, 8, 25), limit, _due_dates()) == [
            "B20260801000000171",
            "B20260901000000171",
            "B4",
            "B20261001000000171",
            "B20261001000000331",
            "B20261001000000411",
        ]

    def test_days_before_and_after_are_left_alone(self, due: DueLists, limit: int) -> None:
        found = due.bills_due(Mark(date(2026, 8, 26)), date(2026, 10, 24), limit)
        assert {bill.due_date for bill in found} == {date(2026, 9, 25)}
        assert due.bills_due(Mark(date(2026, 10, 26)), date(2026, 11, 1), limit) == ()
        assert due.bills_due(Mark(date(2026, 10, 25)), date(2026, 10, 24), limit) == ()

    def test_bills_come_in_the_order_they_were_opened_whether_paid_or_not(
        self, due: DueLists, limit: int
    ) -> None:
        def page(since: Mark) -> Sequence[str]:
            return [bill.bill_no for bill in due.bills_opened(since, limit)]

        opened_on = {bill.bill_no: bill.opened_on for bill in BILLS}
        assert _walked(page, date(2026, 9, 28), limit, opened_on) == [
            "B20260901000000171",
            "B4",
            "B2",
            "B3",
            "B20261001000000171",
            "B20261001000000331",
            "B20261001000000411",
            "B20261001000000581",
        ]

    def test_meters_to_read_are_those_that_do_not_read_themselves(
        self, due: DueLists, limit: int
    ) -> None:
        def page(since: Mark) -> Sequence[str]:
            last = date(2026, 11, 26)
            return [meter.meter_code for meter in due.meters_to_read(since, last, limit)]

        days = {m.meter_code: m.next_reading_on for m in EVERY_METER if m.next_reading_on}
        assert _walked(page, date(2026, 11, 20), limit, days) == [
            "01260100000017",
            "01260100000025",
            "00010100000058",
        ]

    def test_visits_to_be_booked_and_visits_of_a_day_come_by_number(
        self, due: DueLists, limit: int
    ) -> None:
        day = date(2026, 11, 30)
        due_ones = _all_behind(lambda after: due.visits_due(after, limit), "visit_no", limit)
        of_the_day = _all_behind(lambda after: due.visits_on(day, after, limit), "visit_no", limit)
        assert [visit.visit_no for visit in due_ones] == ["V12", "V2", "V6"]
        assert [visit.visit_no for visit in of_the_day] == ["V10", "V3"]

    def test_open_spot_checks_come_by_number(self, due: DueLists, limit: int) -> None:
        found = _all_behind(lambda after: due.spot_checks_open(after, limit), "check_no", limit)
        assert found == sorted(SPOT_CHECKS, key=lambda check: check.check_no)

    def test_a_bill_is_answered_whole(self, due: DueLists) -> None:
        assert due.bills_due(Mark(date(2026, 9, 25)), date(2026, 9, 25), 1) == (BILLS[2],)

    def test_of_many_accounts_all_that_is_still_owed_is_told_due_or_not(
        self, due: DueLists
    ) -> None:
        wanted = [bill.acct_no for bill in BILLS]
        crowd = [f"39{number:08}" for number in range(1200)]
        owed = {bill.bill_no: bill for bill in due.still_owed([*crowd, *wanted, MISSING])}
        assert sorted(owed) == [
            "B20260801000000171",
            "B20260901000000171",
            "B20261001000000171",
            "B20261001000000331",
            "B20261001000000411",
            "B4",
        ]
        assert owed["B4"] == BILLS[11]
        assert {bill.acct_no for bill in due.still_owed([LIN])} <= {LIN}
        assert due.still_owed([]) == ()

    def test_accounts_are_answered_in_the_order_asked(self, due: DueLists) -> None:
        found = due.accounts([COMPANY, MISSING, LIN, ALI, LIN])
        assert [account.acct_no for account in found] == [COMPANY, LIN, ALI]


class TestSqlDueLists(DueContract):
    @pytest.fixture
    def due(self, sql_due: SqlDueLists) -> DueLists:
        return sql_due


class TestFakeDueLists(DueContract):
    @pytest.fixture
    def due(self) -> DueLists:
        return FakeDueLists(
            ACCOUNTS,
            [bill for bill in BILLS if bill.bill_no not in REVERSED],
            meters=EVERY_METER,
            visits=EVERY_VISIT,
            spot_checks=SPOT_CHECKS,
        )


def _due_dates() -> dict[str, date]:
    return {bill.bill_no: bill.due_date for bill in BILLS}


def _walked(
    page: Callable[[Mark], Sequence[str]], first: date, limit: int, days: dict[str, date]
) -> list[str]:
    """Page after page, each from the last key of the one before, until one is short."""
    found, since = [*page(Mark(first))], Mark(first)
    full = len(found) == limit
    while full:
        since = Mark(days[found[-1]], found[-1])
        more = page(since)
        found += more
        full = len(more) == limit
    return found


def _all_behind(page: Callable[[str], Sequence[T]], key: str, limit: int) -> list[T]:
    found = [*page("")]
    full = len(found) == limit
    while full:
        more = page(getattr(found[-1], key))
        found += more
        full = len(more) == limit
    return found
