"""Photos 照片, submissions 业务申请 with their lanes, notices 通知, cursors of outside events.

The types are written out: a migration must not change when the code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")
JSON_TEXT = sa.Text().with_variant(mssql.NVARCHAR(None), "mssql")


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def openid_of_citizen(table: str) -> sa.Column[str]:
    name = f"fk_{table}_openid"
    return sa.Column("openid", key(64), sa.ForeignKey("citizen.openid", name=name), nullable=False)


def upgrade() -> None:
    create_photo()
    create_submission()
    create_lane()
    create_notice()
    op.create_table(
        "event_cursor",
        sa.Column("name", key(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("held_by", key(64), nullable=False),
        sa.Column("held_until", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_event_cursor"),
    )


def create_photo() -> None:
    op.create_table(
        "photo",
        sa.Column("photo_id", key(64), nullable=False),
        openid_of_citizen("photo"),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("purpose", key(20), nullable=False),
        sa.Column("sha256", key(64), nullable=False),
        sa.Column("mime", key(40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("print_hash", key(64), nullable=False),
        sa.Column("kept_at", UTC_TIME, nullable=False),
        sa.Column("submission_no", key(20), nullable=False),
        sa.PrimaryKeyConstraint("photo_id", name="pk_photo"),
    )
    op.create_index("ix_photo_openid", "photo", ["openid", "kept_at"])
    op.create_index("ix_photo_acct_no", "photo", ["acct_no", "kept_at"])
    op.create_index("ix_photo_sha256", "photo", ["sha256"])


def create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("number", key(20), nullable=False),
        sa.Column("submission_key", key(200), nullable=False),
        openid_of_citizen("submission"),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("kind", key(20), nullable=False),
        sa.Column("system", key(12), nullable=False),
        sa.Column("lane", key(64), nullable=False),
        sa.Column("state", key(20), nullable=False),
        sa.Column("payload", JSON_TEXT, nullable=False),
        sa.Column("photo_ids", JSON_TEXT, nullable=False),
        sa.Column("parent_no", key(20), nullable=False),
        sa.Column("ext_no", key(64), nullable=False),
        sa.Column("result", JSON_TEXT, nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTC_TIME, nullable=False),
        sa.Column("last_error", sa.Unicode(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("number", name="uq_submission_number"),
        sa.UniqueConstraint("submission_key", name="uq_submission_submission_key"),
    )
    index = op.create_index
    index("ix_submission_system", "submission", ["system", "state", "lane", "id"])
    index("ix_submission_state", "submission", ["state", "id"])
    index("ix_submission_openid", "submission", ["openid", "created_at", "id"])
    index("ix_submission_acct_no", "submission", ["acct_no", "kind", "created_at", "id"])
    index("ix_submission_ext_no", "submission", ["ext_no", "system"])


def create_lane() -> None:
    op.create_table(
        "lane",
        sa.Column("queue", key(12), nullable=False),
        sa.Column("lane", key(64), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("held_by", key(64), nullable=False),
        sa.PrimaryKeyConstraint("queue", "lane", name="pk_lane"),
    )
    op.create_index("ix_lane_queue", "lane", ["queue", "due_at"])


def create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("kind", key(40), nullable=False),
        sa.Column("notice_key", key(100), nullable=False),
        openid_of_citizen("notice"),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("view_values", JSON_TEXT, nullable=False),
        sa.Column("state", key(12), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("kind", "notice_key", "openid", name="uq_notice_kind"),
    )
    op.create_index("ix_notice_openid", "notice", ["openid", "state", "id"])
    op.create_index("ix_notice_state", "notice", ["state", "id"])


def downgrade() -> None:
    for table in ("event_cursor", "notice", "lane", "submission", "photo"):
        op.drop_table(table)
