"""Every job that is on a timer has its hours in the crontab, and nowhere else."""

import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.catalogue import JOBS
from jobs.timers import CRONTAB, hours, timers
from tests.shape.conftest import ROOT

ON_A_TIMER = {name for name, job in JOBS.items() if job.every}
LINES = list(hours(CRONTAB.read_text(encoding="utf-8")))
MADE_UP = """
# m  h    d m w  user       command
  5  9    * * *  waterdesk  eval "$JOB" in_the_morning >/dev/null
 20 10,15 * * *  waterdesk  eval "$JOB" twice_a_day >/dev/null
 50  *    * * *  waterdesk  eval "$JOB" each_hour >/dev/null
*/15 *    * * *  waterdesk  eval "$JOB" often >/dev/null
"""


def test_cron_runs_each_once() -> None:
    assert sorted(name for name, _, _ in LINES) == sorted(ON_A_TIMER)


def test_each_runs_as_often_as_the_queue_report_believes() -> None:
    for name, minute, hour in LINES:
        if minute.startswith("*/"):
            often = timedelta(minutes=int(minute[2:]))
        else:
            often = timedelta(hours=1) if hour == "*" else timedelta(days=1)
        assert JOBS[name].every == often


def test_operations_say_what_each_does_and_when() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE))
    for name, minute, hour in LINES:
        assert name in rows, f"docs/operations.md, Cron jobs: a row for {name}"
        if hour != "*":
            times = [f"{int(one):02}:{int(minute):02}" for one in hour.split(",")]
            assert rows[name] == ", ".join(times)


def test_systemd_runs_them_at_the_same_time() -> None:
    when = {
        unit: re.findall(r"^OnCalendar=(.+)$", text, re.MULTILINE)
        for unit, text in timers(MADE_UP).items()
    }
    assert when == {
        "waterdesk-job@in_the_morning.timer": ["*-*-* 09:05 Asia/Shanghai"],
        "waterdesk-job@twice_a_day.timer": ["*-*-* 10,15:20 Asia/Shanghai"],
        "waterdesk-job@each_hour.timer": ["*-*-* *:50"],
        "waterdesk-job@often.timer": ["*-*-* *:00/15"],
    }


def test_the_command_writes_a_timer_for_each(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jobs.timers", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert written == timers(CRONTAB.read_text(encoding="utf-8"))
    assert sorted(said.split()) == sorted(written)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
@pytest.mark.parametrize("unit", timers(MADE_UP))
def test_systemd_understands_the_hours(unit: str) -> None:
    (when,) = re.findall(r"^OnCalendar=(.+)$", timers(MADE_UP)[unit], re.MULTILINE)
    subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True)
