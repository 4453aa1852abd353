"""`waterdesk check`: whether any worker is at work, and what waits for one."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backends.ports import CitizenFollowed, Duty, Notice, SubmissionState
from backends.records.adapter import open_records
from backends.records.job_log import SqlJobLog, open_job_log
from backends.records.ledger import open_ledger
from backends.records.schema import upgrade
from bot.at_work import AWAY_AFTER
from bot.check_work import LATE, work_findings
from bot.settings import Settings
from tests.contract.requests import made
from tests.service import settings_for

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    upgrade(url)
    return settings_for("redis://h", DATABASE_URL=url)


@pytest.fixture
def job_log(settings: Settings) -> Iterator[SqlJobLog]:
    with closing(open_job_log(settings.database_url, pool_size=1, statement_timeout_s=5)) as opened:
        yield opened


def something_waits(settings: Settings) -> None:
    """A submission to be handed over, another that is stuck, and two notices."""
    url = settings.database_url
    with closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records:
        stuck = made(2, state=SubmissionState.STUCK)
        records.commit([CitizenFollowed("oTESTwei", NOON), made(1), stuck])
    with closing(open_ledger(url, pool_size=1, statement_timeout_s=5, long_term=False)) as ledger:
        notices = [Notice("ticket_done", key, "oTESTwei", "", {}) for key in ("a", "b")]
        assert ledger.plan(notices, NOON) == 2


def told(settings: Settings, now: datetime) -> list[str]:
    found = list(work_findings(settings, now))
    assert not any(finding.grave for finding in found)
    return [f"{one.what}: {one.remedy}".removesuffix(": ") for one in found]


def test_while_workers_are_at_it_all_is_well(settings: Settings, job_log: SqlJobLog) -> None:
    for duty in Duty:
        job_log.seen(duty, NOON)
    assert told(settings, NOON + AWAY_AFTER) == [
        "submissions",
        "worker, last seen 11-22 12:00",
        "pushes, nothing waits now, worked off last 11-22 12:00",
    ]


def test_without_a_worker_what_waits_is_told_with_the_remedy(
    settings: Settings, job_log: SqlJobLog
) -> None:
    something_waits(settings)
    for duty in (Duty.CARRY, Duty.LOOK):
        job_log.seen(duty, NOON)
    stuck, worker, pushes = told(settings, NOON + AWAY_AFTER + MINUTE)
    assert stuck == "submissions: 1 stuck: see `waterdesk submissions list --state stuck`"
    assert worker.startswith(
        "worker: none runs, last seen 11-22 12:00; 1 submissions wait: start `waterdesk worker`"
    )
    assert pushes.startswith(
        "pushes: no worker pushes, last seen 11-22 12:00; 2 notices wait, the first since 11-22 "
        "12:00: start `waterdesk worker`"
    )


def test_notices_that_wait_although_a_worker_looks_are_told(
    settings: Settings, job_log: SqlJobLog
) -> None:
    something_waits(settings)
    late = NOON + LATE
    job_log.seen(Duty.LOOK, late)
    waits = "2 notices wait, the first since 11-22 12:00"
    assert told(settings, late)[2] == f"pushes, {waits}, none worked off yet"
    see = "see `waterdesk pushes list` and the worker's log"
    assert told(settings, late + MINUTE)[2] == f"pushes: {waits}: {see}"


def test_where_no_worker_ever_ran_that_is_said_although_nothing_waits(settings: Settings) -> None:
    start = "nothing waits now: start `waterdesk worker` (systemctl status waterdesk-worker)"
    assert told(settings, NOON)[1:] == [
        f"worker: none runs, never seen; {start}",
        f"pushes: no worker pushes, never seen; {start}",
    ]


def test_without_our_own_database_another_finding_says_so(tmp_path: Path) -> None:
    away = settings_for("redis://h", DATABASE_URL=f"sqlite:///{tmp_path}/none/own.sqlite3")
    assert told(away, NOON) == []
