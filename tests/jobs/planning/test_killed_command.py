"""`python -m jobs remind_payment`, killed by the system while it plans, and started again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backends.ports import Lane
from backends.records.ledger import SqlLedger
from backends.records.schema import upgrade
from tests.contract.exchange import publish
from tests.jobs.planning.conftest import NINE
from tests.jobs.planning.once import BOUND, bind_a_tenth, ledger_at, many_bills

SETTINGS = {
    "WECHAT_APPID": "wx0123456789abcdef",
    "WECHAT_SECRET": "0123456789abcdef0123456789abcdef",
    "WECHAT_TOKEN": "watertoken",
    "WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "UTILITY_NAME": "滨河水务",
    "HOTLINE": "962000",
}
DUE_DATE = NINE.date() + timedelta(days=3)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """With many bills that fall due in three days."""
    csms, records = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("csms", "own"))
    bills = [replace(bill, due_date=DUE_DATE) for bill in many_bills().all_bills]
    publish(csms, [], bills, mobiles={})
    upgrade(records)
    bind_a_tenth(records)
    clean = {name: value for name, value in os.environ.items() if "WATERDESK" not in name}
    given = {**SETTINGS, "CSMS_URL": csms, "DATABASE_URL": records}
    return clean | {f"WATERDESK_{name}": value for name, value in given.items()}


@pytest.fixture
def ledger(environment: dict[str, str]) -> Iterator[SqlLedger]:
    with closing(ledger_at(environment["WATERDESK_DATABASE_URL"])) as ledger:
        yield ledger


def started(environment: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "jobs", "remind_payment", "--now", NINE.isoformat()]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


def planned(ledger: SqlLedger) -> int:
    return sum(sum(run.counts.values()) for run in ledger.runs(NINE.date()))


def test_a_command_killed_half_way_and_started_again_plans_each_reminder_once(
    environment: dict[str, str], ledger: SqlLedger
) -> None:
    with started(environment) as first:
        deadline = time.monotonic() + 30
        while not planned(ledger):
            assert first.poll() is None, "it ended without having planned"
            assert time.monotonic() < deadline, "nothing was planned in time"
            time.sleep(0.002)
        first.kill()
    with started(environment) as second:
        said, complained = second.communicate(timeout=30)
    assert (second.returncode, complained) == (0, "")
    assert "1,300  looked_at" in said
    found = ledger.claim(Lane, worker="w1", now=NINE, lease_s=90, limit=1000)
    told = sorted((one.notice.kind, one.notice.key, one.notice.openid) for one in found)
    assert told == [("bill_due", f"B{acct_no}", f"o{acct_no}") for acct_no in BOUND]
