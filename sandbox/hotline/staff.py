"""What the hotline's staff do: move a ticket on, merge two, publish an outage. The platform learns
of a ticket's changes by events."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sandbox.hotline.nearby import OPEN
from sandbox.hotline.places import bare_words
from sandbox.hotline.report import Malformed
from sandbox.hotline.store import HotlineStore, next_number, stamp, tell

# From where a state may be reached. Steps may be left out: a crew that is there already works.
_BEFORE = {
    "assigned": ("new",),
    "on_way": ("new", "assigned"),
    "working": ("new", "assigned", "on_way"),
    "done": OPEN,
    "closed": ("done",),
    "returned": OPEN,
    "cancelled": OPEN,
}
_WITH_REASON = ("returned", "cancelled")


class NoSuch(LookupError):
    pass


class NotNow(RuntimeError):
    """The ticket's state does not allow it."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """An outage: `area` is what citizens read. It covers a circle, or every address that holds
    `word` (a street), or both."""

    kind: str
    area: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    word: str = ""


def move(store: HotlineStore, ticket_no: str, state: str, text: str, now: datetime) -> None:
    if state not in _BEFORE:
        raise Malformed("state must be one of " + ", ".join(_BEFORE))
    if state in _WITH_REASON and not text.strip():
        raise Malformed(f"{state} needs a text that the citizen can read")
    with store.writing() as db:
        ticket = _ticket(db, ticket_no)
        if ticket["state"] not in _BEFORE[state]:
            raise NotNow(f"a ticket that is {ticket['state']} cannot become {state}")
        if ticket["kind"] != "fault":
            _check_answer(ticket["kind"], state, text)
        _set_state(db, ticket_no, state, now)
        tell(db, "ticket_changed", ticket_no, {"state": state, "text": text.strip()}, now)


def join(store: HotlineStore, ticket_no: str, into: str, now: datetime) -> None:
    """`into` takes over everybody who reported `ticket_no`."""
    with store.writing() as db:
        ticket, target = _ticket(db, ticket_no), _ticket(db, into)
        if ticket_no == into:
            raise NotNow("a ticket cannot be joined into itself")
        if ticket["state"] not in OPEN or target["state"] not in OPEN:
            raise NotNow("both tickets must be open")
        if not ticket["kind"] == target["kind"] == "fault":
            raise NotNow("only faults are joined")
        _set_state(db, ticket_no, "joined", now)
        db.execute("UPDATE ticket SET joined_into = ? WHERE ticket_no = ?", (into, ticket_no))
        db.execute(
            "UPDATE ticket SET urges = urges + ? WHERE ticket_no = ?", (ticket["urges"], into)
        )
        tell(db, "ticket_joined", ticket_no, {"into": into}, now)


def publish(store: HotlineStore, announcement: Announcement, now: datetime) -> str:
    _check(announcement)
    word = bare_words(announcement.word)
    row = {
        **asdict(announcement),
        "word": word,
        "starts_at": stamp(announcement.starts_at),
        "ends_at": stamp(announcement.ends_at),
    }
    with store.writing() as db:
        outage_no = next_number(db, "outage", f"TS{now:%Y%m%d}", 3)
        names = ", ".join(("outage_no", *row))
        marks = ", ".join("?" * (len(row) + 1))
        db.execute(
            f"INSERT INTO outage ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            (outage_no, *row.values()),
        )
    return outage_no


def end(store: HotlineStore, outage_no: str, now: datetime) -> None:
    with store.writing() as db:
        done = db.execute(
            "UPDATE outage SET ended_at = ? WHERE outage_no = ? AND ended_at IS NULL",
            (stamp(now), outage_no),
        )
        if done.rowcount == 0:
            raise NoSuch("no outage with this number is published")


def tickets(store: HotlineStore, limit: int = 200) -> list[dict[str, Any]]:
    """Newest first, each with who reported it and the photos."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT * FROM ticket ORDER BY opened_at DESC, ticket_no DESC LIMIT ?", (limit,)
        ).fetchall()
        return [_whole(db, row) for row in rows]


def ticket(store: HotlineStore, ticket_no: str) -> dict[str, Any]:
    with store.reading() as db:
        return _whole(db, _ticket(db, ticket_no))


def outages(store: HotlineStore) -> list[dict[str, Any]]:
    """Newest first, those that have ended included."""
    with store.reading() as db:
        rows = db.execute("SELECT * FROM outage ORDER BY outage_no DESC").fetchall()
    return [dict(row) for row in rows]


def _check(announcement: Announcement) -> None:
    circle = (announcement.lat, announcement.lon, announcement.radius_m)
    if announcement.kind not in ("planned", "emergency"):
        raise Malformed("kind must be planned or emergency")
    if not announcement.area.strip() or not announcement.reason.strip():
        raise Malformed("area and reason are what citizens read: neither may be empty")
    if announcement.ends_at <= announcement.starts_at:
        raise Malformed("ends_at must be later than starts_at")
    if None in circle and not bare_words(announcement.word):
        raise Malformed("say where: lat, lon and radius_m, or word")


def _check_answer(kind: str, state: str, text: str) -> None:
    if state == "on_way":
        raise NotNow(f"a {kind} cannot become {state}")
    if state == "done" and not text.strip():
        raise Malformed("done needs the reply that the citizen can read")


def _ticket(db: sqlite3.Connection, ticket_no: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM ticket WHERE ticket_no = ?", (ticket_no,)
    ).fetchone()
    if row is None:
        raise NoSuch("no ticket with this number")
    return row


def _set_state(db: sqlite3.Connection, ticket_no: str, state: str, now: datetime) -> None:
    db.execute(
        "UPDATE ticket SET state = ?, changed_at = ? WHERE ticket_no = ?",
        (state, stamp(now), ticket_no),
    )


def _whole(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """With the requests of the tickets that were joined into it."""
    found = db.execute(
        "WITH RECURSIVE mine (ticket_no) AS (VALUES (?) UNION"
        " SELECT t.ticket_no FROM ticket t JOIN mine ON t.joined_into = mine.ticket_no)"
        " SELECT * FROM request WHERE ticket_no IN (SELECT ticket_no FROM mine)"
        " ORDER BY taken_at, rowid",
        (row["ticket_no"],),
    ).fetchall()
    requests = [
        {
            "number": one["number"],
            "kind": one["kind"],
            "acct_no": one["acct_no"],
            "payload": json.loads(one["payload"]),
            "at": one["at"],
            "files": [
                dict(file)
                for file in db.execute(
                    "SELECT photo_id, sha256, mime, size_bytes, url FROM file WHERE number = ?"
                    " ORDER BY file_no",
                    (one["number"],),
                )
            ],
        }
        for one in found
    ]
    return {**dict(row), "requests": requests}
