"""What WeChat Pay tells by itself: kept until the server has taken it or all tries are used up."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
}
# After a failed try; fifteen repetitions in 24 hours and 4 minutes.
SCHEDULE_S = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, *(3 * [10_800]), *(2 * [21_600]))


@dataclass(frozen=True, slots=True)
class Notice:
    """`about`: the order's or the refund's number. `tries`: how often it was sent before."""

    notice_no: int
    notice_id: str
    event_type: str
    about: str
    plain: str
    url: str
    made_at: float
    tries: int

    @property
    def original_type(self) -> str:
        return "transaction" if self.event_type.startswith("TRANSACTION") else "refund"


@dataclass(frozen=True, slots=True)
class Fresh:
    notice_id: str
    event_type: str
    about: str
    plain: Mapping[str, Any]
    url: str
    made_at: float
    due_at: float


def queue(db: sqlite3.Connection, fresh: Fresh) -> None:
    db.execute(
        "INSERT INTO notice (notice_id, event_type, about, plain, url, made_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            fresh.notice_id,
            fresh.event_type,
            fresh.about,
            json.dumps(fresh.plain, ensure_ascii=False),
            fresh.url,
            fresh.made_at,
            fresh.due_at,
        ),
    )


def due(db: sqlite3.Connection, now: float, busy: frozenset[int]) -> Notice | None:
    """The earliest one that nobody is at."""
    rows = db.execute(
        "SELECT * FROM notice WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT ?",
        (now, len(busy) + 1),
    )
    row = next((row for row in rows if row["notice_no"] not in busy), None)
    if row is None:
        return None
    return Notice(**{name: row[name] for name in Notice.__dataclass_fields__})


def waiting(db: sqlite3.Connection) -> int:
    (count,) = db.execute("SELECT count(*) FROM notice WHERE state = 'waiting'").fetchone()
    return int(count)


def taken(db: sqlite3.Connection, notice: Notice) -> None:
    _end(db, notice, "taken")


def lost(db: sqlite3.Connection, notice: Notice) -> None:
    _end(db, notice, "lost")


def failed(db: sqlite3.Connection, notice: Notice, now: float) -> None:
    """Due again, unless it was the last try."""
    if notice.tries >= len(SCHEDULE_S):
        _end(db, notice, "given up")
        return
    db.execute(
        "UPDATE notice SET tries = tries + 1, due_at = ? WHERE notice_no = ?",
        (now + SCHEDULE_S[notice.tries], notice.notice_no),
    )


def _end(db: sqlite3.Connection, notice: Notice, state: str) -> None:
    db.execute(
        "UPDATE notice SET tries = tries + 1, state = ? WHERE notice_no = ?",
        (state, notice.notice_no),
    )


def new_id(rng: Random) -> str:
    groups = (32, 16, 16, 16, 48)
    return "-".join(f"{rng.getrandbits(bits):0{bits // 4}x}" for bits in groups)
