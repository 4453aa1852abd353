"""Names, defaults and inviters of bindings 绑定, invitations 邀请, query passwords 查询密码,
subscriptions 订阅, withdrawn consents, private values of submissions, feeds of the website.

What is new in tables that stand already has a default: nodes of the release before write beside
this one while it is brought in. The types are written out: a migration must not change when the
code's tables do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PRECISE = mssql.DATETIME2(6)  # type: ignore[no-untyped-call]
UTC_TIME = sa.DateTime().with_variant(PRECISE, "mssql")
LONG_TEXT = sa.Text().with_variant(mssql.NVARCHAR(None), "mssql")


def key(length: int) -> sa.types.TypeEngine[str]:
    exact = mssql.VARCHAR(length, collation="Latin1_General_BIN2")
    return sa.String(length).with_variant(exact, "mssql")


def citizen_of(table: str, column: str = "openid") -> sa.Column[str]:
    name = f"fk_{table}_{column}"
    return sa.Column(column, key(64), sa.ForeignKey("citizen.openid", name=name), nullable=False)


def upgrade() -> None:
    add_to_tables_of_before()
    create_invite()
    create_passwords()
    create_consents_and_subscriptions()
    op.create_table(
        "feed",
        sa.Column("name", key(40), nullable=False),
        sa.Column("etag", sa.Unicode(500), nullable=False),
        sa.Column("last_modified", sa.Unicode(100), nullable=False),
        sa.Column("content_hash", key(100), nullable=False),
        sa.Column("items", LONG_TEXT, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=True),
        sa.Column("checked_at", UTC_TIME, nullable=True),
        sa.Column("failing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_feed"),
    )


def add_to_tables_of_before() -> None:
    def add(table: str, name: str, of: sa.types.TypeEngine[object], default: object) -> None:
        op.add_column(table, sa.Column(name, of, nullable=False, server_default=default))  # type: ignore[arg-type]

    op.add_column("citizen", sa.Column("default_chosen_at", UTC_TIME, nullable=True))
    op.add_column("citizen", sa.Column("erased_at", UTC_TIME, nullable=True))
    add("binding", "nickname", sa.Unicode(40), "")
    add("binding", "is_default", sa.Boolean(), sa.false())
    add("binding", "invited_by", key(64), "")
    add("submission", "sealed", LONG_TEXT, "")
    add("submission", "holds", key(8), "plain")
    op.create_index("ix_binding_invited_by", "binding", ["invited_by", "acct_no"])
    op.create_index("ix_binding_ended_at", "binding", ["ended_at"])
    op.create_index("ix_submission_holds", "submission", ["holds", "updated_at"])
    op.create_index("ix_photo_purpose", "photo", ["purpose", "kept_at"])
    op.create_index("ix_notice_created_at", "notice", ["created_at"])
    op.create_index("ix_proof_failure_failed_at", "proof_failure", ["failed_at"])


def create_invite() -> None:
    op.create_table(
        "invite",
        sa.Column("fingerprint", key(100), nullable=False),
        citizen_of("invite", "invited_by"),
        sa.Column("acct_no", key(20), nullable=False),
        sa.Column("role", key(20), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("state", key(12), nullable=False),
        sa.Column("used_by", key(64), nullable=False),
        sa.Column("used_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_invite"),
    )
    op.create_index("ix_invite_invited_by", "invite", ["invited_by", "acct_no", "state"])
    op.create_index("ix_invite_expires_at", "invite", ["expires_at"])


def create_passwords() -> None:
    op.create_table(
        "query_password",
        citizen_of("query_password"),
        sa.Column("hashed", key(255), nullable=False),
        sa.Column("set_at", UTC_TIME, nullable=True),
        sa.Column("forgiven_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", name="pk_query_password"),
    )
    op.create_table(
        "password_failure",
        citizen_of("password_failure"),
        sa.Column("failure_key", key(200), nullable=False),
        sa.Column("failed_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "failure_key", name="pk_password_failure"),
    )
    op.create_index("ix_password_failure_openid", "password_failure", ["openid", "failed_at"])
    op.create_index("ix_password_failure_failed_at", "password_failure", ["failed_at"])


def create_consents_and_subscriptions() -> None:
    op.create_table(
        "withdrawn_consent",
        citizen_of("withdrawn_consent"),
        sa.Column("purpose", key(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.Column("withdrawn_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint(
            "openid", "purpose", "version", "given_at", name="pk_withdrawn_consent"
        ),
    )
    op.create_index("ix_withdrawn_consent_withdrawn_at", "withdrawn_consent", ["withdrawn_at"])
    op.create_table(
        "subscription",
        citizen_of("subscription"),
        sa.Column("topic", key(20), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("openid", "topic", name="pk_subscription"),
    )


def downgrade() -> None:
    for table in (
        "feed",
        "subscription",
        "withdrawn_consent",
        "password_failure",
        "query_password",
        "invite",
    ):
        op.drop_table(table)
    for index, table in (
        ("ix_proof_failure_failed_at", "proof_failure"),
        ("ix_notice_created_at", "notice"),
        ("ix_photo_purpose", "photo"),
        ("ix_submission_holds", "submission"),
        ("ix_binding_ended_at", "binding"),
        ("ix_binding_invited_by", "binding"),
    ):
        op.drop_index(index, table)
    for table, columns in (
        ("submission", ("holds", "sealed")),
        ("binding", ("invited_by", "is_default", "nickname")),
        ("citizen", ("erased_at", "default_chosen_at")),
    ):
        for column in columns:
            op.drop_column(table, column, mssql_drop_default=True)
