"""Trade bills 交易账单 by day, their rows, and where they, our orders and CSMS differ.

The types are written out: a migration must not change when the code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sha1", key(40), nullable=False),
        *map(number, ("payments", "paid_fen", "refunds", "refunded_fen", "staged")),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("matched_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_statement"),
    )
    create_rows()
    create_differences()
    # A day's refunds are looked up for it.
    op.create_index("ix_pay_refund_succeeded_at", "pay_refund", ["succeeded_at", "refund_no"])


def create_rows() -> None:
    op.create_table(
        "statement_row",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("order_no", key(32), nullable=False),
        number("row_no"),
        sa.Column("transaction_id", key(32), nullable=False),
        sa.Column("refund_no", key(64), nullable=False),
        sa.Column("refund_id", key(64), nullable=False),
        number("amount_fen"),
        sa.Column("state", key(16), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("day", "order_no", "row_no", name="pk_statement_row"),
    )
    for name in ("transaction_id", "refund_no"):
        op.create_index(f"ix_statement_row_{name}", "statement_row", [name, "day"])


def create_differences() -> None:
    op.create_table(
        "difference",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mismatch", key(16), nullable=False),
        sa.Column("diff_key", key(120), nullable=False),
        sa.Column("order_no", key(32), nullable=False),
        sa.Column("transaction_id", key(32), nullable=False),
        *(number(name, nullable=True) for name in ("ours_fen", "theirs_fen", "csms_fen")),
        sa.Column("detail", sa.Unicode(200), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("found_at", UTC_TIME, nullable=False),
        sa.Column("resolved_at", UTC_TIME, nullable=True),
        sa.Column("resolved_by", sa.Unicode(64), nullable=False),
        sa.Column("note", sa.Unicode(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_difference"),
        sa.UniqueConstraint("day", "mismatch", "diff_key", name="uq_difference_day"),
    )
    op.create_index("ix_difference_resolved_at", "difference", ["resolved_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_pay_refund_succeeded_at", "pay_refund")
    for table in ("difference", "statement_row", "statement"):
        op.drop_table(table)
