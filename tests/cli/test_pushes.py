"""`waterdesk pushes`: what an operator sees of a run, and how it is paused, resumed, cancelled."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from backends.ports import (
    Channel,
    CitizenFollowed,
    ClaimedNotice,
    Lane,
    Notice,
    NoticeState,
    Settlement,
)
from backends.records.adapter import open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.schema import upgrade
from bot.cli import app
from tests.service import AES_KEY

CITIZENS = [f"oCITIZEN{number}" for number in range(6)]
DAY = timedelta(days=1)
HEADING = ["run", "day", "kind", "state", "all", "out", "wait", "kept", "%"]


@dataclass
class Counter:
    """Where an operator types, and the ledger that they type about."""

    ledger: SqlLedger
    environment: dict[str, str]
    now: datetime

    def plan(self, kind: str = "bill_opened", *, at: datetime | None = None) -> None:
        notices = [Notice(kind, "B1", openid, "", {}, Lane.BILL) for openid in CITIZENS]
        assert self.ledger.plan(notices, at or self.now) == len(CITIZENS)

    def claim(self, count: int) -> tuple[ClaimedNotice, ...]:
        lanes = [Lane.BILL]
        return self.ledger.claim(lanes, worker="w", now=self.now, lease_s=60, limit=count)

    def settle(
        self, state: NoticeState, reason: str = "", *, count: int = 1, until: datetime | None = None
    ) -> None:
        settled = [
            Settlement(one.notice_id, state, Channel.TEMPLATE, reason, not_before=until)
            for one in self.claim(count)
        ]
        assert self.ledger.settle(settled, worker="w", now=self.now) == count

    def types(self, *words: str, exits: int = 0) -> str:
        done = CliRunner().invoke(app, ["pushes", *words], env=self.environment)
        assert done.exit_code == exits, done.output
        return done.output

    def run_line(self, words: str = "list") -> list[str]:
        """What the first run in the list has below each heading."""
        return self.types(*words.split()).splitlines()[2].split()


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    upgrade(url)
    settings = {
        "WECHAT_APPID": "wx0123456789abcdef",
        "WECHAT_SECRET": "s" * 32,
        "WECHAT_TOKEN": "watertoken",
        "WECHAT_AES_KEY": AES_KEY,
        "CSMS_URL": "sqlite://",
        "DATABASE_URL": url,
    }
    clean = {name: "" for name in os.environ if "WATERDESK" in name}
    environment = {**clean, **{f"WATERDESK_{name}": value for name, value in settings.items()}}
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    with closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records:
        records.commit([CitizenFollowed(openid, now - 90 * DAY) for openid in CITIZENS])
    with closing(open_ledger(url, pool_size=2, statement_timeout_s=5, long_term=False)) as ledger:
        yield Counter(ledger, environment, now)


@pytest.fixture
def bills(counter: Counter) -> Counter:
    """Six bills: one accepted, one skipped, one kept, three that wait."""
    counter.plan()
    counter.settle(NoticeState.ACCEPTED)
    counter.settle(NoticeState.SKIPPED, "unbound")
    counter.settle(NoticeState.KEPT)
    return counter


def test_the_list_says_how_many_are_out_kept_and_still_wait(bills: Counter) -> None:
    heading, legend, run, lane = bills.types("list").splitlines()
    assert heading.split() == HEADING
    assert "%: of those out, within 10 s" in legend
    assert run.split()[2:] == ["bill_opened", "active", "6", "1", "3", "1", "100"]
    assert lane.split()[:3] == ["bill", "3", "due,"]
    assert "oCITIZEN" not in run


def test_the_numbers_stand_below_their_headings_within_eighty_columns(counter: Counter) -> None:
    counter.plan("connection_returned")
    counter.types("cancel", "1")
    heading, legend, run = counter.types("list").splitlines()
    assert max(map(len, (heading, legend, run))) <= 80
    assert [heading.index(word) for word in ("kind", "state")] == [
        run.index(word) for word in ("connection_returned", "cancelled")
    ]
    assert len(heading) == len(run)


def test_one_that_is_paused_or_open_is_listed_however_old_it_is(counter: Counter) -> None:
    for days, kind in ((30, "visit_due"), (20, "bill_due"), (10, "bill_opened")):
        counter.plan(kind, at=counter.now - days * DAY)
    counter.types("pause", "1")
    counter.settle(NoticeState.SKIPPED, count=6)  # of the oldest that is not held
    counter.plan("reading_due")
    listed = [line.split()[2:4] for line in counter.types("list").splitlines()[2:5]]
    assert listed == [["reading_due", "active"], ["bill_opened", "active"], ["visit_due", "paused"]]


def test_where_nothing_was_planned_that_is_said(counter: Counter) -> None:
    assert counter.types("list") == "nothing was planned in these days\n"


def test_one_run_is_shown_with_its_reasons_and_until_when_it_waits(bills: Counter) -> None:
    tomorrow = (bills.now + DAY).replace(hour=8, minute=5)
    bills.settle(NoticeState.PLANNED, "quiet", count=2, until=tomorrow)
    bills.settle(NoticeState.PLANNED, "not_tried")
    lines = [line.strip() for line in bills.types("show", "1").splitlines()]
    assert lines[0].split() == HEADING
    assert "3  planned" in lines
    assert "1  skipped: unbound" in lines
    assert f"2  planned: quiet, the first until {tomorrow:%m-%d} 08:05" in lines
    assert "1  planned: not_tried" in lines


def test_it_is_paused_resumed_and_cancelled(bills: Counter) -> None:
    assert "3 notices held" in bills.types("pause", "1")
    assert bills.claim(9) == ()
    assert "3 notices planned again" in bills.types("resume", "1")
    assert "3 notices skipped" in bills.types("cancel", "1")
    assert bills.run_line()[3:] == ["cancelled", "6", "1", "0", "1", "100"]


def test_what_is_cancelled_is_so_for_good(bills: Counter) -> None:
    bills.types("cancel", "1")
    for command in ("pause", "resume", "cancel"):
        assert "run 1 is cancelled, for good" in bills.types(command, "1", exits=1)


def test_one_that_is_finished_is_left_as_it_is(counter: Counter) -> None:
    counter.plan(at=counter.now - DAY)
    counter.settle(NoticeState.ACCEPTED, count=6)
    for command in ("pause", "resume", "cancel"):
        assert "run 1 is finished: nothing of it waits" in counter.types(command, "1", exits=1)
    assert counter.run_line()[3] == "active"


def test_of_today_s_more_may_come_which_is_held_back_by_a_pause(counter: Counter) -> None:
    counter.plan()
    counter.settle(NoticeState.ACCEPTED, count=6)
    assert "has nothing that waits; pause it" in counter.types("cancel", "1", exits=1)
    assert "0 notices held" in counter.types("pause", "1")
    assert "0 notices skipped" in counter.types("cancel", "1")


def test_one_that_was_paused_and_forgotten_can_be_put_away(counter: Counter) -> None:
    counter.plan(at=counter.now - 9 * DAY)
    counter.settle(NoticeState.SKIPPED, count=6)
    counter.ledger.pause(1, counter.now)
    assert counter.run_line()[3] == "paused"
    counter.types("resume", "1")
    assert "nothing was planned" in counter.types("list")


def test_a_run_that_is_none_is_named(counter: Counter) -> None:
    assert "no run 99: see `waterdesk pushes list`" in counter.types("pause", "99", exits=1)
