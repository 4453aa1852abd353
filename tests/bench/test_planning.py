"""What planning is measured with: in each city the same number of bills falls due."""

import sqlite3
from contextlib import closing
from pathlib import Path

from backends.csms.due import open_due_lists
from backends.ports import Mark
from backends.records.ledger import open_ledger
from bench.planning_city import PLANNED_AT, bind, city_of, fall_due
from jobs.job import Order, planning
from jobs.planning.payment import DAYS_BEFORE, PaymentReminders

DUE = 120
ACCOUNTS = 1000


def test_each_bill_that_falls_due_is_planned_for_a_citizen_of_its_own(tmp_path: Path) -> None:
    built: list[str] = []
    path = city_of(tmp_path, ACCOUNTS, built.append)
    assert _last_due(path) < PLANNED_AT.date().isoformat(), "nothing else falls due then"
    acct_nos = fall_due(path, DUE)
    assert len(set(acct_nos)) == DUE
    assert sorted(fall_due(path, DUE)) == sorted(acct_nos), "what is laid out is kept"
    assert city_of(tmp_path, ACCOUNTS, built.append) == path
    assert built == ["building a city of 1,000 accounts"]
    records = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    bind(records, acct_nos)
    assert _planned(f"sqlite:///{path}", records) == DUE


def _planned(csms_url: str, records_url: str) -> int:
    lists = open_due_lists(csms_url, pool_size=1, statement_timeout_s=10)
    own = open_ledger(records_url, pool_size=1, statement_timeout_s=10, long_term=False)
    with closing(lists) as due, closing(own) as ledger:
        last = PLANNED_AT.date().replace(day=PLANNED_AT.day + DAYS_BEFORE)
        assert len(due.bills_due(Mark(PLANNED_AT.date()), last, DUE + 1)) == DUE
        *_, counts = planning(PaymentReminders(due, ledger), ledger)(Order(PLANNED_AT))
    return counts["planned"]


def _last_due(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        last: str = database.execute("SELECT MAX(due_date) FROM bill").fetchone()[0]
    return last
