"""The schema of the platform's own database: `upgrade(url)` brings it to this release, `pending`
says whether that is still to be done. Called by `waterdesk db upgrade`, the readiness page, tests.
"""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from backends.database import Database, open_database
from backends.errors import BackendUnavailable
from backends.sql import begin_writing, sqlite_path

MIGRATIONS = Path(__file__).parents[2] / "migrations"
UPGRADE_TIMEOUT_S = 60.0
CHECK_TIMEOUT_S = 3.0
LOCK_WAIT_S = 0.05
UPGRADE_LOCK = 0x57A7E2DE5C


def upgrade(url: str) -> None:
    """Creates what is missing, or nothing when all is there; all of it, or nothing at all."""
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = _open(url, UPGRADE_TIMEOUT_S)
    try:
        if path is not None:
            _log_ahead(database.engine)
        with database.engine.begin() as connection:
            _upgrade(connection)
    except DBAPIError as error:
        # Unlike elsewhere the driver's words are told: they name tables and rights, not citizens.
        raise BackendUnavailable("records", 0, f"upgrade refused: {error.orig}") from error
    finally:
        database.close()


def pending(url: str) -> bool:
    """True when `upgrade` has something to do. Raises BackendUnavailable when nobody answers."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return True
    database = _open(url, CHECK_TIMEOUT_S)
    try:
        return database.read(_is_pending)
    finally:
        database.close()


def _log_ahead(engine: Engine) -> None:
    """Readers and the one writer of a SQLite file then do not wait for each other. Unlike other
    statements this one does not wait for a lock but fails, so it is tried again."""
    for attempt in Retrying(
        retry=retry_if_exception(_is_locked),
        stop=stop_after_delay(UPGRADE_TIMEOUT_S),
        wait=wait_fixed(LOCK_WAIT_S),
        reraise=True,
    ):
        with attempt, engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _upgrade(connection: Connection) -> None:
    begin_writing(connection)
    if connection.dialect.name == "postgresql":
        # Two nodes deployed at once: the second waits, then finds nothing to do.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
    if _is_pending(connection):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _is_locked(error: BaseException) -> bool:
    original = error.orig if isinstance(error, OperationalError) else None
    return isinstance(original, sqlite3.Error) and "locked" in str(original)


def _is_pending(connection: Connection) -> bool:
    """A revision unknown here was made by a newer release, which this one must run beside."""
    scripts = ScriptDirectory.from_config(_config())
    known = {script.revision for script in scripts.walk_revisions()}
    current = set(MigrationContext.configure(connection).get_current_heads())
    return current <= known and current != set(scripts.get_heads())


def _config() -> Config:
    return Config(MIGRATIONS / "alembic.ini")


def _open(url: str, statement_timeout_s: float) -> Database:
    return open_database(
        "records", url, pool_size=1, statement_timeout_s=statement_timeout_s, owned=True
    )
