"""Any sequence of what may happen to queued submissions, against a model in a few lines: lanes keep
their order, and nobody is given what another holds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine

from backends.ports import Changes, SubmissionChange, SubmissionState
from backends.records.adapter import open_records
from backends.records.outbox import open_outbox
from backends.records.tables import metadata
from tests.contract.requests import NOON, QIN, WEI, made, submission

LEASE = timedelta(seconds=60)
QUEUED, STUCK = SubmissionState.QUEUED, SubmissionState.STUCK
lanes = st.sampled_from(["0100000017", "0100000025", ""])
workers = st.sampled_from(["ann", "ben", "cay"])
picks = st.integers(0, 10**6)


@dataclass
class Item:
    serial: int
    due_at: datetime
    state: SubmissionState = QUEUED


@dataclass
class Lane:
    """`hold`: the item, who took it, and until when nobody else may."""

    items: list[Item] = field(default_factory=list)
    hold: tuple[Item, str, datetime] | None = None

    def head(self) -> Item | None:
        return next((item for item in self.items if item.state is QUEUED), None)

    def is_held(self, now: datetime) -> bool:
        return self.hold is not None and self.hold[2] > now

    def take(self, worker: str, now: datetime) -> Item | None:
        if self.is_held(now):
            return None
        head = self.head()
        due = head is not None and head.due_at <= now
        self.hold = (head, worker, now + LEASE) if head and due else None
        return head if due else None


class Machine(RuleBasedStateMachine):
    url = ""

    @initialize()
    def open(self) -> None:
        self.records = open_records(self.url, pool_size=1, statement_timeout_s=5)
        self.outbox = open_outbox(self.url, pool_size=1, statement_timeout_s=5)
        self.now = NOON + timedelta(days=1)
        self.lanes = {"0100000017": Lane(), "0100000025": Lane(), "": Lane()}
        self.made = list[tuple[Lane, Item]]()
        self.events = 0

    def teardown(self) -> None:
        self.records.close()
        self.outbox.close()
        engine = create_engine(self.url)
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        engine.dispose()

    def _pick(self, pick: int) -> tuple[Lane, Item, str]:
        lane, item = self.made[pick % len(self.made)]
        return lane, item, submission(item.serial).number

    @rule(acct_no=lanes, openid=st.sampled_from([WEI, QIN]))
    def submit(self, acct_no: str, openid: str) -> None:
        serial = len(self.made)
        who = openid if acct_no else WEI
        self.records.commit([made(serial, acct_no, openid=who, created_at=self.now)])
        item = Item(serial, self.now)
        self.lanes[acct_no].items.append(item)
        self.made.append((self.lanes[acct_no], item))

    @rule(worker=workers)
    def claim(self, worker: str) -> None:
        claimed = self.outbox.claim("csms", worker=worker, now=self.now, lease_s=60, limit=9)
        taken = [lane.take(worker, self.now) for lane in self.lanes.values()]
        wanted = {item.serial for item in taken if item is not None}
        assert {int(one.submission.number[-5:]) for one in claimed} == wanted

    @precondition(lambda self: self.made)
    @rule(pick=picks, worker=workers)
    def hand_over(self, pick: int, worker: str) -> None:
        lane, item, number = self._pick(pick)
        ours = lane.hold is not None and lane.hold[:2] == (item, worker)
        handed = self.outbox.handed_over(
            number,
            worker=worker,
            state=SubmissionState.DELIVERED,
            ext_no="",
            result={},
            now=self.now,
        )
        assert handed == ours
        if ours:
            lane.hold = None
            if item.state is QUEUED:
                item.state = SubmissionState.DELIVERED

    @precondition(lambda self: self.made)
    @rule(pick=picks, worker=workers, minutes=st.integers(0, 3))
    def postpone(self, pick: int, worker: str, minutes: int) -> None:
        lane, item, number = self._pick(pick)
        until = self.now + timedelta(minutes=minutes)
        self.outbox.postpone(number, worker=worker, why="down", until=until)
        if lane.hold is not None and lane.hold[:2] == (item, worker):
            lane.hold = None
            if item.state is QUEUED:
                item.due_at = until

    @precondition(lambda self: self.made)
    @rule(pick=picks, worker=workers)
    def give_back(self, pick: int, worker: str) -> None:
        lane, item, number = self._pick(pick)
        self.outbox.give_back(number, worker=worker)
        if lane.hold is not None and lane.hold[:2] == (item, worker):
            lane.hold = None

    @precondition(lambda self: self.made)
    @rule(pick=picks, worker=workers)
    def give_up(self, pick: int, worker: str) -> None:
        lane, item, number = self._pick(pick)
        self.outbox.give_up(number, worker=worker, why="refused", now=self.now)
        if lane.hold is not None and lane.hold[:2] == (item, worker):
            lane.hold = None
            if item.state is QUEUED:
                item.state = STUCK

    @precondition(lambda self: self.made)
    @rule(pick=picks)
    def resend(self, pick: int) -> None:
        lane, item, number = self._pick(pick)
        may = item.state is STUCK or (item.state is QUEUED and item.due_at > self.now)
        assert self.outbox.resend(number, self.now) == may
        if may:
            item.state, item.due_at = QUEUED, self.now
            if not lane.is_held(self.now):
                lane.hold = None

    @precondition(lambda self: self.made)
    @rule(pick=picks)
    def event(self, pick: int) -> None:
        lane, item, number = self._pick(pick)
        self.events += 1
        changes = Changes((SubmissionChange(number, SubmissionState.DONE, "", {}),))
        assert self.outbox.hold("events", worker="ann", now=self.now, lease_s=60) is not None
        assert self.outbox.take_event("events", self.events, changes, worker="ann", now=self.now)
        if item.state is QUEUED and not lane.is_held(self.now):
            lane.hold = None
        item.state = SubmissionState.DONE

    @rule(seconds=st.sampled_from([1, 30, 60, 200]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.made)
    @rule(pick=picks)
    def look(self, pick: int) -> None:
        _, item, number = self._pick(pick)
        found = self.outbox.submission(number)
        assert found is not None
        assert found.state is item.state


def test_lanes_keep_their_order_whatever_happens(upgraded_url: str) -> None:
    Machine.url = upgraded_url
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
