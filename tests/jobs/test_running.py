"""A cron job: its heartbeat, its counts, its limit, how it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from backends.errors import BackendUnavailable
from backends.ports import Notice
from bot.redis_link import MemoryLost
from jobs.deliveries import DeskDown
from jobs.job import Counts, Job, Order, planning
from jobs.planning.plan import Page
from jobs.running import Ended, run
from tests.fakes.job_log import FakeJobLog
from tests.fakes.ledger import FakeLedger
from tests.jobs.conftest import NOON


@dataclass
class Seconds:
    """Each look is three seconds later."""

    now_s: float = 0.0

    def __call__(self) -> float:
        self.now_s += 3
        return self.now_s


def start(job: Job, order: Order | None = None) -> tuple[Ended, list[str], str]:
    job_log, text = FakeJobLog(), StringIO()
    ended = run(
        "remind",
        job,
        order or Order(NOON),
        job_log=job_log,
        out=Console(file=text),
        err=Console(file=text),
        clock=lambda: NOON,
        monotonic=Seconds(),
    )
    return ended, job_log.lines, text.getvalue()


def four_steps(order: Order) -> Iterator[Counts]:
    for done in range(1, 5):
        yield {"planned": done}


def test_its_heart_beats_while_it_runs_and_its_end_has_the_counts() -> None:
    ended, lines, text = start(four_steps)
    assert ended is Ended.WELL
    assert lines == [
        "begin remind",
        "beat 7 {'planned': 2}",
        "beat 7 {'planned': 4}",
        "end 7 ok {'planned': 4}",
    ]
    assert "4  planned" in text


def test_a_dry_run_leaves_no_trace() -> None:
    ended, lines, text = start(four_steps, Order(NOON, dry_run=True))
    assert (ended, lines) == (Ended.WELL, [])
    assert "nothing was changed" in text


def test_what_could_not_be_done_now_ends_it_in_part() -> None:
    ended, lines, _ = start(lambda _: iter([{"csms": 3, "failed": 1}]))
    assert ended is Ended.PARTLY
    assert lines[-1] == "end 7 partly {'csms': 3, 'failed': 1}"


@pytest.mark.parametrize(
    "error", [BackendUnavailable("csms", 1.0), MemoryLost("away"), DeskDown("hotline")]
)
def test_what_is_out_of_reach_ends_it_with_what_was_done_before(error: Exception) -> None:
    def job(_: Order) -> Iterator[Counts]:
        yield {"planned": 500}
        raise error

    ended, lines, text = start(job)
    assert ended is Ended.NOT
    assert lines[-1] == "end 7 failed {'planned': 500}"
    assert "500  planned" in text
    assert f"not finished: {error}" in text


@dataclass(frozen=True)
class TwoPages:
    def pages(self, now: datetime) -> Iterator[Page]:
        for first in (0, 5):
            yield Page(5, tuple(notice(number) for number in range(first, first + 5)))


def notice(number: int) -> Notice:
    return Notice("bill_due", f"B{number}", f"oCITIZEN{number}", "1", {})


@pytest.mark.parametrize(("limit", "planned"), [(None, 10), (3, 3), (5, 5), (7, 7), (99, 10)])
def test_a_limit_is_of_what_is_new(limit: int | None, planned: int) -> None:
    ledger = FakeLedger()
    (*_, counts) = planning(TwoPages(), ledger)(Order(NOON, limit=limit))
    assert counts["planned"] == planned == len(ledger.rows)


def test_what_is_planned_already_does_not_use_the_limit_up() -> None:
    ledger = FakeLedger()
    ledger.plan([notice(number) for number in range(4)], NOON)
    (*_, counts) = planning(TwoPages(), ledger)(Order(NOON + timedelta(1), limit=3))
    assert counts["planned"] == 3
    assert len(ledger.rows) == 7


def test_a_dry_run_counts_what_would_be_new() -> None:
    ledger = FakeLedger()
    ledger.plan([notice(number) for number in range(4)], NOON)
    (*_, counts) = planning(TwoPages(), ledger)(Order(NOON, dry_run=True))
    assert counts == {"looked_at": 10, "planned": 6}
    assert len(ledger.rows) == 4
