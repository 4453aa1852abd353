"""Who is reminded to read the meter, and when."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from backends.ports import Lane, Meter, Role, SubmissionMade, SubmissionState, Topic
from jobs.planning.reading import ReadingReminders
from tests.contract.city import METERS
from tests.contract.requests import submission
from tests.jobs.planning.conftest import HOME, NINE, WEI, Street, told


def meter_in(days: int, **changes: object) -> Meter:
    standard: dict[str, object] = {
        "meter_code": "M1",
        "acct_no": HOME,
        "next_reading_on": NINE.date() + timedelta(days=days),
        "last_read_on": date(2026, 10, 25),
        "visit_due": False,
    }
    return replace(METERS[0], **(standard | changes))  # type: ignore[arg-type]


def planner(street: Street) -> ReadingReminders:
    return ReadingReminders(street.due, street.ledger, days_before=3, days_after=1)


def reminded(street: Street, now: datetime = NINE) -> list[tuple[str, str, str]]:
    return told(street.plans(planner(street), now))


def test_three_days_before_the_reading_day_the_citizen_is_told_until_when(street: Street) -> None:
    street.binds(WEI)
    street.due.all_meters = [meter_in(3)]
    (notice,) = street.plans(planner(street))
    assert (notice.kind, notice.key, notice.openid) == ("reading_due", "M1:2026-10-25", WEI)
    assert notice.view == {
        "shown": "31*****017",
        "on": "2026-11-25",
        "until": "2026-11-26",
        "visit": False,
    }
    assert notice.lane is Lane.REMINDER
    assert notice.valid_until == datetime(2026, 11, 27, tzinfo=NINE.tzinfo)


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (2, True), (4, False)])
def test_it_is_told_from_then_on_until_the_reading_day(
    street: Street, days: int, is_told: bool
) -> None:
    street.binds(WEI)
    street.due.all_meters = [meter_in(days)]
    assert bool(reminded(street)) == is_told


@pytest.mark.parametrize("other", [{"remote": True}, {"visit_due": True}])
def test_a_meter_that_no_citizen_has_to_read_reminds_nobody(
    street: Street, other: dict[str, object]
) -> None:
    street.binds(WEI)
    street.due.all_meters = [meter_in(3, **other)]
    assert reminded(street) == []


def test_a_cycle_reminds_once_and_the_next_one_again(street: Street) -> None:
    street.binds(WEI)
    street.due.all_meters = [meter_in(3)]
    assert len(reminded(street)) == 1
    street.due.all_meters = [meter_in(4)]
    assert reminded(street, NINE + timedelta(days=1)) == [], "its day was moved"
    street.due.all_meters = [meter_in(33, last_read_on=date(2026, 11, 25))]
    assert reminded(street, NINE + timedelta(days=30)) == [("reading_due", "M1:2026-11-25", WEI)]


def test_who_may_read_the_meter_and_wants_it_is_told(street: Street) -> None:
    roles = {WEI: Role.OWNER, "oREADS": Role.READER, "oSEES": Role.VIEWER, "oNO": Role.READER}
    for openid, role in roles.items():
        street.binds(openid, role=role)
    street.wants("oNO", Topic.READING, wanted=False)
    street.due.all_meters = [meter_in(3)]
    assert [openid for _, _, openid in reminded(street)] == ["oREADS", WEI]


def test_who_has_sent_the_reading_is_not_asked_for_it_unless_it_came_back(street: Street) -> None:
    street.binds(WEI)
    street.due.all_meters = [meter_in(2)]
    sent = submission(1, HOME, openid=WEI, created_at=NINE - timedelta(hours=1))
    street.records.commit([SubmissionMade(sent)])
    assert reminded(street) == []
    other = Street()
    other.binds(WEI)
    other.due.all_meters = [meter_in(2)]
    other.records.commit([SubmissionMade(replace(sent, state=SubmissionState.RETURNED))])
    assert len(reminded(other)) == 1
