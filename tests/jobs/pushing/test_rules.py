"""What is not told to a citizen, or not now, and why."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from backends.ports import ONLY_ON_REQUEST, Channel, ClaimedNotice, Lane, Notice, Standing, Topic
from bot.concern import KINDS
from jobs.pushing.rules import (
    Hours,
    Situation,
    Skip,
    Tell,
    Wait,
    asked_about,
    judged,
)
from tests.jobs.pushing.conftest import HOME, NOON, WEI
from tests.town import BILLS

HOURS = Hours(time(22), time(8), per_citizen=2)
NIGHT = NOON.replace(hour=23)
EARLY = NOON.replace(hour=6)
BILL = replace(BILLS[0], acct_no=HOME, bill_no="B1")
OLDER = replace(BILL, bill_no="B0", amount=BILL.owed + 10, paid=BILL.owed, late_fee=Decimal(0))
OWED = {HOME: (OLDER, BILL)}
STANDING = Standing(frozenset({WEI}), frozenset({(WEI, HOME)}), {}, {}, {})


def claimed(kind: str, lane: Lane = Lane.REMINDER, **values: object) -> ClaimedNotice:
    notice = Notice(kind, "B1", WEI, HOME, {}, lane)
    return ClaimedNotice(1, replace(notice, **values), Channel.TEMPLATE, 0, None)


def situation(now: datetime = NOON, **standing: object) -> Situation:
    return Situation(now, replace(STANDING, **standing), {}, HOURS)


def reason(one: ClaimedNotice, seen: Situation) -> str:
    verdict = judged(one, seen)
    return "" if isinstance(verdict, Tell) else verdict.reason


@pytest.mark.parametrize(
    "kind",
    [kind for kind, concern in KINDS.items() if concern.about_account and kind != "bill_due"],
)
def test_what_is_about_an_account_is_told_to_who_is_bound_to_it(kind: str) -> None:
    assert reason(claimed(kind), situation()) == ""
    assert reason(claimed(kind), situation(bound=frozenset())) == "unbound"


@pytest.mark.parametrize("kind", ["reading_accepted", "transfer_approved", "visit_booked"])
def test_the_result_of_a_request_is_told_whatever_became_of_the_link(kind: str) -> None:
    assert reason(claimed(kind, Lane.RESULT), situation(bound=frozenset())) == ""


@pytest.mark.parametrize("lane", list(Lane))
def test_who_has_left_is_told_nothing(lane: Lane) -> None:
    assert reason(claimed("bill_opened", lane), situation(following=frozenset())) == "left"


def test_what_is_of_no_use_any_more_is_not_told() -> None:
    assert reason(claimed("bill_opened", valid_until=NOON), situation()) == "stale"
    later = NOON + timedelta(seconds=1)
    assert reason(claimed("bill_opened", valid_until=later), situation()) == ""


@pytest.mark.parametrize(
    ("kind", "topic"), [(kind, concern.topic) for kind, concern in KINDS.items() if concern.topic]
)
def test_a_topic_is_told_to_who_wants_it(kind: str, topic: Topic) -> None:
    one = replace(claimed(kind, Lane.URGENT), unsure_since=NOON)
    seen = replace(situation(), owed=OWED)
    chosen = [
        reason(one, replace(seen, standing=replace(STANDING, choices={(WEI, topic): wanted})))
        for wanted in (True, False)
    ]
    assert chosen == ["", "unwanted"]
    assert reason(one, seen) == ("unwanted" if topic in ONLY_ON_REQUEST else "")


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (NIGHT, "23 08"),
        (NOON.replace(hour=22), "23 08"),
        (EARLY, "22 08"),
        (NOON.replace(hour=0), "22 08"),
    ],
)
@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.URGENT])
def test_at_night_it_waits_for_the_morning(lane: Lane, now: datetime, ends: str) -> None:
    verdict = judged(claimed("bill_opened", lane), situation(now))
    assert isinstance(verdict, Wait)
    assert verdict.reason == "quiet"
    assert verdict.until.strftime("%d %H") == ends


def test_what_is_urgent_goes_out_at_night() -> None:
    assert reason(claimed("outage_emergency", Lane.URGENT), situation(NIGHT)) == "unwanted"
    assert reason(claimed("ticket_changed", Lane.URGENT), situation(NIGHT)) == ""


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "at", "quiet"),
    [
        (time(22), time(8), time(22), True),
        (time(22), time(8), time(7, 59), True),
        (time(22), time(8), time(8), False),
        (time(22), time(8), time(21, 59), False),
        (time(1), time(6), time(3), True),
        (time(1), time(6), time(0, 30), False),
        (time(8), time(8), time(8), False),
    ],
)
def test_quiet_hours_may_cross_midnight_or_not_be_at_all(
    quiet_from: time, quiet_until: time, at: time, *, quiet: bool
) -> None:
    hours = Hours(quiet_from, quiet_until, per_citizen=2)
    assert hours.is_quiet(datetime.combine(NOON.date(), at, tzinfo=NOON.tzinfo)) is quiet


def test_not_every_phone_rings_in_the_same_minute_of_the_morning() -> None:
    times = {HOURS.after_quiet(NIGHT, f"oTEST{number}") for number in range(200)}
    morning = NOON.replace(day=23, hour=8)
    assert len(times) > 150
    assert all(morning <= at < morning + timedelta(minutes=30) for at in times)
    assert HOURS.after_quiet(NIGHT, WEI) == HOURS.after_quiet(EARLY + timedelta(days=1), WEI)


@pytest.mark.parametrize("lane", [Lane.BILL, Lane.REMINDER, Lane.DIGEST])
def test_more_than_enough_for_a_day_waits_for_the_next_morning(lane: Lane) -> None:
    verdict = judged(claimed("bill_opened", lane), situation(pushed={WEI: 2}))
    assert isinstance(verdict, Wait)
    assert (verdict.reason, verdict.until.strftime("%d %H")) == ("cap", "23 08")


def test_what_goes_out_in_the_same_batch_counts_too() -> None:
    seen = situation(pushed={WEI: 1})
    found = [reason(claimed("bill_opened"), seen) for _ in range(3)]
    assert found == ["", "cap", "cap"]


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.RESULT])
def test_what_a_citizen_waits_for_is_never_too_much(lane: Lane) -> None:
    assert reason(claimed("reading_accepted", lane), situation(pushed={WEI: 99})) == ""


@pytest.mark.parametrize(("now", "pushed"), [(NIGHT, 0), (NOON, 99)])
def test_one_that_may_have_been_sent_is_not_held_back(now: datetime, pushed: int) -> None:
    one = replace(claimed("bill_opened"), unsure_since=now)
    assert reason(one, situation(now, pushed={WEI: pushed})) == ""


def test_a_reminder_says_what_is_owed_now() -> None:
    planned = {"amount": "1.00", "owed_total": "9.00", "owed_bills": 9, "period": "2026-11"}
    verdict = judged(claimed("bill_due", view=planned), replace(situation(), owed=OWED))
    total = str(BILL.owed + 10)
    now = {"amount": str(BILL.owed), "owed_total": total, "owed_bills": 2}
    assert verdict == Tell({**planned, **now})


def test_a_paid_bill_is_not_reminded_of_and_none_is_while_nobody_can_say() -> None:
    one = claimed("bill_due")
    assert judged(one, situation()) == Skip("paid")
    another_one = {HOME: OWED[HOME][:1]}
    assert judged(one, replace(situation(), owed=another_one)) == Skip("paid")
    unknown = judged(one, replace(situation(), owed=None))
    assert unknown == Wait("csms_down", NOON + timedelta(minutes=5))
    assert reason(claimed("bill_opened"), replace(situation(), owed=None)) == ""


def test_a_bill_that_is_being_paid_is_not_reminded_of_until_it_is_known_whether_it_was() -> None:
    seen = replace(situation(), owed=OWED, being_paid=["B1"])
    assert judged(claimed("bill_due"), seen) == Wait("being_paid", NOON + timedelta(minutes=5))
    assert judged(claimed("bill_due"), replace(seen, owed={})) == Skip("paid")
    assert reason(claimed("bill_opened"), seen) == ""


def test_only_reminders_of_bills_ask_what_is_paid() -> None:
    both = [claimed("bill_due"), claimed("bill_opened", key="B2"), claimed("bill_due")]
    assert asked_about(both) == (HOME,)
