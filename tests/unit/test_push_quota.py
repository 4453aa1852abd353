"""The day's quota of template messages, shared by all workers in a real Redis."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.ports import Lane
from bot.push_quota import RedisQuota
from bot.redis_link import open_link

BEIJING = ZoneInfo("Asia/Shanghai")
accounts = (f"wxquota{number}" for number in itertools.count())


@dataclass
class Day:
    """The clock, and what the ledger says was sent since when."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=BEIJING)
    sent: int = 0
    asked: list[datetime] = field(default_factory=list)

    def accepted_since(self, since: datetime) -> int:
        self.asked.append(since)
        return self.sent


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def quota(redis_url: str, day: Day) -> RedisQuota:
    return RedisQuota(
        link=open_link(redis_url, monotonic=time.monotonic),
        appid=next(accounts),
        per_day=100,
        reserve_percent=40,
        accepted_since=day.accepted_since,
        clock=lambda: day.now,
    )


def test_what_is_asked_for_is_granted_while_there_is_some(quota: RedisQuota) -> None:
    assert quota.take(Lane.BILL, 50) == 50
    assert quota.take(Lane.REMINDER, 50) == 10
    assert quota.take(Lane.RESULT, 1) == 0


def test_what_is_kept_for_emergencies_is_theirs_only(quota: RedisQuota) -> None:
    quota.take(Lane.BILL, 100)
    assert quota.take(Lane.URGENT, 100) == 40
    assert quota.take(Lane.URGENT, 1) == 0
    assert quota.take(Lane.BILL, 1) == 0


def test_what_is_given_back_may_be_taken_again(quota: RedisQuota) -> None:
    quota.take(Lane.BILL, 60)
    quota.give_back(5)
    assert quota.take(Lane.BILL, 60) == 5


def test_the_ledger_says_what_was_sent_when_redis_does_not_know(
    quota: RedisQuota, day: Day
) -> None:
    day.sent = 55
    assert quota.take(Lane.BILL, 60) == 5
    assert quota.take(Lane.BILL, 60) == 0
    assert day.asked == [datetime(2026, 11, 22, tzinfo=BEIJING)]


def test_when_wechat_says_it_is_used_up_it_is_for_all_lanes(quota: RedisQuota) -> None:
    quota.take(Lane.BILL, 3)
    quota.exhausted()
    quota.give_back(3)
    assert quota.take(Lane.URGENT, 1) == 0


def test_a_new_day_in_beijing_begins_anew(quota: RedisQuota, day: Day) -> None:
    quota.exhausted()
    day.now = datetime(2026, 11, 22, 15, 59, tzinfo=ZoneInfo("UTC"))
    assert quota.take(Lane.BILL, 1) == 0
    day.now += timedelta(minutes=1)
    assert quota.take(Lane.BILL, 1) == 1


def test_giving_back_what_a_lost_counter_never_knew_takes_it_below_nothing_nowhere(
    quota: RedisQuota,
) -> None:
    quota.give_back(5)
    assert quota.take(Lane.BILL, 100) == 60
