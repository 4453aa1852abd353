"""A reminder is planned once, whatever becomes of its job: run twice, killed, two at once."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from backends.ports import Lane
from backends.records.ledger import SqlLedger
from jobs.job import Order, planning
from jobs.planning.payment import PaymentReminders
from jobs.planning.plan import Planner
from tests.jobs.planning.conftest import NINE
from tests.jobs.planning.once import (
    BOUND,
    PAGES,
    BrokenOff,
    Killed,
    bind_a_tenth,
    ledger_at,
    many_bills,
    plan_until_killed,
)

EACH_ONCE = [(f"B{acct_no}", f"o{acct_no}") for acct_no in BOUND]


@pytest.fixture
def ledger(upgraded_url: str) -> Iterator[SqlLedger]:
    bind_a_tenth(upgraded_url)
    with closing(ledger_at(upgraded_url)) as ledger:
        yield ledger


def run(ledger: SqlLedger, planner: Planner | None = None) -> int:
    """How many were planned."""
    done = {"planned": 0}
    wanted = planner or PaymentReminders(many_bills(), ledger)
    for counts in planning(wanted, ledger)(Order(NINE)):
        done = dict(counts)
    return done["planned"]


def to_be_sent(ledger: SqlLedger) -> list[tuple[str, str]]:
    """All that a worker finds."""
    found = ledger.claim(Lane, worker="w1", now=NINE, lease_s=90, limit=1000)
    return sorted((one.notice.key, one.notice.openid) for one in found)


def test_run_twice_it_plans_once(ledger: SqlLedger) -> None:
    assert [run(ledger), run(ledger)] == [len(BOUND), 0]
    assert to_be_sent(ledger) == EACH_ONCE


@pytest.mark.parametrize("pages", range(PAGES + 1))
def test_broken_off_after_any_page_and_run_again_it_plans_once(
    ledger: SqlLedger, pages: int
) -> None:
    with pytest.raises(Killed):
        run(ledger, BrokenOff(many_bills(), ledger, pages))
    assert run(ledger) == len(BOUND) - 50 * min(pages, 2) - (30 if pages == PAGES else 0)
    assert to_be_sent(ledger) == EACH_ONCE


def test_killed_by_the_system_and_run_again_it_plans_once(
    ledger: SqlLedger, upgraded_url: str
) -> None:
    context = multiprocessing.get_context("spawn")
    to_child, to_parent = context.Pipe()
    job = context.Process(target=plan_until_killed, args=(upgraded_url, 2, to_parent))
    job.start()
    # Held open here too, it would not say that the job has ended before its time.
    to_parent.close()
    assert to_child.recv() == "half-way"
    job.kill()
    job.join()
    assert job.exitcode == -9
    assert run(ledger) == 30
    assert to_be_sent(ledger) == EACH_ONCE


def test_on_two_machines_at_once_it_plans_once(ledger: SqlLedger, upgraded_url: str) -> None:
    both_ready = Barrier(2)

    def on_a_machine(_: int) -> int:
        with closing(ledger_at(upgraded_url)) as own:
            both_ready.wait()
            return run(own)

    with ThreadPoolExecutor(2) as machines:
        assert sum(machines.map(on_a_machine, range(2))) == len(BOUND)
    assert to_be_sent(ledger) == EACH_ONCE
