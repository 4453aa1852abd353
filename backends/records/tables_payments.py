"""Payment orders 缴费订单 with their items, what holds bills, and refunds 退款. Money is whole fen.

Each index serves one look-up, and its first columns leave out what is long done.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Unicode,
    UniqueConstraint,
)

from backends.records.base import ACCT_NO, OPENID, metadata
from backends.records.columns import UtcTime, exact_text

ORDER_NO, BILL_NO, ITEM_KEY, STATE = exact_text(32), exact_text(32), exact_text(40), exact_text(12)
STAFF = Unicode(64)
MOST_TROUBLE = 500
KNOWN, FORGOTTEN = "known", "forgotten"

pay_order = Table(
    "pay_order",
    metadata,
    Column("order_no", ORDER_NO, nullable=False),
    # None once nobody needs to know who paid (docs/privacy.md); `payer` then says so.
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=True),
    Column("payer", STATE, nullable=False),
    Column("state", STATE, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime, nullable=True),
    Column("prepay_id", exact_text(64), nullable=False),
    # WeChat's number; until it is paid the order's own, which is none of WeChat's: of a column that
    # may be NULL, SQL Server takes NULL for a value like any other, which only one row may have.
    Column("transaction_id", ORDER_NO, nullable=False),
    Column("paid_at", UtcTime, nullable=True),
    # In Shanghai: of the orders of a day a page is read by their numbers.
    Column("paid_day", Date, nullable=True),
    Column("why_closed", STATE, nullable=False),
    # When WeChat is to be asked about it; None when there is nothing (more) to be asked.
    Column("look_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("order_no"),
    UniqueConstraint("transaction_id"),
    Index("ix_pay_order_openid", "openid", "placed_at"),
    Index("ix_pay_order_look_at", "look_at"),
    Index("ix_pay_order_state", "state", "order_no"),
    Index("ix_pay_order_placed_at", "state", "placed_at", "amount_fen"),
    Index("ix_pay_order_paid_day", "paid_day", "order_no"),
    Index("ix_pay_order_payer", "payer", "paid_at"),
)

pay_item = Table(
    "pay_item",
    metadata,
    Column(
        "order_no", ORDER_NO, ForeignKey("pay_order.order_no", ondelete="CASCADE"), nullable=False
    ),
    Column("item_key", ITEM_KEY, nullable=False),
    Column("item_no", SmallInteger, nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("bill_no", BILL_NO, nullable=False),
    Column("period", exact_text(7), nullable=False),
    Column("principal_fen", BigInteger, nullable=False),
    Column("late_fee_fen", BigInteger, nullable=False),
    # What CSMS made of it; the time is None until then.
    Column("posted_fen", BigInteger, nullable=False),
    Column("credited_fen", BigInteger, nullable=False),
    Column("returned_fen", BigInteger, nullable=False),
    Column("pay_no", exact_text(64), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("posted_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("order_no", "item_key"),
)

# A bill, or the prepaid balance of an account, that an order is about to pay, or has paid.
pay_hold = Table(
    "pay_hold",
    metadata,
    Column("item_key", ITEM_KEY, nullable=False),
    Column(
        "order_no", ORDER_NO, ForeignKey("pay_order.order_no", ondelete="CASCADE"), nullable=False
    ),
    PrimaryKeyConstraint("item_key"),
    Index("ix_pay_hold_order_no", "order_no"),
)

pay_refund = Table(
    "pay_refund",
    metadata,
    Column("refund_no", exact_text(64), nullable=False),
    Column("refund_key", exact_text(200), nullable=False),
    Column("order_no", ORDER_NO, ForeignKey("pay_order.order_no"), nullable=False),
    Column("bill_no", BILL_NO, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("total_fen", BigInteger, nullable=False),
    Column("why", STATE, nullable=False),
    Column("reason", Unicode(80), nullable=False),
    Column("state", STATE, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("asked_by", STAFF, nullable=False),
    Column("approved_by", STAFF, nullable=False),
    Column("refund_id", exact_text(64), nullable=False),
    Column("succeeded_at", UtcTime, nullable=True),
    Column("trouble", Unicode(MOST_TROUBLE), nullable=False),
    Column("look_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("refund_no"),
    UniqueConstraint("refund_key"),
    Index("ix_pay_refund_order_no", "order_no"),
    Index("ix_pay_refund_state", "state", "made_at"),
    Index("ix_pay_refund_look_at", "look_at"),
    Index("ix_pay_refund_succeeded_at", "succeeded_at", "refund_no"),
)
