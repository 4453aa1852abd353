"""How the queues stand: what an operator reads, and when cron mails it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from backends.ports import JobRun, Lane, Notice, SubmissionState
from jobs.job import Counts, Order
from jobs.queues import LATE, SILENT, QueueReport
from tests.fakes.job_log import FakeJobLog
from tests.jobs.conftest import WEI, Office

DAILY: Mapping[str, timedelta] = {"remind_bills": timedelta(days=1)}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Desk:
    office: Office
    runs: list[JobRun] = field(default_factory=list)
    quiet: bool = False

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

    def report(self) -> Counts:
        office = self.office
        job = QueueReport(
            office.outbox, office.ledger, FakeJobLog(self.runs), DAILY, lambda _: self.quiet
        )
        (counts,) = job(Order(office.now))
        return counts


@pytest.fixture
def desk(office: Office) -> Desk:
    office.follows()
    return Desk(office)


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
    assert "failed" not in desk.report()
    desk.office.now += MINUTE
    assert desk.report().get("failed", 0) == int(late)


def test_a_job_is_overdue_when_it_was_left_out_once(desk: Desk) -> None:
    desk.ran(desk.office.now - 2 * DAY)
    assert desk.report() == {}
    desk.ran(desk.office.now - 2 * DAY - MINUTE)
    assert desk.report() == {"job remind_bills killed, failed or overdue": 1, "failed": 1}


def test_a_job_that_failed_or_fell_silent_needs_somebody(desk: Desk) -> None:
    now = desk.office.now
    desk.ran(now - MINUTE, "failed")
    assert desk.report()["failed"] == 1
    desk.ran(now - DAY, "", beat_at=now - SILENT - MINUTE)
    assert desk.report()["failed"] == 1
    desk.ran(now - DAY, "", beat_at=now - SILENT)
    assert desk.report() == {}


def test_one_that_did_a_part_has_said_so_itself(desk: Desk) -> None:
    desk.ran(desk.office.now - MINUTE, "partly")
    assert desk.report() == {}
