"""Citizens, consents, bindings 绑定 and failed proofs of ownership.

The types are written out: a migration must not change when the code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def openid_of_citizen(table: str) -> sa.Column[str]:
    name = f"fk_{table}_openid"
    return sa.Column("openid", key(64), sa.ForeignKey("citizen.openid", name=name), nullable=False)


def upgrade() -> None:
    op.create_table(
        "citizen",
        sa.Column("openid", key(64), nullable=False),
        sa.Column("first_seen_at", UTC_TIME, nullable=False),
        sa.Column("followed_at", UTC_TIME, nullable=True),
        sa.Column("left_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("openid", name="pk_citizen"),
    )
    op.create_table(
        "consent",
        openid_of_citizen("consent"),
        sa.Column("purpose", key(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "purpose", "version", name="pk_consent"),
    )
    create_proof_failure()
    create_binding()


def create_proof_failure() -> None:
    op.create_table(
        "proof_failure",
        openid_of_citizen("proof_failure"),
        sa.Column("failure_key", key(200), nullable=False),
        sa.Column("failed_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "failure_key", name="pk_proof_failure"),
    )
    op.create_index("ix_proof_failure_openid", "proof_failure", ["openid", "failed_at"])


def create_binding() -> None:
    op.create_table(
        "binding",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        openid_of_citizen("binding"),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("role", key(20), nullable=False),
        sa.Column("factor", key(20), nullable=False),
        sa.Column("bill_type", key(20), nullable=False),
        sa.Column("bound_at", UTC_TIME, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("ended_seq", BIG_KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_binding"),
        sa.UniqueConstraint("openid", "acct_no", "ended_seq", name="uq_binding_openid"),
    )
    op.create_index("ix_binding_acct_no", "binding", ["acct_no", "role"])


def downgrade() -> None:
    for table in ("binding", "proof_failure", "consent", "citizen"):
        op.drop_table(table)
