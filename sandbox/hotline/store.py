"""The stand-in's own database (SQLite): one connection, one transaction at a time, any thread.

Functions of the other modules take the connection that `reading` or `writing` hands out.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS ticket (
    ticket_no TEXT PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'fault',
    topic TEXT NOT NULL DEFAULT '', fault TEXT NOT NULL, urgency TEXT NOT NULL, side TEXT NOT NULL,
    acct_no TEXT NOT NULL, place TEXT NOT NULL, street TEXT NOT NULL, lat REAL, lon REAL,
    details TEXT NOT NULL, state TEXT NOT NULL, joined_into TEXT NOT NULL DEFAULT '',
    urges INTEGER NOT NULL DEFAULT 0, score INTEGER, words TEXT NOT NULL DEFAULT '',
    opened_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ticket_open ON ticket (fault, state);
CREATE TABLE IF NOT EXISTS request (
    number TEXT PRIMARY KEY, kind TEXT NOT NULL, print TEXT NOT NULL, ticket_no TEXT NOT NULL,
    joined INTEGER NOT NULL, acct_no TEXT NOT NULL, payload TEXT NOT NULL, at TEXT NOT NULL,
    taken_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS request_ticket ON request (ticket_no);
CREATE TABLE IF NOT EXISTS file (
    number TEXT NOT NULL, file_no INTEGER NOT NULL, photo_id TEXT NOT NULL, sha256 TEXT NOT NULL,
    mime TEXT NOT NULL, size_bytes INTEGER NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY (number, file_no));
CREATE TABLE IF NOT EXISTS event (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL,
    ext_no TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outage (
    outage_no TEXT PRIMARY KEY, kind TEXT NOT NULL, area TEXT NOT NULL, reason TEXT NOT NULL,
    starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, lat REAL, lon REAL, radius_m INTEGER,
    word TEXT NOT NULL, ended_at TEXT);
"""
# Of a file that an earlier version has left.
_SINCE = {"kind": "TEXT NOT NULL DEFAULT 'fault'", "topic": "TEXT NOT NULL DEFAULT ''"}
_WAIT_S = 10.0


class HotlineStore:
    def __init__(self, path: Path | str) -> None:
        """A file, or ":memory:"."""
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)
        there = {row["name"] for row in self._connection.execute("PRAGMA table_info(ticket)")}
        for name in _SINCE.keys() - there:
            self._connection.execute(f"ALTER TABLE ticket ADD COLUMN {name} {_SINCE[name]}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it, or nothing when the block raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def tell(
    db: sqlite3.Connection, kind: str, ext_no: str, data: Mapping[str, Any], now: datetime
) -> None:
    """Appends an event. Its id becomes visible with the transaction, in rising order."""
    db.execute(
        "INSERT INTO event (kind, at, ext_no, data) VALUES (?, ?, ?, ?)",
        (kind, stamp(now), ext_no, json.dumps(data, ensure_ascii=False)),
    )


def next_number(db: sqlite3.Connection, table: str, head: str, digits: int) -> str:
    """`head` and the next running number of those that begin with it."""
    column = f"{table}_no"
    (last,) = db.execute(
        f"SELECT max({column}) FROM {table} WHERE {column} LIKE ?",  # noqa: S608 - our own names
        (f"{head}%",),
    ).fetchone()
    return f"{head}{int(last[len(head) :] if last else 0) + 1:0{digits}d}"


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
