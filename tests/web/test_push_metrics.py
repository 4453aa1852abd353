"""What a monitor sees of pushes and of cron jobs."""

import math
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from prometheus_client import CollectorRegistry

from backends.errors import BackendUnavailable
from backends.ports import AWAITED, Channel, Duty, JobRun, Lane, Notice, NoticeState, Settlement
from backends.records.job_log import open_job_log
from backends.records.schema import upgrade
from bot.push_metrics import Pushes
from tests.fakes import FakeCsms, FakeRecords
from tests.fakes.job_log import FakeJobLog
from tests.fakes.ledger import FakeLedger
from tests.service import running, settings_for

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND = timedelta(seconds=1)
RAN = JobRun(1, "remind_bills", NOON, NOON, NOON + SECOND, "ok", {})


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


def scraped(ledger: FakeLedger, *runs: JobRun, now: datetime = NOON) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Pushes(ledger, FakeJobLog(runs), lambda: now))
    return registry


def plan(ledger: FakeLedger, *keys: str, lane: Lane = Lane.RESULT, kind: str = "bill_due") -> None:
    ledger.plan([Notice(kind, key, f"o{key}", "", {}, lane) for key in keys], NOON)


def accept(ledger: FakeLedger, count: int, now: datetime) -> None:
    claimed = ledger.claim(Lane, worker="w", now=now, lease_s=60, limit=count)
    taken = NoticeState.ACCEPTED, Channel.TEMPLATE
    ledger.settle([Settlement(one.notice_id, *taken) for one in claimed], worker="w", now=now)


def test_what_waits_and_for_how_long_is_told_by_lane(ledger: FakeLedger) -> None:
    plan(ledger, "a", "b")
    plan(ledger, "c", lane=Lane.URGENT)
    seen = scraped(ledger, now=NOON + 61 * SECOND).get_sample_value
    assert seen("waterdesk_pushes_waiting", {"lane": "result"}) == 2
    assert seen("waterdesk_pushes_waiting", {"lane": "urgent"}) == 1
    assert seen("waterdesk_pushes_oldest_seconds", {"lane": "urgent"}) == 61
    assert seen("waterdesk_pushes_waiting", {"lane": "bill"}) is None


def test_what_became_of_today_s_is_counted_by_kind(ledger: FakeLedger) -> None:
    plan(ledger, "a", "b", "c")
    plan(ledger, "d", kind="bill_opened")
    accept(ledger, 1, NOON + 5 * SECOND)
    accept(ledger, 1, NOON + 15 * SECOND)
    seen = scraped(ledger).get_sample_value
    today = "waterdesk_pushes_today"
    assert seen(today, {"kind": "bill_due", "state": "accepted"}) == 2
    assert seen(today, {"kind": "bill_due", "state": "planned"}) == 1
    assert seen(today, {"kind": "bill_opened", "state": "planned"}) == 1


def test_the_share_that_was_prompt_is_of_all_that_wechat_took_today(ledger: FakeLedger) -> None:
    plan(ledger, "a", "b", "c")
    assert scraped(ledger).get_sample_value("waterdesk_pushes_prompt_ratio") is None
    accept(ledger, 2, NOON + 5 * SECOND)
    accept(ledger, 1, NOON + 15 * SECOND)
    plan(ledger, "d", kind="bill_opened")
    accept(ledger, 1, NOON + 9 * SECOND)
    assert scraped(ledger).get_sample_value("waterdesk_pushes_prompt_ratio") == 0.75


def test_yesterday_s_are_not_counted(ledger: FakeLedger) -> None:
    plan(ledger, "a")
    seen = scraped(ledger, now=NOON + timedelta(days=1)).get_sample_value
    assert seen("waterdesk_pushes_today", {"kind": "bill_due", "state": "planned"}) is None
    assert seen("waterdesk_pushes_waiting", {"lane": "result"}) == 1


def test_how_long_ago_each_job_ended_well_is_told(ledger: FakeLedger) -> None:
    """Not of one that runs, was killed or has failed since nobody knows when."""
    others = (
        JobRun(2, "purge", NOON, NOON, None, "", {}),
        JobRun(3, "visits", NOON, NOON, NOON, "partly", {}),
    )
    seen = scraped(ledger, RAN, *others, now=NOON + 61 * SECOND).get_sample_value
    age = "waterdesk_job_last_success_seconds"
    assert seen(age, {"job": "remind_bills"}) == 60
    assert seen(age, {"job": "purge"}) == seen(age, {"job": "visits"}) == math.inf


def test_a_job_that_never_ran_ages_since_it_was_first_missed(ledger: FakeLedger) -> None:
    awaited = JobRun(2, "purge", NOON, NOON, None, AWAITED, {})
    seen = scraped(ledger, awaited, now=NOON + 61 * SECOND).get_sample_value
    assert seen("waterdesk_job_last_success_seconds", {"job": "purge"}) == 61


def test_what_paused_runs_hold_is_told_however_old_they_are(ledger: FakeLedger) -> None:
    plan(ledger, "a", "b")
    plan(ledger, "c", kind="bill_opened")
    ledger.pause(1, NOON)
    seen = scraped(ledger, now=NOON + timedelta(days=30)).get_sample_value
    assert seen("waterdesk_pushes_held", {"kind": "bill_due"}) == 2
    assert seen("waterdesk_pushes_held", {"kind": "bill_opened"}) is None


def test_how_long_ago_any_worker_was_seen_at_each_duty_is_told(ledger: FakeLedger) -> None:
    registry = CollectorRegistry()
    job_log = FakeJobLog(last_seen={Duty.LOOK: NOON})
    registry.register(Pushes(ledger, job_log, lambda: NOON + 30 * SECOND))
    age = "waterdesk_worker_seen_seconds"
    assert registry.get_sample_value(age, {"duty": "look"}) == 30
    assert registry.get_sample_value(age, {"duty": "carry"}) == math.inf


def test_without_the_database_nothing_is_said_and_the_rest_is(ledger: FakeLedger) -> None:
    plan(ledger, "a")
    registry = scraped(ledger, RAN)
    ledger.fail_with(BackendUnavailable("records", 1.0))
    assert list(registry.collect()) == []


def test_a_scrape_of_the_web_app_tells_all_of_it(
    redis_url: str, csms: FakeCsms, records: FakeRecords, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    upgrade(url)
    job_log = open_job_log(url, pool_size=1, statement_timeout_s=2)
    job_log.end(job_log.begin("purge", NOON), "ok", {}, NOON)
    with running(settings_for(redis_url, DATABASE_URL=url), csms, records) as service:
        response = requests.get(f"{service.url}/metrics", timeout=6)
    assert response.status_code == 200
    assert 'waterdesk_job_last_success_seconds{job="purge"} 0.0' in response.text.splitlines()
    assert "# TYPE waterdesk_pushes_waiting gauge" in response.text
