"""Reconciliation 对账: what WeChat's trade bills say by day, and where they, our orders and CSMS
differ (docs/reconciliation.md). Money is whole fen.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

ITSELF = "reconcile"
"""Who has settled a difference that no person has: the job, or a later day's bill."""


@dataclass(frozen=True, slots=True)
class TradeRow:
    """A row of a trade bill 交易账单, `row_no` from 1: a payment, or (with the numbers of one) a
    refund. Amounts of both are above zero. `state` as WeChat has it. `at` is when it was paid; of a
    refund WeChat does not say what it is."""

    row_no: int
    order_no: str
    transaction_id: str
    amount_fen: int
    state: str
    at: datetime
    refund_no: str = ""
    refund_id: str = ""

    @property
    def is_refund(self) -> bool:
        return bool(self.refund_no or self.refund_id)


@dataclass(frozen=True, slots=True)
class Totals:
    payments: int = 0
    paid_fen: int = 0
    refunds: int = 0
    refunded_fen: int = 0

    @property
    def rows(self) -> int:
        return self.payments + self.refunds


@dataclass(frozen=True, slots=True)
class Statement:
    """A day's trade bill. `sha1` of the file, '' of a day without trade. `staged`: its rows that
    are with us so far; 0 again when they are no longer needed. `run`: how often it was compared."""

    day: date
    sha1: str
    totals: Totals
    staged: int
    run: int
    matched_at: datetime | None

    @property
    def is_staged(self) -> bool:
        return self.staged == self.totals.rows


class Mismatch(StrEnum):
    """LONG 长款: WeChat has it, we do not. SHORT 短款: we have it, WeChat does not. AMOUNT_DIFF,
    STATE_DIFF: both have it, otherwise. DUP: paid or posted more than once. CSMS_UNPOSTED: paid,
    and not in CSMS. CSMS_EXTRA: CSMS has it, WeChat does not."""

    LONG = "long"
    SHORT = "short"
    AMOUNT_DIFF = "amount_diff"
    STATE_DIFF = "state_diff"
    DUP = "dup"
    CSMS_UNPOSTED = "csms_unposted"
    CSMS_EXTRA = "csms_extra"


@dataclass(frozen=True, slots=True)
class Difference:
    """`key` is unique within day and class: an order, refund or payment number, or an item's. An
    amount is None where that side has nothing to say. `detail` names no person. `settled`: what
    was done about it at once."""

    day: date
    mismatch: Mismatch
    key: str
    order_no: str = ""
    transaction_id: str = ""
    ours_fen: int | None = None
    theirs_fen: int | None = None
    csms_fen: int | None = None
    detail: str = ""
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A difference on the list: open while `resolved_at` is None. `note`: what came of it."""

    difference_id: int
    difference: Difference
    found_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str = ""
    note: str = ""


class Statements(Protocol):
    """Every method is one transaction."""

    def statement(self, day: date) -> Statement | None: ...

    def statements(self, limit: int) -> tuple[Statement, ...]:
        """Newest day first."""
        ...

    def begin(self, day: date, sha1: str, totals: Totals) -> Statement:
        """As it stands when this file is known; another file takes the place of the earlier one,
        whose rows go."""
        ...

    def stage(self, day: date, sha1: str, start: int, rows: Sequence[TradeRow]) -> bool:
        """The rows behind the first `start`. False, and nothing changes, when so many are not (any
        more) what there is, or the file is another."""
        ...

    def next_run(self, day: date) -> int:
        """The number of the comparison that begins."""
        ...

    def page(self, day: date, after: str, limit: int) -> tuple[TradeRow, ...]:
        """All rows of the next `limit` order numbers above `after`, by order number and row."""
        ...

    def paid_orders(self, days: Sequence[date], order_nos: Sequence[str]) -> Set[str]:
        """Those of the orders whose payment stands in the bills of these days."""
        ...

    def paid_transactions(
        self, days: Sequence[date], transaction_ids: Sequence[str]
    ) -> Set[str]: ...

    def refunded(self, refund_nos: Sequence[str]) -> Set[str]:
        """Those of our refunds that stand in any bill whose refunds are still with us."""
        ...

    def note(self, run: int, found: Sequence[Difference], now: datetime) -> None:
        """New ones onto the list, known ones seen again. One that settled ITSELF is open again when
        it is found unsettled; what a person has resolved stays so."""
        ...

    def matched(self, day: date, run: int, now: datetime) -> None:
        """The comparison is done: open differences of the day that no run since this one has found
        again are settled."""
        ...

    def open_differences(self, after: int, limit: int) -> tuple[Listed, ...]:
        """By id."""
        ...

    def differences(self, day: date, limit: int) -> tuple[Listed, ...]:
        """Open ones first, then by id."""
        ...

    def resolve(self, difference_id: int, by: str, note: str, now: datetime) -> bool:
        """False when it is unknown, or not open."""
        ...

    def counts(self) -> Mapping[Mismatch, int]:
        """Open ones."""
        ...

    def matched_days(self, since: date) -> Set[date]: ...

    def forget(self, payments_before: date, refunds_before: date) -> bool:
        """Rows of bills of earlier days, some thousands at once. True when there may be more."""
        ...
