"""Runs of the in-memory ledger, and its housekeeping."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from backends.ports import NoticeState, Run, RunState
from tests.fakes import ledger_changes as changes
from tests.fakes.ledger_rows import LedgerState

OPEN = (NoticeState.PLANNED, NoticeState.HELD, NoticeState.KEPT)


UNFINISHED = (NoticeState.PLANNED, NoticeState.HELD, NoticeState.CLAIMED)


def runs(ledger: LedgerState, wanted: Callable[[Run], bool]) -> tuple[Run, ...]:
    found = []
    for run_id, (kind, day, state) in ledger.runs.items():
        rows = [row for row in ledger.rows.values() if row.run_id == run_id]
        counts = Counter(row.state for row in rows)
        accepted = [row.prompt for row in rows if row.prompt is not None]
        found.append(Run(run_id, kind, day, state, counts, len(accepted), sum(accepted)))
    newest_first = sorted(found, key=lambda run: (run.day, run.run_id), reverse=True)
    return tuple(filter(wanted, newest_first))


def is_unfinished(run: Run) -> bool:
    return run.state is RunState.PAUSED or any(run.counts.get(state) for state in UNFINISHED)


def waits(ledger: LedgerState, run_id: int) -> Mapping[str, datetime]:
    found: dict[str, datetime] = {}
    for row in ledger.in_state(NoticeState.PLANNED):
        if row.run_id == run_id:
            found[row.reason] = min(row.due_at, found.get(row.reason, row.due_at))
    return found


def reasons(ledger: LedgerState, run_id: int) -> Mapping[tuple[NoticeState, str], int]:
    return Counter(
        (row.state, row.reason)
        for row in ledger.rows.values()
        if row.run_id == run_id and row.reason
    )


def pause(ledger: LedgerState, run_id: int) -> int:
    if not _turn(ledger, run_id, RunState.PAUSED, (RunState.ACTIVE, RunState.PAUSED)):
        return 0
    return _move(ledger, run_id, (NoticeState.PLANNED,), NoticeState.HELD)


def resume(ledger: LedgerState, run_id: int) -> int:
    if not _turn(ledger, run_id, RunState.ACTIVE, (RunState.ACTIVE, RunState.PAUSED)):
        return 0
    return _move(ledger, run_id, (NoticeState.HELD,), NoticeState.PLANNED)


def cancel(ledger: LedgerState, run_id: int) -> int:
    if not _turn(ledger, run_id, RunState.CANCELLED, tuple(RunState)):
        return 0
    open_ = (NoticeState.PLANNED, NoticeState.HELD)
    return _move(ledger, run_id, open_, NoticeState.SKIPPED, reason="cancelled")


def _turn(ledger: LedgerState, run_id: int, to: RunState, of: Collection[RunState]) -> bool:
    if run_id not in ledger.runs or ledger.runs[run_id][2] not in of:
        return False
    kind, day, _ = ledger.runs[run_id]
    ledger.runs[run_id] = (kind, day, to)
    return True


def _move(
    ledger: LedgerState,
    run_id: int,
    of: Collection[NoticeState],
    to: NoticeState,
    **values: str,
) -> int:
    found = list(ledger.where(lambda row: row.run_id == run_id and row.state in of))
    for row in found:
        ledger.change(row, state=to, **values)
    return len(found)


def sweep(
    ledger: LedgerState, now: datetime, *, silent_before: datetime, limit: int
) -> Mapping[str, int]:
    return {
        "matched": _match(ledger, now, silent_before, limit),
        "silent": _silence(ledger, silent_before, limit),
        "stale": _drop_stale(ledger, now, limit),
    }


def _match(ledger: LedgerState, now: datetime, silent_before: datetime, limit: int) -> int:
    matched = 0
    for (msg_id, openid), (said, parked_at) in list(ledger.parked.items()):
        if matched < limit and changes.result(ledger, msg_id, openid, said, now):
            matched += 1
            del ledger.parked[msg_id, openid]
        elif parked_at < silent_before:
            del ledger.parked[msg_id, openid]
    return matched


def _silence(ledger: LedgerState, silent_before: datetime, limit: int) -> int:
    accepted = ledger.in_state(NoticeState.ACCEPTED)
    silent = [row for row in accepted if row.due_at < silent_before][:limit]
    for row in silent:
        ledger.change(row, state=NoticeState.UNKNOWN, reason="silent")
    return len(silent)


def _drop_stale(ledger: LedgerState, now: datetime, limit: int) -> int:
    waiting = [(row, row.notice.valid_until) for row in ledger.in_state(*OPEN)]
    stale = [row for row, until in waiting if until is not None and until < now][:limit]
    for row in stale:
        ledger.change(row, state=NoticeState.SKIPPED, reason="stale")
    return len(stale)
