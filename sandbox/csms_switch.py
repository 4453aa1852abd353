"""Breaks the exchange database of the synthetic city (SQLite): `hang` holds an exclusive lock, so
that every reader waits; `down` takes the exchange views and tables away; `ok` undoes both."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sandbox.city.schema import EXCHANGE_TABLES
from sandbox.switches import SwitchFailed

_LOCK_TIMEOUT_S = 5.0


class CsmsSwitch:
    """What was taken away is parked in the database itself, in the same transaction: a demo that
    is killed while the views are gone finds them again."""

    def __init__(self, database: Path, lock_timeout_s: float = _LOCK_TIMEOUT_S) -> None:
        self._database = database
        self._lock_timeout_s = lock_timeout_s
        self._lock_holder: sqlite3.Connection | None = None

    def set(self, state: str) -> None:
        try:
            self._release()
            if state == "down":
                self._take_away()
            else:
                self.restore()
            if state == "hang":
                self._lock_holder = self._locked()
        except sqlite3.Error as error:
            raise SwitchFailed(
                f"the city's database could not be switched ({error}): try again in a moment"
            ) from error

    def restore(self) -> None:
        with closing(self._connect()) as connection:
            if not _has_parked(connection):
                return
            connection.execute("BEGIN EXCLUSIVE")
            for (sql,) in connection.execute(
                "SELECT sql FROM sandbox_parked ORDER BY rowid"
            ).fetchall():
                connection.execute(sql)
            connection.execute("DROP TABLE sandbox_parked")
            connection.execute("COMMIT")

    def close(self) -> None:
        self._release()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._database,
            timeout=self._lock_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )

    def _locked(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            # In write-ahead mode an exclusive transaction would let readers pass.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _release(self) -> None:
        holder, self._lock_holder = self._lock_holder, None
        if holder is not None:
            holder.execute("ROLLBACK")
            holder.close()

    def _take_away(self) -> None:
        with closing(self._connect()) as connection:
            if _has_parked(connection):
                return
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("CREATE TABLE sandbox_parked (sql TEXT NOT NULL)")
            views = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'view'"
            ).fetchall()
            names = {name for name, _ in views}
            triggers = [
                sql
                for table, sql in connection.execute(
                    "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
                )
                if table in names
            ]
            for sql in [*(sql for _, sql in views), *triggers]:
                connection.execute("INSERT INTO sandbox_parked VALUES (?)", (sql,))
            for name in names:
                connection.execute(f'DROP VIEW "{name}"')
            for table in _exchange_tables(connection):
                aside = f"sandbox_parked_{table}"
                connection.execute(f"ALTER TABLE {table} RENAME TO {aside}")
                back = f"ALTER TABLE {aside} RENAME TO {table}"
                connection.execute("INSERT INTO sandbox_parked VALUES (?)", (back,))
            connection.execute("COMMIT")


def _exchange_tables(connection: sqlite3.Connection) -> list[str]:
    """Requests wait in them: they are set aside with their rows."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [table.name for table in EXCHANGE_TABLES if (table.name,) in found]


def _has_parked(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'sandbox_parked'"
    return connection.execute(query).fetchone() is not None
