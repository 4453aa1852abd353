"""The ledger of notices 台账 with its runs 批次, results, acceptances; heartbeats of cron jobs.

The types are written out: a migration must not change when the code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")
JSON_TEXT = sa.Text().with_variant(mssql.NVARCHAR(None), "mssql")
SMALL = sa.SmallInteger()


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def citizen_of(table: str) -> sa.Column[str]:
    name = f"fk_{table}_openid"
    return sa.Column("openid", key(64), sa.ForeignKey("citizen.openid", name=name), nullable=False)


def upgrade() -> None:
    create_notification()
    create_runs_and_results()
    create_acceptances()
    op.create_index("ix_subscription_topic", "subscription", ["topic", "wanted", "openid"])


def create_notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("kind", key(40), nullable=False),
        sa.Column("notice_key", key(100), nullable=False),
        citizen_of("notification"),
        sa.Column("full_key", key(206), nullable=False),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("view_values", JSON_TEXT, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("lane", SMALL, nullable=False),
        sa.Column("state", key(12), nullable=False),
        sa.Column("channel", key(12), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("wanted_at", UTC_TIME, nullable=False),
        sa.Column("valid_until", UTC_TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", key(64), nullable=False),
        sa.Column("lease_until", UTC_TIME, nullable=True),
        sa.Column("unsure_since", UTC_TIME, nullable=True),
        sa.Column("msg_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", key(40), nullable=False),
        sa.Column("failures", SMALL, nullable=False),
        sa.Column("failed_on", key(12), nullable=False),
        sa.Column("accepted_at", UTC_TIME, nullable=True),
        sa.Column("template_at", UTC_TIME, nullable=True),
        sa.Column("prompt", SMALL, nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("full_key", name="uq_notification_full_key"),
    )
    for name, columns in (
        ("state", ["state", "lane", "due_at"]),
        ("kept", ["state", "id"]),
        ("valid_until", ["state", "valid_until"]),
        ("openid", ["openid", "state", "accepted_at", "lane"]),
        ("run_id", ["run_id", "state", "reason", "prompt"]),
        ("msg_id", ["msg_id"]),
        ("template_at", ["template_at"]),
        ("created_at", ["created_at"]),
    ):
        op.create_index(f"ix_notification_{name}", "notification", columns)


def create_runs_and_results() -> None:
    op.create_table(
        "push_run",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("kind", key(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", key(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_run"),
        sa.UniqueConstraint("kind", "day", name="uq_push_run_kind"),
    )
    op.create_index("ix_push_run_day", "push_run", ["day"])
    op.create_table(
        "push_result",
        sa.Column("msg_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("openid", key(64), nullable=False),
        sa.Column("result", key(20), nullable=False),
        sa.Column("parked_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("msg_id", "openid", name="pk_push_result"),
    )
    op.create_index("ix_push_result_openid", "push_result", ["openid"])
    op.create_index("ix_push_result_parked_at", "push_result", ["parked_at"])
    op.create_table(
        "job_run",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("name", key(40), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("beat_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("outcome", key(12), nullable=False),
        sa.Column("counts", JSON_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
    )
    op.create_index("ix_job_run_name", "job_run", ["name", "id"])


def create_acceptances() -> None:
    op.create_table(
        "acceptance",
        citizen_of("acceptance"),
        sa.Column("template_id", key(64), nullable=False),
        sa.Column("left_over", sa.Integer(), nullable=False),
        sa.Column("answered_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "template_id", name="pk_acceptance"),
    )
    op.create_table(
        "subscription_answer",
        citizen_of("subscription_answer"),
        sa.Column("answer_key", key(200), nullable=False),
        sa.Column("answered_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "answer_key", name="pk_subscription_answer"),
    )
    answered_at = "ix_subscription_answer_answered_at"
    op.create_index(answered_at, "subscription_answer", ["answered_at"])


def downgrade() -> None:
    op.drop_index("ix_subscription_topic", "subscription")
    for table in (
        "job_run",
        "subscription_answer",
        "acceptance",
        "push_result",
        "push_run",
        "notification",
    ):
        op.drop_table(table)
