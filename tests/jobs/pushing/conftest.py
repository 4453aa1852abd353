"""A sender over the ledger in memory, at noon; WeChat, Redis and CSMS are doubles."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    Effect,
    Lane,
    Notice,
    NoticeState,
    ProofFactor,
    Role,
)
from bot.redis_link import MemoryLost
from bot.wording.cards import Card
from bot.wording.render import TemplateBroken
from jobs.pushing.breaker import Breaker
from jobs.pushing.mailing import Mailing
from jobs.pushing.rules import Hours, PushRules
from jobs.pushing.sender import Sender
from tests.fakes import FakeDueLists, FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.fakes.ledger_rows import LedgerRow
from tests.jobs.pushing.platform import Platform

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOME, WEI, QIN = "3100000017", "oTESTwei", "oTESTqin"
HOURS = Hours(time(22), time(8), per_citizen=8)
WITH_TEMPLATES = PushRules(
    HOURS,
    templates={"result": "T-result", "ticket": "T-ticket", "due": "T-due", "bill": "T-bill"},
    subscriptions={},
    public_url="https://water.example",
    concurrency=1,
)
CARDS = {
    "reading_accepted": "result",
    "ticket_changed": "ticket",
    "bill_due": "due",
    "bill_opened": "bill",
}


def cards(kind: str, view: Mapping[str, Any]) -> Card | None:
    if view.get("broken"):
        raise ValueError("too long")
    if kind not in CARDS:
        return None
    return Card(CARDS[kind], {"thing1": f"{kind} {view.get('number', '')}"}, "result")


def say(template: str, view: Mapping[str, Any]) -> str:
    if view.get("broken") == "all":
        raise TemplateBroken(template, "no good version")
    return f"{template} {view.get('number', '')}"


@dataclass
class FakeMailbox:
    kept: dict[int, tuple[str, str]] = field(default_factory=dict)
    new: bool = False
    away: bool = False

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        if not self.away:
            self.kept[notice_id] = (openid, text)
        return not self.away

    def is_new(self) -> bool:
        return self.new

    def refilled(self) -> None:
        self.new = False


@dataclass
class FakePace:
    taken: int = 0
    lost_after: int | None = None

    def take(self, wanted: int) -> None:
        if self.lost_after is not None and self.taken >= self.lost_after:
            raise MemoryLost
        self.taken += wanted


@dataclass
class FakeQuota:
    """`left` for all, `reserve` for what is urgent besides."""

    left: int = 1000
    reserve: int = 1000

    def take(self, lane: Lane, wanted: int) -> int:
        granted = max(min(wanted, self.left + (self.reserve if lane is Lane.URGENT else 0)), 0)
        self.left -= granted
        return granted

    def give_back(self, unused: int) -> None:
        self.left += unused

    def exhausted(self) -> None:
        self.left = self.reserve = 0


@dataclass
class Post:
    now: datetime = NOON
    rules: PushRules = WITH_TEMPLATES
    records: FakeRecords = field(default_factory=FakeRecords)
    due: FakeDueLists = field(default_factory=FakeDueLists)
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)
    pace: FakePace = field(default_factory=FakePace)
    quota: FakeQuota = field(default_factory=FakeQuota)

    def __post_init__(self) -> None:
        self.ledger = FakeLedger(self.records)
        self.platform = Platform(lambda: self.now)
        self.breaker = Breaker()

    def later(self, **after: float) -> None:
        self.now += timedelta(**after)

    def commit(self, *effects: Effect) -> None:
        self.records.commit(effects)

    def follows(self, *openids: str) -> None:
        self.commit(*(CitizenFollowed(openid, NOON) for openid in openids))

    def binds(self, openid: str = WEI) -> None:
        link = Binding(openid, HOME, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NOON)
        self.commit(AccountsBound((link,)))

    def leaves(self, openid: str = WEI) -> None:
        self.commit(CitizenLeft(openid, NOON + timedelta(hours=1)))

    def plans(
        self, *keys: str, kind: str = "reading_accepted", openid: str = WEI, **values: Any
    ) -> None:
        view = {name: values.pop(name) for name in ("broken", "amount") if name in values}
        for key in keys:
            notice = Notice(kind, key, openid, HOME, {"number": key, **view}, **values)
            assert self.ledger.plan([notice], self.now) == 1

    def changes(self, **rules: Any) -> None:
        self.rules = replace(self.rules, **rules)

    def sender(self, worker: str = "ann") -> Sender:
        return Sender(
            ledger=self.ledger,
            due=self.due,
            cards=cards,
            push=self.platform,
            messages=self.platform,
            mailing=self.mailing(),
            pace=self.pace,
            quota=self.quota,
            rules=self.rules,
            worker=worker,
            clock=lambda: self.now,
            breaker=self.breaker,
        )

    def mailing(self) -> Mailing:
        return Mailing(self.ledger, self.mailbox, say)

    def drains(self, worker: str = "ann") -> int:
        return self.sender(worker).step()

    def dies_with(self, *, worker: str = "dead") -> None:
        """A worker claims all there is, and is never heard of again."""
        self.ledger.claim(Lane, worker=worker, now=self.now, lease_s=90, limit=200)

    def row(self, key: str) -> LedgerRow:
        (row,) = (row for row in self.ledger.rows if row.notice.key == key)
        return row

    def fate(self, key: str) -> tuple[NoticeState, str]:
        row = self.row(key)
        return row.state, row.reason

    def shown(self) -> list[tuple[str, str]]:
        return self.platform.seen()


@pytest.fixture
def post() -> Post:
    made = Post()
    made.follows(WEI, QIN)
    return made
