"""Refunds in memory, of the orders of the in-memory records."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from backends.errors import Overtaken, Rejected
from backends.ports import Notice, Refund, RefundStanding, RefundState, RefundStatus
from tests.fakes import order_changes as changes
from tests.fakes.records import FakeRecords
from tests.fakes.records_state import State
from tests.fakes.records_work import plan
from tests.fakes.switches import Switches

TO_SEND = (RefundState.APPROVED, RefundState.PROCESSING)
MAY_BECOME = {
    RefundStatus.PROCESSING: (RefundState.APPROVED,),
    RefundStatus.SUCCESS: (*TO_SEND, RefundState.ABNORMAL),
    RefundStatus.ABNORMAL: TO_SEND,
    RefundStatus.CLOSED: (*TO_SEND, RefundState.ABNORMAL),
}


class FakeRefunds(Switches):
    def __init__(self, records: FakeRecords) -> None:
        super().__init__()
        self.records = records

    def propose(self, refund: Refund) -> bool:
        with self._changing() as state:
            if changes.is_proposed(state.payments, refund):
                return False
            if not changes.has_room(state.payments, refund):
                raise Rejected("refund", "too_much", "more than was paid for the order")
            state.payments.refunds[refund.refund_no] = refund
            return True

    def ask(self, refund_no: str, by: str, now: datetime) -> bool:
        asked = {"state": RefundState.ASKED, "asked_by": by}
        return self._turn(refund_no, (RefundState.PROPOSED,), asked)

    def approve(self, refund_no: str, by: str, now: datetime) -> bool:
        with self._changing() as state:
            found = state.payments.refunds.get(refund_no)
            if found is None or found.asked_by == by:
                return False
            if not _turn(
                state, refund_no, (RefundState.ASKED,), _decided(RefundState.APPROVED, by)
            ):
                return False
            state.payments.looks[refund_no] = now
            return True

    def refuse(self, refund_no: str, by: str, now: datetime) -> bool:
        open_ones = (RefundState.PROPOSED, RefundState.ASKED)
        return self._turn(refund_no, open_ones, _decided(RefundState.REFUSED, by))

    def to_send(self, now: datetime, limit: int) -> tuple[Refund, ...]:
        looks = self._now().payments.looks
        due = [
            one for one in self._refunds() if one.state in TO_SEND and looks[one.refund_no] <= now
        ]
        due.sort(key=lambda one: (looks[one.refund_no], one.refund_no))
        return tuple(due[:limit])

    def heard(
        self, standing: RefundStanding, told: Notice | None, now: datetime, *, wait: timedelta
    ) -> bool:
        with self._changing() as state:
            _compare(state, standing)
            news = _turn(
                state,
                standing.refund_no,
                MAY_BECOME[standing.status],
                {
                    "state": RefundState(standing.status.value.lower()),
                    "refund_id": standing.refund_id,
                    "succeeded_at": standing.succeeded_at,
                    "trouble": "",
                },
            )
            if standing.status is RefundStatus.PROCESSING:
                _look_again(state, standing.refund_no, now + wait)
            if news and told is not None:
                plan(state, told, now)
            return news

    def failed(self, refund_no: str, trouble: str, *, now: datetime, wait: timedelta) -> None:
        with self._changing() as state:
            _turn(state, refund_no, TO_SEND, {"trouble": trouble})
            _look_again(state, refund_no, now + wait)

    def refund(self, refund_no: str) -> Refund | None:
        return self._now().payments.refunds.get(refund_no)

    def refunds_of(self, order_nos: Sequence[str]) -> Mapping[str, tuple[Refund, ...]]:
        found: dict[str, tuple[Refund, ...]] = {}
        for one in self._refunds():
            if one.order_no in order_nos:
                found[one.order_no] = (*found.get(one.order_no, ()), one)
        return found

    def succeeded_between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Refund, ...]:
        found = [
            one
            for one in self._refunds()
            if one.succeeded_at and since <= one.succeeded_at < until and one.refund_no > after
        ]
        return tuple(sorted(found, key=lambda one: one.refund_no)[:limit])

    def refunds(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        found = [one for one in self._refunds() if one.state in states]
        found.reverse()
        return tuple(found[:limit])

    def _refunds(self) -> Iterable[Refund]:
        """Oldest first."""
        found = self._now().payments.refunds.values()
        return sorted(found, key=lambda one: (one.made_at, one.refund_no))

    def _turn(self, refund_no: str, of: Sequence[RefundState], values: Mapping[str, Any]) -> bool:
        with self._changing() as state:
            return _turn(state, refund_no, of, values)

    def _now(self) -> State:
        self._obey()
        return self.records.state

    def _changing(self) -> AbstractContextManager[State]:
        self._obey()
        return self.records.changing()


def _decided(state: RefundState, by: str) -> Mapping[str, Any]:
    return {"state": state, "approved_by": by}


def _turn(
    state: State, refund_no: str, of: Sequence[RefundState], values: Mapping[str, Any]
) -> bool:
    """False when it is in none of these states."""
    found = state.payments.refunds.get(refund_no)
    if found is None or found.state not in of:
        return False
    state.payments.refunds[refund_no] = replace(found, **values)
    return True


def _look_again(state: State, refund_no: str, at: datetime) -> None:
    found = state.payments.refunds.get(refund_no)
    if found is not None and found.state in TO_SEND:
        state.payments.looks[refund_no] = at


def _compare(state: State, standing: RefundStanding) -> None:
    found = state.payments.refunds.get(standing.refund_no)
    if found is not None and (found.order_no, found.amount_fen) != (
        standing.order_no,
        standing.amount_fen,
    ):
        raise Overtaken("records", "the refund")
