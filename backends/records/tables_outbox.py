"""What the worker needs to go on: lanes 队列 of what waits, notices 通知, cursors of events."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from backends.records.base import ACCT_NO, BIG_KEY, OPENID, metadata
from backends.records.columns import JsonText, UtcTime, exact_text

WORKER = exact_text(64)

lane = Table(
    "lane",
    metadata,
    # An outside system for submissions, "notices" for notices.
    Column("queue", exact_text(12), nullable=False),
    Column("lane", OPENID, nullable=False),
    # When its head may be taken: when that is due or, while somebody holds it, when the hold ends.
    Column("due_at", UtcTime, nullable=False),
    # What is held, and by whom; 0 and empty while nobody does.
    Column("item_id", BigInteger, nullable=False),
    Column("held_by", WORKER, nullable=False),
    PrimaryKeyConstraint("queue", "lane"),
    Index("ix_lane_queue", "queue", "due_at"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("kind", exact_text(40), nullable=False),
    Column("notice_key", exact_text(100), nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("view_values", JsonText, nullable=False),
    Column("state", exact_text(12), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("kind", "notice_key", "openid"),
    Index("ix_notice_openid", "openid", "state", "id"),
    Index("ix_notice_state", "state", "id"),
    Index("ix_notice_created_at", "created_at"),
)

event_cursor = Table(
    "event_cursor",
    metadata,
    Column("name", exact_text(40), nullable=False),
    # The last event taken in.
    Column("position", BigInteger, nullable=False),
    Column("held_by", WORKER, nullable=False),
    Column("held_until", UtcTime, nullable=False),
    PrimaryKeyConstraint("name"),
)
