"""A street of many bills, a tenth of whose accounts are bound, and a job that can be broken off."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection

from backends.ports import AccountsBound, Bill, CitizenFollowed, DueLists, Effect, Ledger
from backends.records.adapter import open_records
from backends.records.ledger import SqlLedger, open_ledger
from jobs.job import Order, planning
from jobs.planning.payment import PaymentReminders
from jobs.planning.plan import Page
from tests.contract.city import bill
from tests.fakes import FakeDueLists
from tests.jobs.planning.conftest import NINE, link

ACCOUNTS = [f"33{number:08}" for number in range(1300)]
BOUND = ACCOUNTS[::10]
PAGES = 3


def many_bills() -> FakeDueLists:
    standard = bill(ACCOUNTS[0], "2026-10", "75.60", due_date=NINE.date())
    return FakeDueLists(bills=[_of(standard, acct_no) for acct_no in ACCOUNTS])


def _of(standard: Bill, acct_no: str) -> Bill:
    return replace(standard, bill_no=f"B{acct_no}", acct_no=acct_no)


def bind_a_tenth(url: str) -> None:
    effects: list[Effect] = []
    for acct_no in BOUND:
        openid = f"o{acct_no}"
        effects += [CitizenFollowed(openid, NINE), AccountsBound((link(openid, acct_no),))]
    with closing(open_records(url, pool_size=1, statement_timeout_s=10)) as records:
        records.commit(effects)


def ledger_at(url: str) -> SqlLedger:
    return open_ledger(url, pool_size=2, statement_timeout_s=10, long_term=False)


class Killed(Exception):
    """The machine is gone."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """`breaks` is called once so many pages have been planned."""

    due: DueLists
    ledger: Ledger
    after_pages: int

    def pages(self, now: datetime) -> Iterator[Page]:
        whole = PaymentReminders(self.due, self.ledger).pages(now)
        for _ in range(self.after_pages):
            yield next(whole)
        self.breaks()

    def breaks(self) -> None:
        raise Killed


@dataclass(frozen=True, slots=True)
class Stuck(BrokenOff):
    """Says so, and waits to be killed."""

    to_parent: Connection

    def breaks(self) -> None:
        self.to_parent.send("half-way")
        self.to_parent.recv()


def plan_until_killed(url: str, after_pages: int, to_parent: Connection) -> None:
    """What a process of its own does."""
    with closing(ledger_at(url)) as ledger:
        planner = Stuck(many_bills(), ledger, after_pages, to_parent)
        for _ in planning(planner, ledger)(Order(NINE)):
            pass
