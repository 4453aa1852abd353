"""What the website has published: a small SQLite database, one connection, any thread."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notice (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS quality (
    date TEXT, plant TEXT, kind TEXT, item TEXT, body TEXT NOT NULL,
    PRIMARY KEY (date, plant, kind, item));
CREATE TABLE IF NOT EXISTS changed (feed TEXT PRIMARY KEY, at TEXT NOT NULL);
"""
_WAIT_S = 10.0

Item = Mapping[str, Any]


class WebsiteStore:
    """Items are those of the contract, without their `url`."""

    def __init__(self, path: Path | str) -> None:
        """A file, or ":memory:"."""
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=_WAIT_S, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def notices(self) -> list[dict[str, Any]]:
        """Newest number first."""
        with self._lock:
            rows = self._db.execute("SELECT body FROM notice ORDER BY id DESC").fetchall()
        return [json.loads(body) for (body,) in rows]

    def put_notice(self, notice: Item, now: datetime) -> None:
        with self._lock, self._db:
            values = (notice["id"], _text(notice))
            self._db.execute("INSERT OR REPLACE INTO notice VALUES (?, ?)", values)
            self._note("outages", now)

    def next_id(self, head: str) -> str:
        with self._lock:
            (last,) = self._db.execute(
                "SELECT max(id) FROM notice WHERE id LIKE ?", (f"{head}%",)
            ).fetchone()
        return f"{head}{int(last[len(head) :] if last else 0) + 1:03d}"

    def quality(self) -> list[dict[str, Any]]:
        """Latest day first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM quality ORDER BY date DESC, plant, kind, rowid"
            ).fetchall()
        return [json.loads(body) for (body,) in rows]

    def put_quality(self, values: Iterable[Item], now: datetime) -> None:
        with self._lock, self._db:
            for one in values:
                key = (one["date"], one["plant"], one["kind"], one["item"])
                self._db.execute(
                    "INSERT OR REPLACE INTO quality VALUES (?,?,?,?,?)", (*key, _text(one))
                )
            self._note("quality", now)

    def changed_at(self, feed: str) -> datetime | None:
        with self._lock:
            row = self._db.execute("SELECT at FROM changed WHERE feed = ?", (feed,)).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _note(self, feed: str, now: datetime) -> None:
        self._db.execute("INSERT OR REPLACE INTO changed VALUES (?, ?)", (feed, now.isoformat()))


def _text(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False)
