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


def plan(street: Street, now: datetime, *published: OutageNotice) -> list[Notice]:
    """What is new in the ledger."""
    planner = OutageNotices(
        FakeBulletins(published), street.due, street.ledger, Hours(time(22), time(8), 8)
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


def test_an_emergency_and_its_end_are_urgent(street: Street) -> None:
    (told,) = plan(street, NINE, BURST)
    assert (told.kind, told.lane) == ("outage_emergency", Lane.URGENT)
    over = replace(BURST, version=2, status=OutageStatus.RESTORED, ends_at=NINE)
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
    ("change", "kind"),
    [
        ({"status": OutageStatus.EXTENDED, "version": 2}, "outage_changed"),
        ({"version": 3}, "outage_changed"),
        ({"status": OutageStatus.CANCELLED, "version": 2}, "outage_cancelled"),
    ],
)
def test_each_change_is_told_once(street: Street, change: dict[str, object], kind: str) -> None:
    plan(street, NINE, PLANNED)
    changed = replace(PLANNED, **change)  # type: ignore[arg-type]
    assert kinds(plan(street, NINE, changed)) == [kind]
    assert plan(street, NINE, changed) == []


def test_elsewhere_and_long_ago_is_told_to_nobody(street: Street) -> None:
    elsewhere = replace(PLANNED, places=("滨河路",))
    forgotten = replace(BURST, ends_at=NINE - HOUR)
    past = replace(PLANNED, starts_at=NINE - 9 * DAY, ends_at=NINE - 8 * DAY)
    assert plan(street, NINE, elsewhere, forgotten, past) == []


def test_who_subscribes_meanwhile_is_told_by_the_next_walk(street: Street) -> None:
    plan(street, NINE, PLANNED)
    street.records.commit([TopicChosen(QIN, Topic.OUTAGE, wanted=True, at=NINE)])
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
