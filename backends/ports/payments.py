"""Payment orders 缴费订单 and refunds 退款, as values. Money is whole fen here.

Truth about money is what WeChat Pay says (a verified notification, or a query), never a page; which
bills it paid is what CSMS says when it has posted them 销账. docs/payment.md draws the states.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OrderState(StrEnum):
    """PLACED: chosen in the chat, nothing asked of WeChat yet or no answer yet. PREPAID: WeChat has
    it and the citizen may pay. CLOSING: nobody shall pay it any more, WeChat is to be told. CLOSED:
    WeChat has closed it, or never knew it. PAID: the money is there, CSMS has not posted all of
    it. SETTLED: CSMS has posted every item. A payment seconds before the closing makes PAID of any
    of the first four."""

    PLACED = "placed"
    PREPAID = "prepaid"
    CLOSING = "closing"
    CLOSED = "closed"
    PAID = "paid"
    SETTLED = "settled"


class WhyClosed(StrEnum):
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CHANGED = "changed"
    """What is owed has changed since it was placed."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """A bill, or with an empty `bill_no` a prepayment 预存 to the account. `period`: accounting
    month 账务年月 of the bill, 'YYYY-MM'; of a prepayment that of the day it was placed."""

    acct_no: str
    bill_no: str
    period: str
    principal_fen: int
    late_fee_fen: int = 0

    @property
    def amount_fen(self) -> int:
        return self.principal_fen + self.late_fee_fen

    @property
    def key(self) -> str:
        """Unique within an order; what only one order at a time may be about to pay."""
        return self.bill_no or f"prepay:{self.acct_no}"


@dataclass(frozen=True, slots=True)
class Order:
    """`order_no`: the merchant's order number 商户订单号 (`out_trade_no`), unique for ever. Who
    placed it pays it: `openid`. After `expires_at` nobody can. `asked_at`: when WeChat was first
    asked to take it. `transaction_id` and `paid_at` once it is paid."""

    order_no: str
    openid: str
    items: tuple[OrderItem, ...]
    placed_at: datetime
    expires_at: datetime
    state: OrderState = OrderState.PLACED
    asked_at: datetime | None = None
    prepay_id: str = ""
    transaction_id: str = ""
    paid_at: datetime | None = None
    why_closed: str = ""

    @property
    def amount_fen(self) -> int:
        return sum(item.amount_fen for item in self.items)


class TradeState(StrEnum):
    """Of WeChat's `trade_state`. REFUND: any part of it was refunded."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Transaction:
    """What WeChat says of an order. While it is unpaid `transaction_id` and `openid` are '' and
    `paid_at` is None."""

    order_no: str
    state: TradeState
    amount_fen: int
    transaction_id: str = ""
    openid: str = ""
    paid_at: datetime | None = None

    @property
    def paid(self) -> bool:
        return self.state in (TradeState.SUCCESS, TradeState.REFUND)


class RefundState(StrEnum):
    """PROPOSED: found by the system. ASKED: a first member of staff wants it. APPROVED: a second
    agreed, it goes to WeChat. PROCESSING, then SUCCESS; ABNORMAL: the money came back (the card is
    closed), staff must see to it; CLOSED: WeChat will not do it. REFUSED: the second member of
    staff said no."""

    PROPOSED = "proposed"
    ASKED = "asked"
    APPROVED = "approved"
    PROCESSING = "processing"
    SUCCESS = "success"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    REFUSED = "refused"


class WhyRefund(StrEnum):
    """DUPLICATE: the same bill was paid twice. SURPLUS: more than was owed. STAFF: staff say so."""

    DUPLICATE = "duplicate"
    SURPLUS = "surplus"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Refund:
    """`refund_no` (`out_refund_no`) makes it idempotent at WeChat. `bill_no`: the item it gives
    back, '' for the order. `key`: proposing the same key again changes nothing. `reason` is shown
    to the citizen, ≤ 80 bytes. `approved_by`: the second of the staff, also of a REFUSED one."""

    refund_no: str
    key: str
    order_no: str
    bill_no: str
    amount_fen: int
    total_fen: int
    why: WhyRefund
    reason: str
    openid: str
    state: RefundState
    made_at: datetime
    asked_by: str = ""
    approved_by: str = ""
    refund_id: str = ""
    succeeded_at: datetime | None = None
    trouble: str = ""


class RefundStatus(StrEnum):
    """Of WeChat's `status` (in notifications `refund_status`)."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    ABNORMAL = "ABNORMAL"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class RefundStanding:
    """What WeChat says of a refund."""

    refund_no: str
    order_no: str
    refund_id: str
    status: RefundStatus
    amount_fen: int
    total_fen: int
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What CSMS has done with an item of a paid order. `posted_fen` went to the bill (or to the
    prepaid balance, for a prepayment); `credited_fen` of it could not (the bill was paid elsewhere)
    and went to the prepaid balance 预存; `returned_fen` CSMS took neither way: it must be refunded.
    The three add up to what was paid for the item. `event_id` makes it idempotent."""

    order_no: str
    item_key: str
    posted_fen: int
    credited_fen: int
    returned_fen: int
    pay_no: str
    event_id: int
