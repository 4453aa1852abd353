"""Cron and systemd run the jobs that are on a timer, all of them, at the same hours."""

import re
from datetime import timedelta
from pathlib import Path

from jobs.catalogue import JOBS

ROOT = Path(__file__).parents[2]
ON_A_TIMER = {name for name, job in JOBS.items() if job.every}
LINES = re.findall(
    r"^\s*(\S+)\s+(\S+)\s+\* \* \*\s+waterdesk\s+eval \"\$JOB\" (\w+) >/dev/null$",
    (ROOT / "jobs/crontab").read_text(),
    re.MULTILINE,
)
TIMERS = {
    path.stem.partition("@")[2]: path.read_text()
    for path in (ROOT / "deploy/timers").glob("*.timer")
}


def test_both_run_the_same_jobs() -> None:
    assert {name for _, _, name in LINES} == ON_A_TIMER == set(TIMERS)


def test_both_run_them_at_the_same_time() -> None:
    for minute, hour, name in LINES:
        (when,) = re.findall(r"^OnCalendar=\*-\*-\* (\S+)", TIMERS[name], re.MULTILINE)
        if minute.startswith("*/"):
            assert when == f"*:00/{minute[2:]}"
        elif hour == "*":
            assert when == f"*:{minute}"
        else:
            assert when == f"{int(hour):02}:{int(minute):02}"


def test_each_runs_as_often_as_the_queue_report_believes() -> None:
    for minute, hour, name in LINES:
        if minute.startswith("*/"):
            often = timedelta(minutes=int(minute[2:]))
        else:
            often = timedelta(hours=1) if hour == "*" else timedelta(days=1)
        assert JOBS[name].every == often
