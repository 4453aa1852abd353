"""`waterdesk submissions` and `waterdesk worker`: what an operator sees and does at night."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backends.ports import Duty, Submission, SubmissionKind, SubmissionMade, SubmissionState
from backends.records.adapter import open_records
from backends.records.job_log import open_job_log
from backends.records.outbox import SqlOutbox, open_outbox
from backends.records.schema import upgrade
from tests.cli.test_commands import city, environment, platform, waterdesk

__all__ = ["city", "environment", "platform"]
NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER, OTHER = "W2611221234565", "W2611221234573"
ACCOUNT = "1000000017"


@pytest.fixture
def outbox(environment: dict[str, str]) -> Iterator[SqlOutbox]:
    url = environment["WATERDESK_DATABASE_URL"]
    upgrade(url)
    with closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records:
        for place, number in enumerate((NUMBER, OTHER)):
            made = Submission(
                number=number,
                key=f"k{place}",
                openid="oTEST",
                acct_no=ACCOUNT,
                kind=SubmissionKind.READING,
                payload={"value": 1250},
                created_at=NOW,
            )
            records.commit([SubmissionMade(made)])
    with closing(open_outbox(url, pool_size=1, statement_timeout_s=5)) as opened:
        opened.claim("csms", worker="w", now=NOW, lease_s=60, limit=1)
        opened.give_up(NUMBER, worker="w", why="csms: rejected with x: too long", now=NOW)
        yield opened


def test_the_list_says_what_is_stuck_and_why_without_naming_anybody(
    environment: dict[str, str],
    outbox: SqlOutbox,
) -> None:
    wide = {**environment, "COLUMNS": "250"}
    listed = waterdesk(wide, "submissions", "list", "--state", "stuck")
    assert listed.returncode == 0, listed.stderr
    assert NUMBER in listed.stdout
    assert "too long" in listed.stdout
    assert OTHER not in listed.stdout
    assert ACCOUNT not in listed.stdout
    assert "10*****017" in listed.stdout


def test_a_stuck_one_is_sent_again_by_its_number(
    environment: dict[str, str],
    outbox: SqlOutbox,
) -> None:
    sent = waterdesk(environment, "submissions", "resend", NUMBER.lower(), "W0000000000000")
    assert sent.returncode == 1
    assert "1 of 2 will be handed over again" in sent.stdout
    assert "W0000000000000: not stuck, or unknown" in sent.stdout
    found = outbox.submission(NUMBER)
    assert found is not None
    assert found.state is SubmissionState.QUEUED


def test_one_is_shown_without_what_it_says(
    environment: dict[str, str],
    outbox: SqlOutbox,
) -> None:
    shown = waterdesk(environment, "submissions", "show", NUMBER)
    assert shown.returncode == 0
    assert "reading" in shown.stdout
    assert "1250" not in shown.stdout
    assert waterdesk(environment, "submissions", "show", "W1").returncode == 1


def test_a_state_that_does_not_exist_is_refused_with_those_that_do(
    environment: dict[str, str],
) -> None:
    refused = waterdesk(environment, "submissions", "list", "--state", "lost")
    assert refused.returncode == 2
    assert "stuck" in refused.stderr


def test_the_worker_hands_over_says_that_it_is_there_and_ends_when_it_is_told_to(
    environment: dict[str, str],
    outbox: SqlOutbox,
    tmp_path: Path,
) -> None:
    log = tmp_path / "worker.log"
    with log.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "worker"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
        )
        try:
            _wait_for(outbox, SubmissionState.DELIVERED, worker)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        finally:
            worker.kill()
            worker.wait()
    assert re.search(r"working in \d+ loops", log.read_text())
    url = environment["WATERDESK_DATABASE_URL"]
    with closing(open_job_log(url, pool_size=1, statement_timeout_s=5)) as job_log:
        assert {Duty.CARRY, Duty.LOOK} <= job_log.last_seen().keys()


def _wait_for(outbox: SqlOutbox, state: SubmissionState, worker: "subprocess.Popen[bytes]") -> None:
    """Polls the database, as the worker does: it tells nobody when it has done something."""
    for _ in range(300):
        found = outbox.submission(OTHER)
        if found is not None and found.state is state:
            return
        try:
            worker.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the worker has ended")
    raise AssertionError("not handed over")
