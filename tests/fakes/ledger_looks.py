"""What is asked of the in-memory ledger."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from backends.ports import (
    CAPPED,
    ONLY_ON_REQUEST,
    Backlog,
    ClaimedNotice,
    Lane,
    NoticeState,
    Standing,
    Topic,
)
from tests.fakes.ledger_rows import LedgerRow, LedgerState
from tests.fakes.records_state import State

TAKEN = (NoticeState.ACCEPTED, NoticeState.DELIVERED, NoticeState.UNKNOWN)


def claimable(ledger: LedgerState, lanes: Collection[Lane], now: datetime) -> list[LedgerRow]:
    """Most urgent first; nothing of a citizen of whom a worker holds something."""
    held = {row.notice.openid for row in ledger.rows.values() if is_held(row, now)}
    found = [
        row
        for row in ledger.rows.values()
        if row.notice.lane in lanes and waits(row, now) and row.notice.openid not in held
    ]
    return sorted(found, key=lambda row: (row.notice.lane, row.due_at, row.notice_id))


def is_held(row: LedgerRow, now: datetime) -> bool:
    claimed = row.state is NoticeState.CLAIMED
    return claimed and row.lease_until is not None and row.lease_until > now


def waits(row: LedgerRow, now: datetime) -> bool:
    if row.state is NoticeState.PLANNED:
        return row.due_at <= now
    return row.state is NoticeState.CLAIMED and not is_held(row, now)


def to_claimed(row: LedgerRow, attempts: int | None = None) -> ClaimedNotice:
    return ClaimedNotice(
        notice_id=row.notice_id,
        notice=row.notice,
        channel=row.channel,
        attempts=row.attempts if attempts is None else attempts,
        unsure_since=row.unsure_since,
        failures=row.failures,
    )


def backlog(ledger: LedgerState, now: datetime) -> tuple[Backlog, ...]:
    waiting = list(ledger.where(lambda row: waits(row, now)))
    return tuple(
        Backlog(lane, len(due), min(due))
        for lane in Lane
        if (due := [row.due_at for row in waiting if row.notice.lane is lane])
    )


def standing(state: State, openids: Collection[str], pushed_since: datetime) -> Standing:
    ledger = state.ledger
    pushed = Counter(
        row.notice.openid
        for row in ledger.in_state(*TAKEN)
        if row.notice.openid in openids
        and row.notice.lane in CAPPED
        and row.accepted_at is not None
        and row.accepted_at >= pushed_since
    )
    return Standing(
        following=frozenset(one for one in openids if follows(state, one)),
        bound=frozenset(
            (one.openid, one.acct_no) for one in state.active() if one.openid in openids
        ),
        choices={key: wanted for key, (wanted, _) in state.topics.items() if key[0] in openids},
        pushed=pushed,
        acceptances={
            key: left
            for key, (left, _) in ledger.acceptances.items()
            if key[0] in openids and left > 0
        },
    )


def follows(state: State, openid: str) -> bool:
    citizen = state.citizens.get(openid)
    return citizen is not None and citizen.left_at is None


def wants(state: State, openid: str, topic: Topic) -> bool:
    wanted, _ = state.topics.get((openid, topic), (topic not in ONLY_ON_REQUEST, None))
    return wanted
