"""Payment orders 缴费订单 with their items, holds of bills, refunds 退款.

The types are written out: a migration must not change when the code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def order_of(table: str, ondelete: str | None = None) -> sa.Column[str]:
    name = f"fk_{table}_order_no"
    order = sa.ForeignKey("pay_order.order_no", name=name, ondelete=ondelete)
    return sa.Column("order_no", key(32), order, nullable=False)


def fen(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    create_orders()
    create_items_and_holds()
    create_refunds()


def create_orders() -> None:
    openid = sa.ForeignKey("citizen.openid", name="fk_pay_order_openid")
    op.create_table(
        "pay_order",
        sa.Column("order_no", key(32), nullable=False),
        sa.Column("openid", key(64), openid, nullable=True),
        sa.Column("payer", key(12), nullable=False),
        sa.Column("state", key(12), nullable=False),
        fen("amount_fen"),
        sa.Column("placed_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=True),
        sa.Column("prepay_id", key(64), nullable=False),
        sa.Column("transaction_id", key(32), nullable=False),
        sa.Column("paid_at", UTC_TIME, nullable=True),
        sa.Column("paid_day", sa.Date(), nullable=True),
        sa.Column("why_closed", key(12), nullable=False),
        sa.Column("look_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("order_no", name="pk_pay_order"),
        sa.UniqueConstraint("transaction_id", name="uq_pay_order_transaction_id"),
    )
    for name, columns in (
        ("openid", ["openid", "placed_at"]),
        ("look_at", ["look_at"]),
        ("state", ["state", "order_no"]),
        ("placed_at", ["state", "placed_at", "amount_fen"]),
        ("paid_day", ["paid_day", "order_no"]),
        ("payer", ["payer", "paid_at"]),
    ):
        op.create_index(f"ix_pay_order_{name}", "pay_order", columns)


def create_items_and_holds() -> None:
    op.create_table(
        "pay_item",
        order_of("pay_item", "CASCADE"),
        sa.Column("item_key", key(40), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("bill_no", key(32), nullable=False),
        sa.Column("period", key(7), nullable=False),
        *map(fen, ("principal_fen", "late_fee_fen")),
        *map(fen, ("posted_fen", "credited_fen", "returned_fen")),
        sa.Column("pay_no", key(64), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("order_no", "item_key", name="pk_pay_item"),
    )
    op.create_table(
        "pay_hold",
        sa.Column("item_key", key(40), nullable=False),
        order_of("pay_hold", "CASCADE"),
        sa.PrimaryKeyConstraint("item_key", name="pk_pay_hold"),
    )
    op.create_index("ix_pay_hold_order_no", "pay_hold", ["order_no"])


def create_refunds() -> None:
    op.create_table(
        "pay_refund",
        sa.Column("refund_no", key(64), nullable=False),
        sa.Column("refund_key", key(200), nullable=False),
        order_of("pay_refund"),
        sa.Column("bill_no", key(32), nullable=False),
        *map(fen, ("amount_fen", "total_fen")),
        sa.Column("why", key(12), nullable=False),
        sa.Column("reason", sa.Unicode(80), nullable=False),
        sa.Column("state", key(12), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("asked_by", sa.Unicode(64), nullable=False),
        sa.Column("approved_by", sa.Unicode(64), nullable=False),
        sa.Column("refund_id", key(64), nullable=False),
        sa.Column("succeeded_at", UTC_TIME, nullable=True),
        sa.Column("trouble", sa.Unicode(500), nullable=False),
        sa.Column("look_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("refund_no", name="pk_pay_refund"),
        sa.UniqueConstraint("refund_key", name="uq_pay_refund_refund_key"),
    )
    for name, columns in (
        ("order_no", ["order_no"]),
        ("state", ["state", "made_at"]),
        ("look_at", ["look_at"]),
    ):
        op.create_index(f"ix_pay_refund_{name}", "pay_refund", columns)


def downgrade() -> None:
    for table in ("pay_refund", "pay_hold", "pay_item", "pay_order"):
        op.drop_table(table)
