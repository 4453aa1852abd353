"""Visits and spot checks: what is told when."""

from datetime import date, datetime, timedelta

from backends.ports import Lane, Role, SpotCheck, Visit
from jobs.planning.spot_checks import SpotChecks
from jobs.planning.visits import Visits
from tests.jobs.planning.conftest import HOME, NINE, WEI, Street, told

TODAY = NINE.date()
TOMORROW = TODAY + timedelta(days=1)


def visit(visit_no: str, state: str, on: date | None = None) -> Visit:
    return Visit(visit_no, HOME, "self6", state, on, "09:00-11:00" if on else "", 0)


def check(check_no: str, days_left: int) -> SpotCheck:
    return SpotCheck(check_no, HOME, "M1", date(2026, 11, 18), TODAY + timedelta(days=days_left))


def test_a_visit_to_be_booked_is_told_once(street: Street) -> None:
    street.binds(WEI)
    street.due.all_visits = [visit("V1", "due"), visit("V2", "done"), visit("V3", "missed")]
    (notice,) = street.plans(Visits(street.due, street.ledger))
    assert (notice.kind, notice.key, notice.openid) == ("visit_due", "V1", WEI)
    assert notice.view == {"shown": "31*****017", "visit_no": "V1", "reason": "self6"}
    assert notice.lane is Lane.REMINDER
    assert notice.valid_until == NINE + timedelta(days=14)
    assert street.plans(Visits(street.due, street.ledger), NINE + timedelta(days=1)) == []


def test_the_day_before_a_visit_its_household_is_reminded_of_the_hours(street: Street) -> None:
    street.binds(WEI)
    street.due.all_visits = [
        visit("V1", "booked", TOMORROW),
        visit("V2", "booked", TODAY),
        visit("V3", "cancelled", TOMORROW),
    ]
    (notice,) = street.plans(Visits(street.due, street.ledger))
    assert (notice.kind, notice.key) == ("visit_tomorrow", "V1:2026-11-23")
    assert notice.view == {
        "shown": "31*****017",
        "visit_no": "V1",
        "on": "2026-11-23",
        "band": "09:00-11:00",
    }
    assert notice.valid_until == datetime(2026, 11, 24, tzinfo=NINE.tzinfo)


def test_a_visit_that_was_moved_is_reminded_of_again(street: Street) -> None:
    street.binds(WEI)
    street.due.all_visits = [visit("V1", "booked", TOMORROW)]
    street.plans(Visits(street.due, street.ledger))
    street.due.all_visits = [visit("V1", "booked", TOMORROW + timedelta(days=1))]
    again = street.plans(Visits(street.due, street.ledger), NINE + timedelta(days=1))
    assert told(again) == [("visit_tomorrow", "V1:2026-11-24", WEI)]


def test_a_spot_check_is_told_when_drawn_and_on_the_day_before_the_last(street: Street) -> None:
    street.binds(WEI)
    street.due.checks_open = [check("C1", 3)]
    days = {
        day: told(street.plans(SpotChecks(street.due, street.ledger), NINE + timedelta(days=day)))
        for day in range(5)
    }
    assert days == {
        0: [("spot_check_drawn", "C1", WEI)],
        1: [],
        2: [("spot_check_due", "C1", WEI)],
        3: [],
        4: [],
    }


def test_whoever_hears_of_a_spot_check_late_hears_of_it_once(street: Street) -> None:
    street.binds(WEI)
    street.due.checks_open = [check("C1", 0), check("C2", -1)]
    (notice,) = street.plans(SpotChecks(street.due, street.ledger))
    assert (notice.kind, notice.key) == ("spot_check_due", "C1")
    assert notice.view == {"shown": "31*****017", "check_no": "C1", "answer_by": "2026-11-22"}
    assert notice.valid_until == datetime(2026, 11, 23, tzinfo=NINE.tzinfo)


def test_who_only_sees_bills_opens_no_door_and_reads_no_meter(street: Street) -> None:
    street.binds(WEI, role=Role.VIEWER)
    street.due.all_visits = [visit("V1", "due"), visit("V2", "booked", TOMORROW)]
    street.due.checks_open = [check("C1", 3)]
    assert street.plans(Visits(street.due, street.ledger)) == []
    assert street.plans(SpotChecks(street.due, street.ledger)) == []
