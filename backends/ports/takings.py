"""What the billing system (CSMS) knows of payments through WeChat Pay: bills that are being paid
are locked there, and what it has posted 销账 can be read (docs/contracts/csms.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backends.ports.payments import Order


@dataclass(frozen=True, slots=True)
class Taking:
    """A payment through WeChat Pay as CSMS has it: one row for each item that was posted.
    `bill_no` is '' where all of it went to the prepaid balance 预存. `state`: paid, refunded or
    reversed."""

    pay_no: str
    transaction_id: str
    acct_no: str
    bill_no: str
    period: str
    principal_fen: int
    late_fee_fen: int
    amount_fen: int
    paid_at: datetime
    state: str


class Takings(Protocol):
    def lock(self, order: Order, now: datetime) -> None:
        """Until `order.expires_at` CSMS lets nobody else pay the order's bills, and takes their
        amounts as the order has them. Locking again changes nothing. Prepayments lock nothing."""
        ...

    def release(self, order: Order, now: datetime) -> None:
        """The order was closed before its time. What was never locked needs no release."""
        ...

    def of_transactions(self, transaction_ids: Sequence[str]) -> Mapping[str, tuple[Taking, ...]]:
        """WeChat's transaction number → what CSMS posted of it."""
        ...

    def between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Taking, ...]:
        """Those of the channel wechat_account with a transaction number, paid in [since, until), in
        the order they were paid, then of their numbers: the ones behind the payment `after`, or
        from the first one ('')."""
        ...
