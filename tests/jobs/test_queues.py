"""How the queues stand: what an operator reads, and when cron mails it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backends.ports import AWAITED, Duty, JobRun, Lane, Notice, SubmissionState
from backends.records.job_log import open_job_log
from bot.at_work import AWAY_AFTER
from jobs.job import Counts, Order
from jobs.queues import LATE, SILENT, QueueReport
from tests.fakes.job_log import FakeJobLog
from tests.jobs.conftest import WEI, Office

DAILY: Mapping[str, timedelta] = {"remind_bills": timedelta(days=1)}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Desk:
    office: Office
    job_log: FakeJobLog = field(default_factory=FakeJobLog)
    runs: list[JobRun] = field(default_factory=list)
    quiet: bool = False
    seen: dict[Duty, datetime] = field(default_factory=dict)

    def plans(self, lane: Lane = Lane.RESULT) -> None:
        notice = Notice("reading_accepted", lane.name, WEI, "", {}, lane)
        assert self.office.ledger.plan([notice], self.office.now) == 1

    def ran(
        self, started_at: datetime, outcome: str = "ok", *, beat_at: datetime | None = None
    ) -> None:
        """With a beat it is under way."""
        ended_at = None if beat_at else started_at + MINUTE
        beat_at = beat_at or started_at
        name = "remind_bills"
        self.runs = [JobRun(1, name, started_at, beat_at, ended_at, outcome, {})]

    def awaits(self, name: str, since: datetime) -> None:
        self.runs = [JobRun(1, name, since, since, None, AWAITED, {})]

    def report(self, *, dry_run: bool = False) -> Counts:
        office = self.office
        self.job_log = FakeJobLog(self.runs, self.seen)
        job = QueueReport(office.outbox, office.ledger, self.job_log, DAILY, lambda _: self.quiet)
        (counts,) = job(Order(office.now, dry_run))
        return counts

    def works(self) -> None:
        """Whatever workers do, one is at it now."""
        self.seen = dict.fromkeys(Duty, self.office.now)


@pytest.fixture
def desk(office: Office) -> Desk:
    """A worker has just been seen."""
    office.follows()
    desk = Desk(office)
    desk.works()
    return desk


def test_nothing_waits_and_nothing_is_needed(desk: Desk) -> None:
    assert desk.report() == {}


def test_what_waits_is_counted_and_needs_nobody_at_first(desk: Desk) -> None:
    desk.office.submits()
    desk.plans()
    desk.plans(Lane.URGENT)
    assert desk.report() == {
        "submissions queued for csms": 1,
        "notices waiting, urgent": 1,
        "notices waiting, result": 1,
    }


def test_a_stuck_submission_needs_somebody(desk: Desk) -> None:
    desk.office.submits(state=SubmissionState.STUCK)
    assert desk.report() == {"submissions stuck for csms": 1, "failed": 1}


@pytest.mark.parametrize(
    ("lane", "quiet", "late"),
    [
        (Lane.RESULT, False, True),
        (Lane.RESULT, True, False),
        (Lane.URGENT, True, True),
    ],
)
def test_a_lane_that_is_late_needs_somebody_unless_night_holds_it_back(
    desk: Desk, lane: Lane, *, quiet: bool, late: bool
) -> None:
    desk.plans(lane)
    desk.office.now += LATE
    desk.quiet = quiet
    desk.works()
    assert "failed" not in desk.report()
    desk.office.now += MINUTE
    report = desk.report()
    assert report.get("failed", 0) == int(late)
    waiting = f"notices waiting, {lane.name.lower()}"
    assert report[f"{waiting}, since 11-22 12:01" if late else waiting] == 1


def test_without_a_worker_what_waits_needs_somebody(desk: Desk) -> None:
    desk.office.submits()
    desk.plans()
    desk.office.now += AWAY_AFTER
    assert "failed" not in desk.report()
    desk.office.now += MINUTE
    report = desk.report()
    assert report["failed"] == 2
    assert report["no worker carries submissions, last seen 11-22 12:01"] == 1
    assert report["no worker pushes, last seen 11-22 12:01"] == 1
    desk.seen = {}
    assert "no worker pushes, never seen" in desk.report()


def test_without_a_worker_nothing_is_needed_while_nothing_waits_for_it(desk: Desk) -> None:
    desk.seen = {}
    assert desk.report() == {}
    desk.plans()
    desk.office.now += DAY
    desk.quiet = True
    assert "failed" not in desk.report()


def test_what_is_held_is_told_by_run_and_needs_nobody(desk: Desk) -> None:
    desk.plans()
    desk.office.ledger.pause(1, desk.office.now)
    desk.office.now += 9 * DAY
    held = "notices held, run 1, reading_accepted of 11-22 is paused"
    assert desk.report() == {held: 1}


def test_a_job_is_overdue_when_it_was_left_out_once(desk: Desk) -> None:
    desk.ran(desk.office.now - 2 * DAY)
    assert desk.report() == {}
    desk.ran(desk.office.now - 2 * DAY - MINUTE)
    assert desk.report() == {"job remind_bills is overdue, ran last 11-20 12:00": 1, "failed": 1}


def test_a_job_that_failed_needs_somebody_who_reads_since_when(desk: Desk) -> None:
    desk.ran(desk.office.now - 2 * MINUTE, "failed")
    failed = "job remind_bills failed 11-22 12:00, not once well in a week"
    assert desk.report() == {failed: 1, "failed": 1}


def test_a_job_that_fell_silent_was_killed(desk: Desk) -> None:
    now = desk.office.now
    desk.ran(now - DAY, "", beat_at=now - SILENT - MINUTE)
    killed = "job remind_bills was killed 11-22 11:55, not once well in a week"
    assert desk.report() == {killed: 1, "failed": 1}
    desk.ran(now - DAY, "", beat_at=now - SILENT)
    assert desk.report() == {}


def test_since_when_a_job_has_not_ended_well_outlives_the_runs_that_failed(
    desk: Desk, tmp_path: Path
) -> None:
    url, now = f"sqlite:///{tmp_path / 'own.sqlite3'}", desk.office.now
    with closing(open_job_log(url, pool_size=1, statement_timeout_s=5)) as job_log:
        job_log.end(job_log.begin("remind_bills", now - DAY), "ok", {}, now - DAY)
        job_log.end(job_log.begin("remind_bills", now), "failed", {}, now)
        office, order = desk.office, Order(now)
        report = QueueReport(office.outbox, office.ledger, job_log, DAILY, lambda _: False)
        assert dict(*report(order)) == {
            "job remind_bills failed 11-22 12:01, ended well last 11-21 12:01": 1,
            "failed": 1,
        }


def test_one_that_did_a_part_has_said_so_itself(desk: Desk) -> None:
    desk.ran(desk.office.now - MINUTE, "partly")
    assert desk.report() == {}


def test_a_job_that_never_ran_is_missed_after_the_time_of_two_runs(desk: Desk) -> None:
    """Not on the first night after an installation, nor after a release that brings a job."""
    desk.awaits("remind_bills", desk.office.now - 2 * DAY)
    assert desk.report() == {}
    desk.awaits("remind_bills", desk.office.now - 2 * DAY - MINUTE)
    never = "job remind_bills has never run, awaited since 11-20 12:00"
    assert desk.report() == {never: 1, "failed": 1}


def test_jobs_on_timers_are_awaited_since_the_first_report(desk: Desk) -> None:
    desk.report(dry_run=True)
    assert desk.job_log.expected == set()
    desk.report()
    assert desk.job_log.expected == {"remind_bills"}
