"""What happens to the rows of the in-memory ledger."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backends.ports import (
    Channel,
    Notice,
    NoticeState,
    NoticesTold,
    PushResult,
    RunState,
    Settlement,
    SubscriptionsAnswered,
)
from tests.fakes.ledger_rows import LedgerRow, LedgerState

PROMPT = timedelta(seconds=10)
CHANNELS = tuple(Channel)
AFTER_ACCEPTED = (NoticeState.ACCEPTED, NoticeState.UNKNOWN)


def plan(ledger: LedgerState, notices: Iterable[Notice], now: datetime) -> int:
    """How many were new."""
    count = 0
    for notice in notices:
        key = (notice.kind, notice.key, notice.openid)
        if key in ledger.known:
            continue
        run_id = _run(ledger, notice.kind, now)
        due_at = max(now, notice.not_before or now)
        row = LedgerRow(max(ledger.rows, default=0) + 1, notice, now, due_at, due_at, run_id)
        ledger.rows[row.notice_id] = row
        ledger.known[key] = row.notice_id
        plan_again(ledger, row)
        count += 1
    return count


def plan_again(ledger: LedgerState, row: LedgerRow, **values: object) -> None:
    """As its run allows."""
    state, reason = NoticeState.PLANNED, values.pop("reason", "")
    match ledger.runs[row.run_id][2]:
        case RunState.PAUSED:
            state = NoticeState.HELD
        case RunState.CANCELLED:
            state, reason = NoticeState.SKIPPED, "cancelled"
    ledger.change(row, state=state, reason=reason, claimed_by="", lease_until=None, **values)


def _run(ledger: LedgerState, kind: str, now: datetime) -> int:
    for run_id, (of_kind, day, _) in ledger.runs.items():
        if (of_kind, day) == (kind, now.date()):
            return run_id
    run_id = len(ledger.runs) + 1
    ledger.runs[run_id] = (kind, now.date(), RunState.ACTIVE)
    return run_id


def claim(ledger: LedgerState, row: LedgerRow, worker: str, now: datetime, until: datetime) -> None:
    died = row.state is NoticeState.CLAIMED
    ledger.change(
        row,
        state=NoticeState.CLAIMED,
        claimed_by=worker,
        claimed_at=now,
        lease_until=until,
        attempts=row.attempts + 1,
        unsure_since=row.unsure_since or (row.claimed_at if died else None),
    )


def settle(ledger: LedgerState, wanted: Settlement, now: datetime, *, uses_up: bool) -> None:
    """`uses_up`: whether an acceptance is good for one message only."""
    row = ledger.rows[wanted.notice_id]
    if wanted.state is NoticeState.PLANNED:
        plan_again(
            ledger,
            row,
            reason=wanted.reason,
            channel=wanted.channel,
            due_at=wanted.not_before or row.due_at,
            unsure_since=wanted.unsure_since,
        )
        return
    ledger.change(
        row,
        state=wanted.state,
        channel=wanted.channel,
        reason=wanted.reason,
        claimed_by="",
        lease_until=None,
        unsure_since=None,
    )
    if wanted.state in (NoticeState.ACCEPTED, NoticeState.DELIVERED):
        _accept(ledger, wanted, now)
    if wanted.state is NoticeState.ACCEPTED and uses_up:
        _use_up(ledger, (row.notice.openid, wanted.template_id))


def _use_up(ledger: LedgerState, key: tuple[str, str]) -> None:
    left, at = ledger.acceptances.get(key, (0, None))
    if at is not None and left > 0:
        ledger.acceptances[key] = (left - 1, at)


def _accept(ledger: LedgerState, wanted: Settlement, now: datetime) -> None:
    row = ledger.rows[wanted.notice_id]
    ledger.change(
        row,
        due_at=now,
        accepted_at=now,
        msg_id=wanted.msg_id,
        template_at=now if wanted.channel is Channel.TEMPLATE else row.template_at,
        prompt=now - row.wanted_at <= PROMPT if row.prompt is None else row.prompt,
    )


def result(ledger: LedgerState, msg_id: int, openid: str, said: PushResult, now: datetime) -> bool:
    """False when no message is known by this id."""
    found = [
        row for row in ledger.rows.values() if (row.msg_id, row.notice.openid) == (msg_id, openid)
    ]
    for row in found:
        if row.state in AFTER_ACCEPTED:
            _heard(ledger, row, said, now)
    return bool(found)


def _heard(ledger: LedgerState, row: LedgerRow, said: PushResult, now: datetime) -> None:
    match said:
        case PushResult.SUCCESS:
            ledger.change(row, state=NoticeState.DELIVERED, reason="")
        case PushResult.USER_BLOCK:
            plan_again(ledger, row, reason=said.value, channel=Channel.NEXT_MESSAGE, due_at=now)
        case PushResult.SYSTEM_FAILED:
            again = row.failed_on is not row.channel
            later = CHANNELS[CHANNELS.index(row.channel) + 1]
            plan_again(
                ledger,
                row,
                reason=said.value,
                channel=row.channel if again else later,
                due_at=now,
                failures=row.failures + 1,
                failed_on=row.channel,
            )


def park(ledger: LedgerState, msg_id: int, openid: str, said: PushResult, now: datetime) -> None:
    if not result(ledger, msg_id, openid, said, now):
        ledger.parked.setdefault((msg_id, openid), (said, now))


def tell(ledger: LedgerState, told: NoticesTold) -> None:
    """One that a worker is just keeping for the next message may be told already."""
    for row in ledger.in_state(NoticeState.KEPT, NoticeState.CLAIMED):
        if row.notice.openid != told.openid:
            continue
        if row.notice_id in told.notice_ids:
            ledger.change(row, state=NoticeState.TOLD)
        elif row.notice_id in told.pointless:
            ledger.change(row, state=NoticeState.SKIPPED, reason="pointless")


def answer(ledger: LedgerState, effect: SubscriptionsAnswered) -> None:
    if (effect.openid, effect.key) in ledger.answers:
        return
    ledger.answers[effect.openid, effect.key] = effect.at
    for template_id, accepted in effect.answers.items():
        left, at = ledger.acceptances.get((effect.openid, template_id), (0, effect.at))
        if at <= effect.at:
            left = left + 1 if accepted else 0
            ledger.acceptances[effect.openid, template_id] = (left, effect.at)


def erase(ledger: LedgerState, openid: str, at: datetime) -> None:
    for row in ledger.where(lambda row: row.notice.openid == openid and row.created_at <= at):
        ledger.forget(row)
    for key, (_, answered_at) in list(ledger.acceptances.items()):
        if key[0] == openid and answered_at <= at:
            del ledger.acceptances[key]
    for answered, answered_at in list(ledger.answers.items()):
        if answered[0] == openid and answered_at <= at:
            del ledger.answers[answered]
    for parked, (_, parked_at) in list(ledger.parked.items()):
        if parked[1] == openid and parked_at <= at:
            del ledger.parked[parked]
