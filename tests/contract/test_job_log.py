"""When cron jobs ran, on each database."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from backends.ports import AWAITED, Duty, JobRun
from backends.records.job_log import SqlJobLog, open_job_log
from tests.contract.requests import MINUTE, NOON

DAY = timedelta(days=1)


@pytest.fixture
def job_log(upgraded_url: str) -> Iterator[SqlJobLog]:
    with closing(open_job_log(upgraded_url, pool_size=1, statement_timeout_s=5)) as job_log:
        yield job_log


def test_a_run_beats_and_ends(job_log: SqlJobLog) -> None:
    assert job_log.latest() == ()
    run_id = job_log.begin("purge", NOON)
    assert job_log.latest() == (JobRun(run_id, "purge", NOON, NOON, None, "", {}),)
    job_log.beat(run_id, {"purged": 5}, NOON + MINUTE)
    (beating,) = job_log.latest()
    assert (beating.beat_at, beating.ended_at, beating.counts) == (
        NOON + MINUTE,
        None,
        {"purged": 5},
    )
    end = NOON + 2 * MINUTE
    job_log.end(run_id, "partly", {"purged": 7, "failed": 1}, end)
    counts = {"purged": 7, "failed": 1}
    assert job_log.latest() == (JobRun(run_id, "purge", NOON, end, end, "partly", counts),)


def test_when_a_job_last_ended_well_outlives_runs_that_did_not(job_log: SqlJobLog) -> None:
    assert job_log.ended_well() == {}
    for minute, outcome in enumerate(("ok", "ok", "partly", "failed")):
        at = NOON + minute * MINUTE
        job_log.end(job_log.begin("purge", at), outcome, {}, at)
    job_log.begin("purge", NOON + 9 * MINUTE)
    job_log.end(job_log.begin("visits", NOON), "failed", {}, NOON)
    assert job_log.ended_well() == {"purge": NOON + MINUTE}


def test_the_last_run_of_each_job_is_answered_by_name(job_log: SqlJobLog) -> None:
    job_log.begin("visits", NOON)
    first = job_log.begin("purge", NOON)
    job_log.end(first, "ok", {}, NOON)
    second = job_log.begin("purge", NOON + MINUTE)
    purge, visits = job_log.latest()
    assert (purge.name, purge.run_id, visits.name) == ("purge", second, "visits")


def test_runs_of_long_ago_go_but_not_the_last_of_another_job(job_log: SqlJobLog) -> None:
    job_log.begin("yearly", NOON)
    old = job_log.begin("purge", NOON)
    job_log.begin("purge", NOON + 8 * DAY)
    job_log.beat(old, {"purged": 1}, NOON + 8 * DAY)
    assert [run.started_at for run in job_log.latest()] == [NOON + 8 * DAY, NOON]


def test_a_job_that_never_ran_is_awaited_since_it_was_first_expected(job_log: SqlJobLog) -> None:
    job_log.end(job_log.begin("purge", NOON), "ok", {}, NOON)
    job_log.expect(["purge", "visits"], NOON + MINUTE)
    job_log.expect(["visits", "purge"], NOON + DAY)
    purge, visits = job_log.latest()
    assert (purge.outcome, visits.outcome) == ("ok", AWAITED)
    assert (visits.started_at, visits.ended_at) == (NOON + MINUTE, None)
    job_log.begin("visits", NOON + DAY)
    assert [run.outcome for run in job_log.latest()] == ["ok", ""]


def test_a_duty_was_last_seen_by_whichever_worker_and_is_no_job(job_log: SqlJobLog) -> None:
    assert job_log.last_seen() == {}
    for minute, duty in enumerate((Duty.CARRY, Duty.DRAIN, Duty.CARRY)):
        job_log.seen(duty, NOON + minute * MINUTE)
    assert job_log.last_seen() == {Duty.CARRY: NOON + 2 * MINUTE, Duty.DRAIN: NOON + MINUTE}
    assert job_log.latest() == ()
    assert job_log.ended_well() == {}
