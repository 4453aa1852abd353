"""A ledger with the records beside it, and how contract tests plan, claim and settle."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backends.ports import (
    Channel,
    CitizenFollowed,
    ClaimedNotice,
    Lane,
    Ledger,
    Notice,
    NoticeState,
    Records,
    Run,
    Settlement,
)
from backends.records.adapter import open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.outbox import SqlOutbox
from tests.contract.requests import HOME, MINUTE, NOON, QIN, WEI
from tests.fakes import FakeLedger, FakeRecords

ANN, BEN = "ann 1", "ben 1"
LATER = NOON + MINUTE
LEASE_S = 90.0
FOLLOWERS = (CitizenFollowed(WEI, NOON), CitizenFollowed(QIN, NOON))


@dataclass(frozen=True, slots=True)
class Desk:
    records: Records
    ledger: Ledger

    def plan(self, *keys: str, openid: str = WEI, at: datetime = NOON, **changes: Any) -> int:
        return self.ledger.plan([notice(key, openid, **changes) for key in keys], at)

    def claim(
        self,
        worker: str = ANN,
        now: datetime = LATER,
        *,
        lanes: Sequence[Lane] = tuple(Lane),
        limit: int = 10,
    ) -> tuple[ClaimedNotice, ...]:
        return self.ledger.claim(lanes, worker=worker, now=now, lease_s=LEASE_S, limit=limit)

    def settle(
        self,
        claimed: Sequence[ClaimedNotice],
        state: NoticeState,
        worker: str = ANN,
        now: datetime = LATER,
        **changes: Any,
    ) -> int:
        settlements = [settled(one, state, **changes) for one in claimed]
        return self.ledger.settle(settlements, worker=worker, now=now)

    def accept(self, msg_id: int = 7, now: datetime = LATER, **changes: Any) -> ClaimedNotice:
        """The next one that is due, at WeChat."""
        (claimed,) = self.claim(now=now, limit=1)
        assert self.settle([claimed], NoticeState.ACCEPTED, now=now, msg_id=msg_id, **changes) == 1
        return claimed

    def run(self) -> Run:
        (run,) = self.ledger.runs(NOON.date())
        return run

    def counts(self) -> dict[NoticeState, int]:
        return dict(self.run().counts)


def notice(key: str, openid: str = WEI, **changes: Any) -> Notice:
    view = {"shown": "01****0017", "amount": "56.70", "text": "水费\0"}
    return replace(Notice("bill_opened", key, openid, HOME, view, Lane.BILL), **changes)


def settled(claimed: ClaimedNotice, state: NoticeState, **changes: Any) -> Settlement:
    return replace(Settlement(claimed.notice_id, state, Channel.TEMPLATE), **changes)


def keys(found: Sequence[ClaimedNotice]) -> list[str]:
    return [one.notice.key for one in found]


def told_by(outbox: SqlOutbox, now: datetime) -> list[Notice]:
    """What has been planned through the outbox, and is due."""
    ledger = SqlLedger(outbox._database, long_term=False)
    found = ledger.claim(tuple(Lane), worker=ANN, now=now, lease_s=LEASE_S, limit=20)
    return [one.notice for one in found]


def fake_desk(*, long_term: bool = False) -> Desk:
    records = FakeRecords(FOLLOWERS)
    return Desk(records, FakeLedger(records, long_term=long_term))


@contextmanager
def sql_desk(url: str, *, long_term: bool = False) -> Iterator[Desk]:
    with (
        closing(open_records(url, pool_size=2, statement_timeout_s=20)) as records,
        closing(
            open_ledger(url, pool_size=8, statement_timeout_s=20, long_term=long_term)
        ) as ledger,
    ):
        records.commit(FOLLOWERS)
        yield Desk(records, ledger)
