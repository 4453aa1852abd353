"""`python -m jobs purge`: what an operator sees, and with which exit code."""

import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.ports import ProofFailed
from backends.records.adapter import open_records
from backends.records.schema import upgrade
from tests.cli.test_commands import city, environment, platform
from tests.commands import JOBS, run

__all__ = ["city", "environment", "platform"]
THEN = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def purge(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    return run(JOBS, environment, "purge", *options)


def counted(environment: dict[str, str], *options: str) -> dict[str, int]:
    done = purge(environment, *options)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()[:-1]]
    return {what: int(count) for count, what in lines if int(count)}


def test_what_is_due_is_counted_then_removed(environment: dict[str, str]) -> None:
    url = environment["WATERDESK_DATABASE_URL"]
    upgrade(url)
    with closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records:
        records.commit([ProofFailed("oTEST", f"k{n}", THEN + timedelta(n)) for n in range(3)])
    later = "2026-08-30T11:00"
    assert counted(environment, "--dry-run", "--now", later) == {"failures": 2}
    assert counted(environment, "--now", later, "--limit", "1") == {"failures": 1}
    assert counted(environment, "--now", later) == {"failures": 1}
    assert counted(environment, "--dry-run", "--now", later) == {}


@pytest.mark.parametrize(
    ("options", "says"), [(("--now", "soon"), "2026-11-22T12:00"), ((), "records: unavailable")]
)
def test_what_cannot_be_done_ends_with_code_2(
    environment: dict[str, str], options: tuple[str, ...], says: str
) -> None:
    """Without tables, or with a time that is none."""
    failed = purge(environment, *options)
    assert failed.returncode == 2
    assert says in failed.stderr
