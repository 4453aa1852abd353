"""The server's cron jobs, run from the page."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from jobs.catalogue import JOBS as CATALOGUE
from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.demo_jobs import run_job
from sandbox.jobs_api import JOBS, Finished
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW


@dataclass
class Timer:
    ran: list[tuple[str, bool, datetime]] = field(default_factory=list)

    def __call__(self, name: str, dry_run: bool, now: datetime) -> Finished:
        self.ran.append((name, dry_run, now))
        return Finished(0, "       3  planned\ndone\n", 0.25)


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def page(config: SandboxConfig, timer: Timer) -> Control:
    return Control(create_app(config, clock=MovableClock(lambda: NOW), run_job=timer))


def test_every_job_of_the_server_is_offered(page: Control) -> None:
    offered = [job["name"] for job in page.get("/jobs")["jobs"]]
    assert sorted(offered) == sorted(JOBS) == sorted(CATALOGUE)


def test_a_job_runs_at_the_sandboxs_time_and_its_output_is_shown(
    page: Control, timer: Timer
) -> None:
    page.advance(3600)
    ran = page.post("/jobs", {"name": "remind_reading", "dry_run": True}).get_json()
    assert ran["output"] == "       3  planned\ndone\n"
    assert (ran["code"], ran["ms"], ran["now"]) == (0, 250, "2026-01-05T17:00:00+08:00")
    [(name, dry_run, now)] = timer.ran
    assert (name, dry_run, now.timestamp()) == ("remind_reading", True, NOW + 3600)


@pytest.mark.parametrize("wrong", [{}, {"name": "rm"}, {"name": "purge", "dry_run": "no"}])
def test_nothing_but_the_jobs_runs(page: Control, timer: Timer, wrong: dict[str, object]) -> None:
    assert page.post("/jobs", wrong).status_code == 400
    assert timer.ran == []


def test_without_the_launcher_no_job_runs(control: Control) -> None:
    assert control.post("/jobs", {"name": "purge"}).status_code == 409


def test_a_job_that_cannot_start_says_why() -> None:
    done = run_job({"PATH": ""}, "purge", True, datetime.fromisoformat("2026-01-05T17:00+08:00"))
    assert done.code not in (0, None)
    assert "WATERDESK_" in done.output
