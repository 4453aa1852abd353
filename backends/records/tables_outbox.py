"""What the worker needs to go on: lanes 队列 of what waits, cursors of events."""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, Table

from backends.records.base import OPENID, metadata
from backends.records.columns import UtcTime, exact_text

WORKER = exact_text(64)

lane = Table(
    "lane",
    metadata,
    # An outside system.
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
