"""Citizens, consents, bindings 绑定, failed proofs of ownership.

One active binding per citizen and account, on every database: `ended_seq` is 0 while a binding is
active and the row's own id once it has ended, and (openid, acct_no, ended_seq) is unique. A
nullable key would not do (SQL Server allows one NULL only, the others many), nor would a filtered
index (SQL Server then refuses writes from sessions whose SET options differ, as with FreeTDS).
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from backends.records.base import ACCT_NO, BIG_KEY, OPENID, metadata
from backends.records.columns import UtcTime, exact_text

citizen = Table(
    "citizen",
    metadata,
    Column("openid", OPENID, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("followed_at", UtcTime, nullable=True),
    # Set while the citizen has unsubscribed: no push may follow.
    Column("left_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("openid"),
)

consent = Table(
    "consent",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("purpose", exact_text(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("given_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "purpose", "version"),
)

binding = Table(
    "binding",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("role", exact_text(20), nullable=False),
    Column("factor", exact_text(20), nullable=False),
    Column("bill_type", exact_text(20), nullable=False),
    Column("bound_at", UtcTime, nullable=False),
    # When role, factor and bill type were last given: an old effect replayed must not undo a new.
    Column("changed_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=True),
    Column("ended_seq", BIG_KEY, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("openid", "acct_no", "ended_seq"),
    Index("ix_binding_acct_no", "acct_no", "role"),
)

proof_failure = Table(
    "proof_failure",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("failure_key", exact_text(200), nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "failure_key"),
    Index("ix_proof_failure_openid", "openid", "failed_at"),
)
