"""The schema of the platform's own database: `upgrade(url)` brings it to this release, `pending`
says whether that is still to be done. Called by `waterdesk db upgrade`, the readiness page, tests.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from backends.database import Database, open_database
from backends.errors import BackendUnavailable
from backends.sql import begin_writing, sqlite_path

MIGRATIONS = Path(__file__).parents[2] / "migrations"
UPGRADE_TIMEOUT_S = 60.0
CHECK_TIMEOUT_S = 3.0
UPGRADE_LOCK = 0x57A7E2DE5C


def upgrade(url: str) -> None:
    """Creates what is missing, or nothing when all is there; all of it, or nothing at all."""
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = _open(url, UPGRADE_TIMEOUT_S)
    try:
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


def _upgrade(connection: Connection) -> None:
    begin_writing(connection)
    if connection.dialect.name == "postgresql":
        # Two nodes deployed at once: the second waits, then finds nothing to do.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
    if _is_pending(connection):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
