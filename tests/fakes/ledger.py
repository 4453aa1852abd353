"""The ledger of notices in memory, over the same citizens and links as the in-memory records."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

from backends.ports import (
    Backlog,
    Binding,
    ClaimedNotice,
    EarlierNotice,
    Lane,
    Notice,
    NoticeState,
    PushResult,
    Role,
    Run,
    RunState,
    Settlement,
    Standing,
    SubmissionKind,
    SubmissionState,
    Topic,
)
from tests.fakes import ledger_changes as changes
from tests.fakes import ledger_looks as looks
from tests.fakes import ledger_runs as runs
from tests.fakes.ledger_rows import LedgerRow
from tests.fakes.records import FakeRecords
from tests.fakes.records_state import State
from tests.fakes.switches import Switches


class FakeLedger(Switches):
    """Without records everybody is known and follows."""

    def __init__(self, records: FakeRecords | None = None, *, long_term: bool = False) -> None:
        super().__init__()
        self._everybody = records is None
        self._records = records or FakeRecords()
        self._long_term = long_term

    @property
    def rows(self) -> list[LedgerRow]:
        """By id, which is the order they were planned in."""
        return list(self._records.state.ledger.rows.values())

    def plan(self, notices: Sequence[Notice], now: datetime) -> int:
        with self._changing() as state:
            return changes.plan(state.ledger, self._tellable(state, notices), now)

    def unplanned(self, notices: Sequence[Notice]) -> int:
        with self._changing() as state:
            keys = {
                (one.kind, one.key, one.openid) for one in self._tellable(state.copy(), notices)
            }
            return len(keys - state.ledger.known.keys())

    def claim(
        self, lanes: Iterable[Lane], *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[ClaimedNotice, ...]:
        wanted = frozenset(lanes)
        with self._changing() as state:
            found = looks.claimable(state.ledger, wanted, now)[:limit]
            for row in found:
                changes.claim(state.ledger, row, worker, now, now + timedelta(seconds=lease_s))
            return tuple(
                looks.to_claimed(state.ledger.rows[row.notice_id], attempts=row.attempts)
                for row in found
            )

    def standing(self, claimed: Sequence[ClaimedNotice], *, pushed_since: datetime) -> Standing:
        with self._changing() as state:
            return looks.standing(state, {one.notice.openid for one in claimed}, pushed_since)

    def settle(self, settlements: Sequence[Settlement], *, worker: str, now: datetime) -> int:
        count = 0
        with self._changing() as state:
            for wanted in settlements:
                row = state.ledger.rows.get(wanted.notice_id)
                if row is None or row.state is not NoticeState.CLAIMED or row.claimed_by != worker:
                    continue
                changes.settle(state.ledger, wanted, now, uses_up=not self._long_term)
                count += 1
        return count

    def result(self, msg_id: int, openid: str, result: PushResult, now: datetime) -> None:
        with self._changing() as state:
            changes.park(state.ledger, msg_id, openid, result, now)

    def sweep(self, now: datetime, *, silent_before: datetime, limit: int) -> Mapping[str, int]:
        with self._changing() as state:
            return runs.sweep(state.ledger, now, silent_before=silent_before, limit=limit)

    def kept(self, *, after_id: int, limit: int) -> tuple[ClaimedNotice, ...]:
        with self._changing() as state:
            kept = state.ledger.in_state(NoticeState.KEPT)
            later = [row for row in kept if row.notice_id > after_id]
            return tuple(map(looks.to_claimed, later[:limit]))

    def backlog(self, now: datetime) -> tuple[Backlog, ...]:
        with self._changing() as state:
            return looks.backlog(state.ledger, now)

    def accepted_since(self, since: datetime) -> int:
        return sum(row.template_at is not None and row.template_at >= since for row in self.rows)

    def runs(self, since: date) -> tuple[Run, ...]:
        with self._changing() as state:
            return runs.runs(state.ledger, lambda run: run.day >= since)

    def unfinished(self, before: date) -> tuple[Run, ...]:
        with self._changing() as state:
            return runs.runs(state.ledger, lambda run: run.day < before and runs.is_unfinished(run))

    def run(self, run_id: int) -> Run | None:
        with self._changing() as state:
            found = runs.runs(state.ledger, lambda run: run.run_id == run_id)
        return found[0] if found else None

    def paused(self) -> tuple[Run, ...]:
        with self._changing() as state:
            return runs.runs(state.ledger, lambda run: run.state is RunState.PAUSED)

    def waits(self, run_id: int) -> Mapping[str, datetime]:
        with self._changing() as state:
            return runs.waits(state.ledger, run_id)

    def reasons(self, run_id: int) -> Mapping[tuple[NoticeState, str], int]:
        with self._changing() as state:
            return runs.reasons(state.ledger, run_id)

    def pause(self, run_id: int, now: datetime) -> int:
        with self._changing() as state:
            return runs.pause(state.ledger, run_id)

    def resume(self, run_id: int, now: datetime) -> int:
        with self._changing() as state:
            return runs.resume(state.ledger, run_id)

    def cancel(self, run_id: int, now: datetime) -> int:
        with self._changing() as state:
            return runs.cancel(state.ledger, run_id)

    def concerned(
        self, acct_nos: Sequence[str], *, roles: Iterable[Role], topic: Topic | None
    ) -> tuple[Binding, ...]:
        wanted = frozenset(roles)
        with self._changing() as state:
            return tuple(
                one
                for one in state.active()
                if one.acct_no in acct_nos
                and one.role in wanted
                and looks.follows(state, one.openid)
                and (topic is None or looks.wants(state, one.openid, topic))
            )

    def asked_for(
        self, kind: SubmissionKind, acct_nos: Sequence[str], since: datetime
    ) -> frozenset[str]:
        with self._changing() as state:
            return frozenset(
                one.acct_no
                for one in state.submissions.values()
                if one.kind is kind
                and one.acct_no in acct_nos
                and one.created_at >= since
                and one.state is not SubmissionState.RETURNED
            )

    def earlier(self, kinds: Iterable[str], openids: Sequence[str]) -> tuple[EarlierNotice, ...]:
        wanted = frozenset(kinds)
        with self._changing() as state:
            return tuple(
                EarlierNotice(row.notice, row.created_at)
                for row in state.ledger.rows.values()
                if row.notice.openid in openids
                and row.notice.kind in wanted
                and row.state is not NoticeState.SKIPPED
            )

    def subscribers(self, topic: Topic, *, after: str, limit: int) -> tuple[str, ...]:
        with self._changing() as state:
            found = [
                openid
                for openid in sorted(state.citizens)
                if openid > after
                and looks.follows(state, openid)
                and looks.wants(state, openid, topic)
            ]
            return tuple(found[:limit])

    def bindings_of(self, openids: Sequence[str]) -> tuple[Binding, ...]:
        with self._changing() as state:
            found = [one for one in state.active() if one.openid in openids]
            return tuple(sorted(found, key=lambda one: one.openid))

    def _changing(self) -> AbstractContextManager[State]:
        self._obey()
        return self._records.changing()

    def _tellable(self, state: State, notices: Sequence[Notice]) -> list[Notice]:
        if self._everybody:
            for notice in notices:
                state.citizen(notice.openid)
        return [one for one in notices if looks.follows(state, one.openid)]
