"""Photos 照片 and submissions 业务申请.

Each index serves one look-up, and its first columns leave out what is long done. Names avoid the
words that SQL Server keeps for itself (key, print): a clerk types them without brackets.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Unicode,
    UniqueConstraint,
)

from backends.records.base import ACCT_NO, BIG_KEY, OPENID, metadata
from backends.records.columns import JsonText, LongText, UtcTime, exact_text

MOST_ERROR = 500
PRIVATE, PLAIN, BARE = "private", "plain", "bare"

photo = Table(
    "photo",
    metadata,
    Column("photo_id", exact_text(64), nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("purpose", exact_text(20), nullable=False),
    Column("sha256", exact_text(64), nullable=False),
    Column("mime", exact_text(40), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("print_hash", exact_text(64), nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    # Empty until a submission is made with it.
    Column("submission_no", exact_text(20), nullable=False),
    PrimaryKeyConstraint("photo_id"),
    Index("ix_photo_openid", "openid", "kept_at"),
    Index("ix_photo_acct_no", "acct_no", "kept_at"),
    Index("ix_photo_sha256", "sha256"),
    Index("ix_photo_purpose", "purpose", "kept_at"),
)

submission = Table(
    "submission",
    metadata,
    # Within a lane ids rise in the order of commits: whoever adds one holds the lane (lanes.py).
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("number", exact_text(20), nullable=False),
    Column("submission_key", exact_text(200), nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("kind", exact_text(20), nullable=False),
    Column("system", exact_text(12), nullable=False),
    Column("lane", OPENID, nullable=False),
    Column("state", exact_text(20), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("photo_ids", JsonText, nullable=False),
    Column("parent_no", exact_text(20), nullable=False),
    Column("ext_no", exact_text(64), nullable=False),
    Column("result", JsonText, nullable=True),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=True),
    # Failed tries so far, and not before when the next one: both matter only while queued.
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", UtcTime, nullable=False),
    Column("last_error", Unicode(MOST_ERROR), nullable=False),
    Column("sealed", LongText, nullable=False, server_default=""),
    # What there is to forget: "private" values and all, "plain" without those, "bare" nothing.
    Column("holds", exact_text(8), nullable=False, server_default="plain"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("number"),
    UniqueConstraint("submission_key"),
    Index("ix_submission_system", "system", "state", "lane", "id"),
    Index("ix_submission_state", "state", "id"),
    Index("ix_submission_openid", "openid", "created_at", "id"),
    Index("ix_submission_acct_no", "acct_no", "kind", "created_at", "id"),
    Index("ix_submission_ext_no", "ext_no", "system"),
    Index("ix_submission_holds", "holds", "updated_at"),
)
