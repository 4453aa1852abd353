"""Runs migrations on the connection that backends/records/schema.py hands over, or, from the
alembic command line, on WATERDESK_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection

from backends.records.tables import metadata
from backends.sql import open_engine

STATEMENT_TIMEOUT_S = 60.0


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def migrate_from_command_line() -> None:
    engine = open_engine(
        os.environ["WATERDESK_DATABASE_URL"],
        pool_size=1,
        statement_timeout_s=STATEMENT_TIMEOUT_S,
        owned=True,
    )
    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


if "connection" in context.config.attributes:
    migrate(context.config.attributes["connection"])
else:
    migrate_from_command_line()
