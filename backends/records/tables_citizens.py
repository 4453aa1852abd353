"""Citizens, what they agree to and choose, their query passwords and failed proofs."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table

from backends.records.base import OPENID, metadata
from backends.records.columns import UtcTime, exact_text

citizen = Table(
    "citizen",
    metadata,
    Column("openid", OPENID, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("followed_at", UtcTime, nullable=True),
    # Set while the citizen has unsubscribed: no push may follow.
    Column("left_at", UtcTime, nullable=True),
    # When the default account was last chosen: an old choice replayed must not undo a new one.
    Column("default_chosen_at", UtcTime, nullable=True),
    # When the citizen's data was last deleted: what is older must not come back by a replay.
    Column("erased_at", UtcTime, nullable=True),
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

# Those withdrawn move here: what stands in `consent` holds.
withdrawn_consent = Table(
    "withdrawn_consent",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("purpose", exact_text(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("given_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "purpose", "version", "given_at"),
    Index("ix_withdrawn_consent_withdrawn_at", "withdrawn_at"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("topic", exact_text(20), nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("chosen_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "topic"),
    Index("ix_subscription_topic", "topic", "wanted", "openid"),
)

query_password = Table(
    "query_password",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    # argon2id; empty when there is none (any more).
    Column("hashed", exact_text(255), nullable=False),
    Column("set_at", UtcTime, nullable=True),
    # Failures up to then do not count.
    Column("forgiven_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid"),
)

password_failure = Table(
    "password_failure",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("failure_key", exact_text(200), nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "failure_key"),
    Index("ix_password_failure_openid", "openid", "failed_at"),
    Index("ix_password_failure_failed_at", "failed_at"),
)

proof_failure = Table(
    "proof_failure",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("failure_key", exact_text(200), nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "failure_key"),
    Index("ix_proof_failure_openid", "openid", "failed_at"),
    Index("ix_proof_failure_failed_at", "failed_at"),
)
