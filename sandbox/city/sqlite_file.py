"""Fast loading of a SQLite file: built beside the target without a journal, then moved into place.

A build that dies leaves the old city untouched. The finished file is in plain DELETE journal mode.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from sandbox.city.sink import Columns, TextTimes, table_named, text_rows

_CACHE_KIB = 96 * 1024


class SqliteSink:
    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._times = TextTimes()

    def write(self, table: str, columns: Columns) -> None:
        target = table_named(table)
        names = ", ".join(f'"{column.name}"' for column in target.columns)
        marks = ", ".join("?" * len(target.columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        for rows in text_rows(target, columns, self._times):
            self._raw.executemany(statement, rows)


@contextmanager
def sqlite_target(path: Path) -> Iterator[tuple[Connection, SqliteSink]]:
    """The connection and the sink of a new file, which replaces `path` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".building")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft, check_same_thread=False)) as raw:
            _tune(raw)
            engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
            try:
                with engine.connect() as connection:
                    yield connection, SqliteSink(raw)
                    connection.commit()
            finally:
                engine.dispose()
        _settle(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _tune(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA page_size = 8192")
    raw.execute("PRAGMA journal_mode = OFF")
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA locking_mode = EXCLUSIVE")
    raw.execute("PRAGMA temp_store = FILE")
    raw.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _settle(draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.execute("PRAGMA synchronous = FULL")
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
