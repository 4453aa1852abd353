"""`waterdesk pushes`: what an operator sees of a run, and how it is paused, resumed, cancelled."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backends.ports import Channel, CitizenFollowed, Lane, Notice, NoticeState, Settlement
from backends.records.adapter import open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.schema import upgrade
from tests.cli.test_commands import city, environment, platform, waterdesk

__all__ = ["city", "environment", "platform"]
CITIZENS = [f"oCITIZEN{number}" for number in range(6)]


@pytest.fixture
def ledger(environment: dict[str, str]) -> Iterator[SqlLedger]:
    """Six bills planned: one accepted, one skipped, four that wait."""
    url = environment["WATERDESK_DATABASE_URL"]
    upgrade(url)
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    with closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records:
        records.commit([CitizenFollowed(openid, now) for openid in CITIZENS])
    with closing(open_ledger(url, pool_size=2, statement_timeout_s=5, long_term=False)) as opened:
        bills = [
            Notice("bill_opened", "B1", openid, "1000000017", {}, Lane.BILL) for openid in CITIZENS
        ]
        opened.plan(bills, now)
        first, second = opened.claim([Lane.BILL], worker="w", now=now, lease_s=60, limit=2)
        settled = [
            Settlement(first.notice_id, NoticeState.ACCEPTED, Channel.TEMPLATE, msg_id=7),
            Settlement(second.notice_id, NoticeState.SKIPPED, Channel.TEMPLATE, "unbound"),
        ]
        opened.settle(settled, worker="w", now=now)
        yield opened


def test_the_list_says_how_many_are_out_and_what_waits(
    environment: dict[str, str], ledger: SqlLedger
) -> None:
    listed = waterdesk(environment, "pushes", "list")
    assert listed.returncode == 0, listed.stderr
    (run, lane) = listed.stdout.splitlines()
    assert run.split()[2:] == ["bill_opened", "active", "6", "1", "out", "4", "wait", "100%"]
    assert lane.split()[:3] == ["bill", "4", "due,"]
    assert "oCITIZEN" not in listed.stdout
    assert len(run) <= 80


def test_one_run_is_shown_with_its_reasons(environment: dict[str, str], ledger: SqlLedger) -> None:
    shown = waterdesk(environment, "pushes", "show", "1")
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["4", "planned"] in lines
    assert ["1", "skipped:", "unbound"] in lines


def test_it_is_paused_resumed_and_cancelled(environment: dict[str, str], ledger: SqlLedger) -> None:
    assert "4 notices held" in waterdesk(environment, "pushes", "pause", "1").stdout
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    assert ledger.claim([Lane.BILL], worker="v", now=now, lease_s=60, limit=9) == ()
    assert "4 notices planned again" in waterdesk(environment, "pushes", "resume", "1").stdout
    assert "4 notices skipped" in waterdesk(environment, "pushes", "cancel", "1").stdout
    (run, *_) = waterdesk(environment, "pushes", "list").stdout.splitlines()
    assert "cancelled" in run
    assert "0 wait" in run


def test_a_run_that_is_none_is_named(environment: dict[str, str], ledger: SqlLedger) -> None:
    failed = waterdesk(environment, "pushes", "pause", "99")
    assert failed.returncode == 1
    assert "no run 99: see `waterdesk pushes list`" in failed.stdout
