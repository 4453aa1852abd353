"""Notices move from the table `notice` into the ledger, which takes its place.

They keep their ids: a citizen's mailbox in Redis knows them by these. What a worker was just
sending is claimed with its lease run out, so that nobody takes it for surely unsent.
"""

import json
from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")
JSON_TEXT = sa.Text().with_variant(mssql.NVARCHAR(None), "mssql")

COPY = """
INSERT INTO notification (
    id, kind, notice_key, openid, full_key, acct_no, view_values, lane, state, channel, due_at,
    wanted_at, attempts, claimed_by, lease_until, accepted_at, reason, failures, failed_on,
    created_at, updated_at
)
SELECT
    id, kind, notice_key, openid, FULL_KEY, acct_no, view_values,
    CASE
        WHEN kind LIKE 'ticket%' THEN 1
        WHEN kind = 'bill_opened' THEN 3
        WHEN kind IN ('visit_due', 'spot_check_drawn') THEN 4
        ELSE 2
    END,
    CASE state WHEN 'sending' THEN 'claimed' WHEN 'sent' THEN 'delivered' ELSE state END,
    CASE state
        WHEN 'sent' THEN 'chat' WHEN 'kept' THEN 'next' WHEN 'told' THEN 'next' ELSE 'template'
    END,
    created_at, created_at, 0, '',
    CASE state WHEN 'sending' THEN updated_at END,
    CASE state WHEN 'sent' THEN updated_at END,
    '', 0, '', created_at, updated_at
FROM notice
"""
GO_ON_BEHIND = """
SELECT setval(
    pg_get_serial_sequence('notification', 'id'),
    (SELECT coalesce(max(id), 0) + 1 FROM notification),
    false
)
"""
NUMBERS = {"bill_opened": "bill_no", "visit_due": "visit_no", "spot_check_drawn": "check_no"}
"""Where the view of a kind says what it is about."""
RECENT = timedelta(days=40)


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def upgrade() -> None:
    copy()
    if not op.get_context().as_sql:
        key_by_number(op.get_bind())
    op.drop_table("notice")
    op.execute("DELETE FROM lane WHERE queue = 'notices'")


def concatenated(*parts: str) -> str:
    """The databases do not agree upon how to."""
    operator = " + " if op.get_context().dialect.name == "mssql" else " || "
    return operator.join(parts)


def copy() -> None:
    dialect = op.get_context().dialect.name
    if dialect == "mssql":
        op.execute("SET IDENTITY_INSERT notification ON")
    full_key = concatenated("kind", "':'", "notice_key", "':'", "openid")
    op.execute(COPY.replace("FULL_KEY", full_key))
    if dialect == "mssql":
        op.execute("SET IDENTITY_INSERT notification OFF")
    if dialect == "postgresql":
        op.execute(GO_ON_BEHIND)


def key_by_number(connection: sa.Connection) -> None:
    """Of what was told lately: it was planned by events, under their ids, and a cron job that plans
    by the number of a bill must find it told. Of several about the same only the first."""
    names = ("id", "kind", "notice_key", "openid", "full_key", "view_values")
    created_at = sa.column("created_at", UTC_TIME)
    table = sa.table("notification", *map(sa.column, names), created_at)
    newest = connection.execute(sa.select(sa.func.max(created_at)).select_from(table)).scalar()
    if newest is None:
        return
    recent = (table.c.kind.in_(NUMBERS), table.c.created_at >= newest - RECENT)
    taken = set[tuple[str, str, str]]()
    for row in connection.execute(sa.select(table).where(*recent).order_by(table.c.id)).all():
        number = str(json.loads(row.view_values).get(NUMBERS[row.kind], ""))
        new = (row.kind, number, row.openid)
        if number and new not in taken:
            taken.add(new)
            numbered = {"notice_key": number, "full_key": ":".join(new)}
            connection.execute(sa.update(table).where(table.c.id == row.id).values(numbered))


def downgrade() -> None:
    """What the release before does not know (held, accepted, failed) has no way back: it begins
    without notices."""
    openid = sa.ForeignKey("citizen.openid", name="fk_notice_openid")
    op.create_table(
        "notice",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("kind", key(40), nullable=False),
        sa.Column("notice_key", key(100), nullable=False),
        sa.Column("openid", key(64), openid, nullable=False),
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
    op.create_index("ix_notice_created_at", "notice", ["created_at"])
