"""Neighbours and what CSMS has that is due for them, in memory, at 9 o'clock of a Sunday."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    Notice,
    ProofFactor,
    Role,
    Topic,
    TopicChosen,
)
from bot.wording.words import read_contract
from jobs.job import Order, planning
from jobs.planning.plan import Planner

# Seen by pytest through this import.
from tests.databases import (
    postgres_server,
    shared_database_url,
    shared_records_url,
    upgraded_url,
)
from tests.fakes import FakeDueLists, FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.shape.conftest import TEMPLATES

__all__ = ["postgres_server", "shared_database_url", "shared_records_url", "upgraded_url"]

NINE = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CONTRACT = read_contract(TEMPLATES)
HOME, SHOP = "3100000017", "3100000025"
WEI, QIN = "oTESTwei", "oTESTqin"


def link(openid: str, acct_no: str = HOME, role: Role = Role.OWNER) -> Binding:
    return Binding(openid, acct_no, role, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NINE)


@dataclass
class Street:
    due: FakeDueLists = field(default_factory=FakeDueLists)
    records: FakeRecords = field(default_factory=FakeRecords)

    def __post_init__(self) -> None:
        self.ledger = FakeLedger(self.records)

    def binds(self, openid: str, acct_no: str = HOME, role: Role = Role.OWNER) -> None:
        bound = AccountsBound((link(openid, acct_no, role),))
        self.records.commit([CitizenFollowed(openid, NINE), bound])

    def leaves(self, openid: str) -> None:
        self.records.commit([CitizenLeft(openid, NINE)])

    def wants(self, openid: str, topic: Topic, *, wanted: bool) -> None:
        self.records.commit([TopicChosen(openid, topic, wanted, NINE)])

    def plans(self, planner: Planner, now: datetime = NINE) -> list[Notice]:
        """What was new. Each holds all that its text and its card may ask for."""
        before = len(self.ledger.rows)
        for _ in planning(planner, self.ledger)(Order(now)):
            pass
        new = [row.notice for row in self.ledger.rows[before:]]
        for notice in new:
            assert CONTRACT.replies[f"notice/{notice.kind}"].keys() <= notice.view.keys()
        return new


def told(notices: Iterable[Notice]) -> list[tuple[str, str, str]]:
    return sorted((one.kind, one.key, one.openid) for one in notices)


@pytest.fixture
def street() -> Street:
    return Street()
