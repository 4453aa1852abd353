"""The platform's own tables. Migrations in migrations/ make them; a test compares the two."""

from backends.records.base import metadata
from backends.records.tables_citizens import (
    citizen,
    consent,
    password_failure,
    proof_failure,
    query_password,
    subscription,
    withdrawn_consent,
)
from backends.records.tables_feeds import feed
from backends.records.tables_links import binding, invite
from backends.records.tables_outbox import event_cursor, lane
from backends.records.tables_payments import pay_hold, pay_item, pay_order, pay_refund
from backends.records.tables_pushes import (
    acceptance,
    job_run,
    notification,
    push_result,
    push_run,
    subscription_answer,
)
from backends.records.tables_statements import difference, statement, statement_row
from backends.records.tables_submissions import photo, submission

__all__ = [
    "acceptance",
    "binding",
    "citizen",
    "consent",
    "difference",
    "event_cursor",
    "feed",
    "invite",
    "job_run",
    "lane",
    "metadata",
    "notification",
    "password_failure",
    "pay_hold",
    "pay_item",
    "pay_order",
    "pay_refund",
    "photo",
    "proof_failure",
    "push_result",
    "push_run",
    "query_password",
    "statement",
    "statement_row",
    "submission",
    "subscription",
    "subscription_answer",
    "withdrawn_consent",
]
