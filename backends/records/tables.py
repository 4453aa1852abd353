"""The platform's own tables. Migrations in migrations/ make them; a test compares the two."""

from backends.records.base import metadata
from backends.records.tables_citizens import binding, citizen, consent, proof_failure
from backends.records.tables_outbox import event_cursor, lane, notice
from backends.records.tables_submissions import photo, submission

__all__ = [
    "binding",
    "citizen",
    "consent",
    "event_cursor",
    "lane",
    "metadata",
    "notice",
    "photo",
    "proof_failure",
    "submission",
]
