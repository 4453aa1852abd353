"""Fixtures that the contract tests share."""

from tests.databases import (
    database_url,
    postgres_server,
    shared_database_url,
    shared_records_url,
    upgraded_url,
)

__all__ = [
    "database_url",
    "postgres_server",
    "shared_database_url",
    "shared_records_url",
    "upgraded_url",
]
