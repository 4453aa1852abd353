"""What WeChat Pay remembers (SQLite): one connection, one transaction at a time, any thread. Money
is whole fen, times are seconds of the sandbox's clock.

Functions of the other modules take the connection that `reading` or `writing` hands out.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trade (
    out_trade_no TEXT PRIMARY KEY, print TEXT NOT NULL, openid TEXT NOT NULL,
    total_fen INTEGER NOT NULL, description TEXT NOT NULL, attach TEXT NOT NULL,
    notify_url TEXT NOT NULL, made_at REAL NOT NULL, expires_at REAL NOT NULL, closed_at REAL,
    prepay_id TEXT NOT NULL, prepay_until REAL NOT NULL, transaction_id TEXT, paid_at REAL,
    refunded INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS trade_prepay ON trade (prepay_id);
CREATE UNIQUE INDEX IF NOT EXISTS trade_transaction ON trade (transaction_id);
CREATE INDEX IF NOT EXISTS trade_paid ON trade (paid_at);
CREATE TABLE IF NOT EXISTS refund (
    out_refund_no TEXT PRIMARY KEY, print TEXT NOT NULL, refund_id TEXT NOT NULL UNIQUE,
    out_trade_no TEXT NOT NULL, amount_fen INTEGER NOT NULL, reason TEXT NOT NULL,
    notify_url TEXT NOT NULL, status TEXT NOT NULL, channel TEXT NOT NULL, made_at REAL NOT NULL,
    due_at REAL NOT NULL, outcome TEXT NOT NULL, succeeded_at REAL);
CREATE INDEX IF NOT EXISTS refund_trade ON refund (out_trade_no);
CREATE INDEX IF NOT EXISTS refund_due ON refund (status, due_at);
CREATE INDEX IF NOT EXISTS refund_succeeded ON refund (succeeded_at);
CREATE TABLE IF NOT EXISTS notice (
    notice_no INTEGER PRIMARY KEY AUTOINCREMENT, notice_id TEXT NOT NULL, event_type TEXT NOT NULL,
    about TEXT NOT NULL, plain TEXT NOT NULL, url TEXT NOT NULL, made_at REAL NOT NULL,
    due_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting');
CREATE INDEX IF NOT EXISTS notice_due ON notice (state, due_at);
"""
_WAIT_S = 10.0


class PayStore:
    def __init__(self, path: Path | str) -> None:
        """A file, or ":memory:"."""
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        # It must survive the end of the sandbox, not that of the machine.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)

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
