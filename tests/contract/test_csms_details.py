"""Bills in detail, payments, tiers, meters, readings and visits: every `Csms` answers alike."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from backends.csms.adapter import SqlCsms, open_csms
from backends.ports import Csms
from tests.contract.city import (
    ACCOUNTS,
    ALI,
    BILLS,
    CLOSED_ACCT,
    COMPANY,
    CONTACTS,
    DETAILS,
    LIN,
    LINES,
    METERS,
    MISSING,
    MOBILES,
    NO_NAME,
    PAYMENTS,
    READINGS,
    REAL_NAMES,
    REVERSED,
    SPOT_CHECKS,
    TIERS,
    VISITS,
)
from tests.contract.exchange import publish
from tests.fakes import FakeCsms

LONG_AGO = date(2000, 1, 1)


@pytest.fixture(scope="module")
def sql_csms(shared_database_url: str) -> Iterator[SqlCsms]:
    publish(
        shared_database_url,
        ACCOUNTS,
        BILLS,
        mobiles=MOBILES,
        reversed_bills=REVERSED,
        details=DETAILS,
    )
    adapter = open_csms(shared_database_url, pool_size=4, statement_timeout_s=5)
    yield adapter
    adapter.close()


class DetailsContract:
    def test_all_bills_but_reversed_ones_are_answered_newest_first(self, csms: Csms) -> None:
        found = csms.bills(COMPANY, "2025-11")
        assert found == (BILLS[7], BILLS[10], BILLS[9], BILLS[11], BILLS[12])

    def test_what_is_paid_or_written_off_is_a_bill_but_nothing_to_pay(self, csms: Csms) -> None:
        states = [bill.status for bill in csms.bills(COMPANY, "2026-09")]
        assert states == ["open", "written_off", "paid", "partly"]
        assert csms.unpaid_bills([COMPANY]) == (BILLS[11],)

    def test_lines_are_answered_as_printed_for_the_bills_that_have_some(self, csms: Csms) -> None:
        crowd = [f"N{number}" for number in range(1200)]
        assert csms.bill_lines([*crowd, "B4", "B1", "B2", "B4"]) == LINES
        assert csms.bill_lines([]) == {}

    def test_prices_and_volumes_keep_their_scale(self, csms: Csms) -> None:
        (first, second, _) = csms.bill_lines(["B2"])["B2"]
        shown = [(str(one.volume_m3), str(one.unit_price)) for one in (first, second)]
        assert shown == [("12.000", "3.1950"), ("6.000", "4.6100")]

    def test_payments_of_a_day_on_are_answered_newest_first_with_their_bills(
        self, csms: Csms
    ) -> None:
        found = csms.payments(LIN, date(2026, 7, 1))
        assert found == (PAYMENTS[3], PAYMENTS[2], PAYMENTS[1])
        assert [len(payment.bills) for payment in found] == [1, 2, 0]
        assert found[0].paid_at.isoformat() == "2026-10-02T23:30:05+08:00"

    def test_tier_usage_has_no_bounds_where_one_price_holds(self, csms: Csms) -> None:
        assert csms.tier_usage(LIN) == TIERS[0]
        assert csms.tier_usage(COMPANY) == TIERS[1]
        assert csms.tier_usage(ALI) is None

    def test_meters_are_answered_by_account_and_code(self, csms: Csms) -> None:
        crowd = [f"9{number:09}" for number in range(1200)]
        found = csms.meters([ALI, *crowd, MISSING, LIN, ALI])
        assert found == (METERS[2], METERS[1], METERS[0])
        assert (type(found[0].remote), type(found[0].visit_due)) == (bool, bool)
        assert csms.meters([]) == ()

    def test_readings_that_count_are_answered_newest_first(self, csms: Csms) -> None:
        found = csms.readings(LIN, date(2026, 8, 20))
        assert found == (READINGS[1], READINGS[0], READINGS[3])
        assert [reading.estimated for reading in found] == [True, False, False]

    def test_visits_are_those_due_or_booked(self, csms: Csms) -> None:
        assert csms.visits(LIN) == (VISITS[2], VISITS[0])
        assert csms.visits(CLOSED_ACCT) == ()

    def test_twelve_free_slots_of_the_area_are_answered_soonest_first(self, csms: Csms) -> None:
        found = csms.visit_slots(LIN, date(2026, 11, 24))
        assert [slot.slot_no for slot in found][:3] == ["S2409", "S2418", "S2509"]
        assert len(found) == 12
        assert (found[0].on, found[0].band) == (date(2026, 11, 24), "09:00-11:00")
        assert [slot.slot_no for slot in csms.visit_slots(ALI, date(2026, 11, 30))] == [
            "S3009",
            "S3018",
        ]

    def test_how_to_reach_the_holder_is_answered_masked(self, csms: Csms) -> None:
        assert csms.contact(LIN) == CONTACTS[0]
        assert csms.contact(NO_NAME) == CONTACTS[1]
        assert csms.contact(MISSING) is None

    def test_the_real_name_is_the_current_holder_s_and_masked(self, csms: Csms) -> None:
        assert csms.real_name(LIN) == REAL_NAMES[0]
        assert csms.real_name(COMPANY) == REAL_NAMES[1]
        assert csms.real_name(ALI) is None

    def test_spot_checks_that_wait_are_answered_by_account_oldest_first(self, csms: Csms) -> None:
        crowd = [f"9{number:09}" for number in range(1200)]
        found = csms.spot_checks([ALI, *crowd, LIN, MISSING, ALI])
        assert [check.check_no for check in found] == ["C1", "C9", "C2", "C3"]
        assert found[0] == SPOT_CHECKS[3]
        assert csms.spot_checks([CLOSED_ACCT]) == csms.spot_checks([]) == ()

    @pytest.mark.parametrize("acct_no", ["", MISSING, "' OR 1=1 --", "01\x0000", "\ud800", "户"])
    def test_of_an_account_that_does_not_exist_there_is_nothing(
        self, csms: Csms, acct_no: str
    ) -> None:
        answers: list[tuple[object, ...]] = [
            csms.bills(acct_no, "2000-01"),
            csms.payments(acct_no, LONG_AGO),
            csms.meters([acct_no]),
            csms.readings(acct_no, LONG_AGO),
            csms.visits(acct_no),
            csms.visit_slots(acct_no, LONG_AGO),
            csms.spot_checks([acct_no]),
        ]
        assert answers == [()] * 7
        assert csms.tier_usage(acct_no) is csms.contact(acct_no) is csms.real_name(acct_no) is None

    @pytest.mark.parametrize("bill_no", ["", "' OR 1=1 --", "B\x002", "\ud800", "7" * 5000, "单"])
    def test_it_takes_any_text_for_a_bill_number(self, csms: Csms, bill_no: str) -> None:
        assert csms.bill_lines([bill_no]) == {}

    def test_what_is_read_of_a_reading_is_exact(self, csms: Csms) -> None:
        (reading,) = csms.readings(ALI, LONG_AGO)
        assert reading == READINGS[4]
        assert reading.volume_m3 == Decimal(reading.value - reading.prev_value)


class TestSqlCsms(DetailsContract):
    @pytest.fixture
    def csms(self, sql_csms: SqlCsms) -> Csms:
        return sql_csms


class TestFakeCsms(DetailsContract):
    @pytest.fixture
    def csms(self) -> Csms:
        return FakeCsms(ACCOUNTS, BILLS, mobiles=MOBILES, reversed_bills=REVERSED, **DETAILS)
