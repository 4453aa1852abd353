"""Trade bills 交易账单 by day, their rows for as long as they are needed, and the list of
differences. Money is whole fen."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Unicode,
    UniqueConstraint,
)

from backends.records.base import BIG_KEY, metadata
from backends.records.columns import UtcTime, exact_text

ORDER_NO, REFUND_NO = exact_text(32), exact_text(64)
MOST_DETAIL = 200
MOST_NAME = 64

statement = Table(
    "statement",
    metadata,
    Column("day", Date, nullable=False),
    Column("sha1", exact_text(40), nullable=False),
    Column("payments", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("refunds", BigInteger, nullable=False),
    Column("refunded_fen", BigInteger, nullable=False),
    Column("staged", BigInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("matched_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("day"),
)

# By order number: so it is compared, page by page, whatever order WeChat has its rows in.
statement_row = Table(
    "statement_row",
    metadata,
    Column("day", Date, nullable=False),
    Column("order_no", ORDER_NO, nullable=False),
    Column("row_no", BigInteger, nullable=False),
    Column("transaction_id", ORDER_NO, nullable=False),
    Column("refund_no", REFUND_NO, nullable=False),
    Column("refund_id", REFUND_NO, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", exact_text(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("day", "order_no", "row_no"),
    Index("ix_statement_row_transaction_id", "transaction_id", "day"),
    Index("ix_statement_row_refund_no", "refund_no", "day"),
)

difference = Table(
    "difference",
    metadata,
    Column("id", BIG_KEY, primary_key=True),
    Column("day", Date, nullable=False),
    Column("mismatch", exact_text(16), nullable=False),
    Column("diff_key", exact_text(120), nullable=False),
    Column("order_no", ORDER_NO, nullable=False),
    Column("transaction_id", ORDER_NO, nullable=False),
    Column("ours_fen", BigInteger, nullable=True),
    Column("theirs_fen", BigInteger, nullable=True),
    Column("csms_fen", BigInteger, nullable=True),
    Column("detail", Unicode(MOST_DETAIL), nullable=False),
    # The last comparison that found it.
    Column("run", Integer, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("resolved_at", UtcTime, nullable=True),
    Column("resolved_by", Unicode(MOST_NAME), nullable=False),
    Column("note", Unicode(MOST_DETAIL), nullable=False),
    UniqueConstraint("day", "mismatch", "diff_key"),
    Index("ix_difference_resolved_at", "resolved_at", "id"),
)
