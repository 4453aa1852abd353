"""The last good state of each feed of the utility's website."""

from sqlalchemy import Boolean, Column, PrimaryKeyConstraint, Table, Unicode

from backends.records.base import metadata
from backends.records.columns import JsonText, UtcTime, exact_text

LONGEST_ETAG, LONGEST_DATE = 500, 100

feed = Table(
    "feed",
    metadata,
    Column("name", exact_text(40), nullable=False),
    Column("etag", Unicode(LONGEST_ETAG), nullable=False),
    Column("last_modified", Unicode(LONGEST_DATE), nullable=False),
    Column("content_hash", exact_text(100), nullable=False),
    Column("items", JsonText, nullable=False),
    Column("changed_at", UtcTime, nullable=True),
    Column("checked_at", UtcTime, nullable=True),
    Column("failing", Boolean, nullable=False),
    PrimaryKeyConstraint("name"),
)
