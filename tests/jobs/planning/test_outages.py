"""Outages are told to subscribers who live there: once for each thing that the website says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from backends.ports import (
    Account,
    CitizenFollowed,
    Lane,
    Notice,
    OutageNotice,
    OutageStatus,
    Topic,
    TopicChosen,
)
from jobs.planning.outages import OutageNotices
from jobs.pushing.rules import Hours
from tests.fakes import FakeBulletins, FakeDueLists
from tests.jobs.planning.conftest import HOME, NINE, QIN, SHOP, WEI, Street

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANNED = OutageNotice(
    outage_no="T1",
    version=1,
    kind="planned",
    status=OutageStatus.PUBLISHED,
    area="人民东路一带",
    places=("人民东路",),
    reason="更换阀门",
    starts_at=NINE + 2 * DAY,
    ends_at=NINE + 2 * DAY + 6 * HOUR,
    tips="",
    source_url="https://water.example/T1",
    published_at=NINE - HOUR,
)
BURST = replace(
    PLANNED, outage_no="T2", kind="emergency", starts_at=NINE - HOUR, ends_at=NINE + HOUR
)


@pytest.fixture
def street() -> Street:
    """Wei lives in the street and wants to know, Qin lives there and does not."""
    found = Street()
    found.due = FakeDueLists(
        accounts=[account(HOME, "人民东路12号1幢"), account(SHOP, "人民东路商铺2号")]
    )
    for openid in (WEI, QIN):
        found.binds(openid)
    found.records.commit([TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=NINE)])
    return found


def account(acct_no: str, address: str) -> Account:
    return Account(acct_no, "张三", address, "RES", "active", 3, None, Decimal(0))


def plan(
    street: Street, now: datetime, *published: OutageNotice, age: timedelta = timedelta()
) -> list[Notice]:
    """What is new in the ledger. `age`: since when the website has not answered."""
    planner = OutageNotices(
        FakeBulletins(published, checked_at=now - age),
        street.due,
        street.ledger,
        Hours(time(22), time(8), 8),
    )
    before = len(street.ledger.rows)
    for page in planner.pages(now):
        street.ledger.plan(page.notices, now)
    return [row.notice for row in street.ledger.rows[before:]]


def kinds(notices: Iterable[Notice]) -> list[str]:
    return [one.kind for one in notices]


def test_a_planned_one_is_told_once_to_who_asked_and_lives_there(street: Street) -> None:
    (told,) = plan(street, NINE, PLANNED)
    assert (told.kind, told.openid, told.lane) == ("outage_planned", WEI, Lane.RESULT)
    assert told.view["starts_at"] == "2026-11-24T09:00+08:00"
    assert plan(street, NINE + HOUR, PLANNED) == []


def test_it_is_of_the_day_on_its_morning(street: Street) -> None:
    plan(street, NINE, PLANNED)
    assert plan(street, NINE + DAY, PLANNED) == []
    (told,) = plan(street, NINE + 2 * DAY - 2 * HOUR, PLANNED)
    assert (told.kind, told.lane) == ("outage_today", Lane.DIGEST)


def test_what_was_published_today_needs_no_reminder_today(street: Street) -> None:
    tonight = replace(PLANNED, starts_at=NINE + 4 * HOUR, ends_at=NINE + 8 * HOUR)
    assert kinds(plan(street, NINE, tonight)) == ["outage_planned"]
    assert plan(street, NINE + HOUR, tonight) == []


def test_who_subscribes_on_the_morning_is_told_once(street: Street) -> None:
    street.wants(QIN, Topic.OUTAGE, wanted=True)
    morning = NINE + 2 * DAY - 2 * HOUR
    assert kinds(plan(street, morning, PLANNED)) == ["outage_planned"] * 2
    assert plan(street, morning + HOUR, PLANNED) == []


def test_nobody_is_told_to_store_water_when_there_is_none_any_more(street: Street) -> None:
    """The quiet hours end when it has begun."""
    eight = NINE - HOUR + 2 * DAY
    early = replace(PLANNED, starts_at=eight, ends_at=eight + 4 * HOUR)
    plan(street, NINE, early)
    assert plan(street, eight - 8 * HOUR, early) == []


def test_an_emergency_and_its_end_are_urgent(street: Street) -> None:
    (told,) = plan(street, NINE, BURST)
    assert (told.kind, told.lane) == ("outage_emergency", Lane.URGENT)
    longer = replace(BURST, version=2, status=OutageStatus.EXTENDED, ends_at=NINE + 3 * HOUR)
    (told,) = plan(street, NINE, longer)
    assert (told.kind, told.lane) == ("outage_changed", Lane.URGENT)
    over = replace(BURST, version=3, status=OutageStatus.RESTORED, ends_at=NINE)
    (told,) = plan(street, NINE, over)
    assert (told.kind, told.lane) == ("outage_restored", Lane.URGENT)


def test_one_that_begins_before_the_night_is_over_does_not_wait_for_the_morning(
    street: Street,
) -> None:
    night = datetime.combine(NINE.date(), time(23), NINE.tzinfo)
    early = replace(PLANNED, starts_at=night + 6 * HOUR, ends_at=night + 9 * HOUR)
    (told,) = plan(street, night, early)
    assert told.lane is Lane.URGENT


@pytest.mark.parametrize(
    ("now", "starts_at", "lane"),
    [
        (time(21, 50), time(6), Lane.URGENT),  # the night may begin before it is out
        (time(21, 50), time(9), Lane.RESULT),
        (time(23), time(8, 20), Lane.URGENT),  # some are told by half past eight
        (time(23), time(8, 40), Lane.RESULT),
        (time(7, 50), time(8, 10), Lane.URGENT),
        (time(12), time(12, 20), Lane.URGENT),
        (time(12), time(13), Lane.RESULT),
    ],
)
def test_a_planned_one_does_not_wait_when_it_might_begin_first(
    street: Street, now: time, starts_at: time, lane: Lane
) -> None:
    at = datetime.combine(NINE.date(), now, NINE.tzinfo)
    begins = datetime.combine(NINE.date(), starts_at, NINE.tzinfo)
    begins += DAY if begins < at else timedelta()
    (told,) = plan(street, at, replace(PLANNED, starts_at=begins, ends_at=begins + 3 * HOUR))
    assert told.lane is lane


def test_nobody_is_woken_to_hear_that_it_is_put_off(street: Street) -> None:
    night = datetime.combine(NINE.date(), time(23), NINE.tzinfo)
    early = replace(PLANNED, starts_at=night + 6 * HOUR, ends_at=night + 9 * HOUR)
    plan(street, night, early)
    off = replace(early, status=OutageStatus.CANCELLED, version=2)
    (told,) = plan(street, night + HOUR, off)
    assert (told.kind, told.lane) == ("outage_cancelled", Lane.RESULT)


LATER = {"ends_at": PLANNED.ends_at + 2 * HOUR}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"status": OutageStatus.EXTENDED, "version": 2, **LATER}, "outage_changed"),
        ({"version": 3, **LATER}, "outage_changed"),
        ({"status": OutageStatus.CANCELLED, "version": 2}, "outage_cancelled"),
        ({"status": OutageStatus.RESTORED, "version": 2}, "outage_restored"),
    ],
)
def test_each_change_is_told_once(street: Street, change: dict[str, object], kind: str) -> None:
    plan(street, NINE, PLANNED)
    changed = replace(PLANNED, **change)  # type: ignore[arg-type]
    assert kinds(plan(street, NINE, changed)) == [kind]
    assert plan(street, NINE, changed) == []


def test_a_version_with_other_words_and_the_same_times_is_no_news(street: Street) -> None:
    plan(street, NINE, PLANNED)
    assert plan(street, NINE, replace(PLANNED, version=2, reason="更换阀门两处")) == []
    changed = replace(PLANNED, version=3, starts_at=PLANNED.starts_at + HOUR)
    assert kinds(plan(street, NINE, changed)) == ["outage_changed"]
    assert plan(street, NINE, PLANNED) == []


def test_that_it_is_over_is_told_to_those_who_knew_and_once(street: Street) -> None:
    plan(street, NINE, BURST)
    street.wants(QIN, Topic.OUTAGE, wanted=True)
    over = replace(BURST, version=2, status=OutageStatus.RESTORED, ends_at=NINE)
    assert [one.openid for one in plan(street, NINE, over)] == [WEI]
    assert plan(street, NINE, replace(over, version=3, ends_at=NINE - HOUR)) == []


def test_one_that_begins_anew_is_a_change(street: Street) -> None:
    plan(street, NINE, BURST)
    plan(street, NINE, replace(BURST, version=2, status=OutageStatus.RESTORED, ends_at=NINE))
    again = replace(BURST, version=3, ends_at=NINE + 4 * HOUR)
    assert kinds(plan(street, NINE, again)) == ["outage_changed"]


def test_who_hears_of_a_later_version_first_hears_of_an_outage(street: Street) -> None:
    assert kinds(plan(street, NINE, replace(PLANNED, version=4, **LATER))) == ["outage_planned"]


def test_what_the_website_has_not_confirmed_for_an_hour_is_told_only_where_it_surely_holds(
    street: Street,
) -> None:
    assert plan(street, NINE, PLANNED, age=HOUR) == []
    assert kinds(plan(street, NINE, PLANNED, BURST, age=2 * HOUR)) == ["outage_emergency"]
    over = replace(BURST, version=2, status=OutageStatus.RESTORED, ends_at=NINE)
    assert kinds(plan(street, NINE, over, age=2 * HOUR)) == ["outage_restored"]


def test_elsewhere_and_long_ago_is_told_to_nobody(street: Street) -> None:
    elsewhere = replace(PLANNED, places=("滨河路",))
    forgotten = replace(BURST, ends_at=NINE - HOUR)
    past = replace(PLANNED, starts_at=NINE - 9 * DAY, ends_at=NINE - 8 * DAY)
    assert plan(street, NINE, elsewhere, forgotten, past) == []


def test_who_subscribes_meanwhile_is_told_by_the_next_walk(street: Street) -> None:
    plan(street, NINE, PLANNED)
    street.wants(QIN, Topic.OUTAGE, wanted=True)
    assert [one.openid for one in plan(street, NINE, PLANNED)] == [QIN]


def test_two_accounts_in_the_area_are_one_notice(street: Street) -> None:
    street.binds(WEI, SHOP)
    assert len(plan(street, NINE, PLANNED)) == 1


def test_all_subscribers_are_walked_through(street: Street) -> None:
    many = [f"oMANY{number:03}" for number in range(700)]
    for openid in many:
        street.binds(openid)
    chosen = [TopicChosen(openid, Topic.OUTAGE, wanted=True, at=NINE) for openid in many]
    street.records.commit([*(CitizenFollowed(one, NINE) for one in many), *chosen])
    assert {one.openid for one in plan(street, NINE, PLANNED)} == {WEI, *many}
