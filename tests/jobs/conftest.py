"""A worker's parts over a real SQLite database of our own; desks and WeChat are doubles."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    Channel,
    CitizenFollowed,
    Effect,
    Lane,
    Notice,
    NoticeState,
    OutsideEvent,
    Photo,
    PhotoKept,
    PhotoPurpose,
    ProofFactor,
    Receipt,
    Request,
    Role,
    Settlement,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from backends.records.adapter import SqlRecords, open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.outbox import SqlOutbox, open_outbox
from jobs.deliveries import Deliveries
from jobs.events import Events
from tests.fakes import FakeSecrets
from tests.upgraded import upgraded_sqlite

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
WEI, QIN = "oTESTwei", "oTESTqin"
HOME = "3100000017"


@dataclass
class FakeDesk:
    """`error` is raised by every call; `refuse` by those for these numbers."""

    error: Exception | None = None
    refuse: dict[str, Exception] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    got: list[Request] = field(default_factory=list)
    told: list[OutsideEvent] = field(default_factory=list)

    def hand_over(self, request: Request) -> Receipt:
        if self.error:
            raise self.error
        if request.number in self.refuse:
            raise self.refuse[request.number]
        self.got.append(request)
        return self.receipts.get(request.number, Receipt())

    def events(self, after: int, limit: int) -> list[OutsideEvent]:
        if self.error:
            raise self.error
        return [event for event in self.told if event.event_id > after][:limit]

    def ping(self) -> None:
        if self.error:
            raise self.error

    def tells(
        self, kind: str, request_no: str = "", acct_no: str = HOME, ext_no: str = "", **data: object
    ) -> None:
        self.told.append(
            OutsideEvent(len(self.told) + 1, kind, NOON, acct_no, request_no, ext_no, data)
        )


@dataclass
class Office:
    """What the worker works on, and the clock."""

    records: SqlRecords
    outbox: SqlOutbox
    ledger: SqlLedger
    desk: FakeDesk = field(default_factory=FakeDesk)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    now: datetime = NOON
    made: int = 0

    def later(self, **after: float) -> None:
        self.now += timedelta(**after)

    def commit(self, *effects: Effect) -> None:
        self.records.commit(effects)

    def follows(self, openid: str = WEI) -> None:
        self.commit(CitizenFollowed(openid, NOON - timedelta(days=1)))

    def binds(self, openid: str = WEI, role: Role = Role.OWNER, acct_no: str = HOME) -> None:
        bound = Binding(openid, acct_no, role, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NOON)
        self.commit(AccountsBound((bound,)))

    def submits(
        self,
        kind: SubmissionKind = SubmissionKind.READING,
        openid: str = WEI,
        acct_no: str = HOME,
        parent_no: str = "",
        photo_ids: tuple[str, ...] = (),
        state: SubmissionState = SubmissionState.QUEUED,
        private: Mapping[str, str] | None = None,
        **payload: object,
    ) -> Submission:
        self.made += 1
        submission = Submission(
            number=f"W26112200{self.made:04d}0",
            key=f"key{self.made}",
            openid=openid,
            acct_no=acct_no,
            kind=kind,
            payload=payload,
            created_at=NOON + timedelta(seconds=self.made),
            photo_ids=photo_ids,
            parent_no=parent_no,
            state=state,
            sealed=self.secrets.seal(json.dumps(private)) if private else "",
        )
        self.commit(SubmissionMade(submission))
        return submission

    def keeps_photo(self, photo_id: str) -> None:
        photo = Photo(photo_id, "ab" * 32, "image/jpeg", 1234, 1200, 900, "0" * 64)
        self.commit(PhotoKept(WEI, HOME, PhotoPurpose.METER, photo, NOON))

    def told(self) -> list[Notice]:
        """All that is planned, which is over then: the most urgent first, each citizen's in its
        order."""
        claimed = self.ledger.claim(Lane, worker="w", now=self.now, lease_s=60, limit=100)
        over = [Settlement(one.notice_id, NoticeState.DELIVERED, Channel.CHAT) for one in claimed]
        self.ledger.settle(over, worker="w", now=self.now)
        return [one.notice for one in claimed]

    def stored(self, submission: Submission) -> Submission:
        found = self.records.submission(submission.number)
        assert found is not None
        return found

    def deliveries(self, system: str = "csms", worker: str = "ann") -> Deliveries:
        return Deliveries(
            system=system,
            outbox=self.outbox,
            desk=self.desk,
            worker=worker,
            link=lambda photo_id: f"https://water.example/files/{photo_id}",
            secrets=self.secrets,
            clock=lambda: self.now,
            rng=Random(1),
        )

    def events(self, system: str = "csms", worker: str = "ann") -> Events:
        return Events(system, self.outbox, self.desk, worker, lambda: self.now)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    url = upgraded_sqlite(tmp_path / "own.sqlite3")
    with (
        closing(open_records(url, pool_size=2, statement_timeout_s=10)) as records,
        closing(open_outbox(url, pool_size=4, statement_timeout_s=10)) as outbox,
        closing(open_ledger(url, pool_size=4, statement_timeout_s=10, long_term=False)) as ledger,
    ):
        yield Office(records, outbox, ledger, now=NOON + timedelta(minutes=1))
