"""Takes a citizen's request once, however often it comes: a fault opens a ticket or joins one that
is open already, a complaint and an enquiry open their own; the rest goes to its ticket."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sandbox.hotline.nearby import OPEN, open_tickets
from sandbox.hotline.report import OPENING, Refused, Report
from sandbox.hotline.store import HotlineStore, next_number, stamp


@dataclass(frozen=True, slots=True)
class Taken:
    """`repeat`: the number was known. `state` is the ticket's now."""

    ticket_no: str
    joined: bool
    state: str
    repeat: bool


def take(store: HotlineStore, report: Report, now: datetime) -> Taken:
    with store.writing() as db:
        known = db.execute("SELECT * FROM request WHERE number = ?", (report.number,)).fetchone()
        if known is not None:
            return _again(db, report, known)
        if report.kind == "fault":
            ticket_no, joined = _ticket_for(db, report, now)
        elif report.kind in OPENING:
            ticket_no, joined = _open(db, report, now), False
        else:
            ticket_no, joined = _ticket_about(db, report), False
            _note(db, report, ticket_no)
        _keep(db, report, ticket_no, joined, now)
        return Taken(ticket_no, joined, _state(db, ticket_no), repeat=False)


def follow(db: sqlite3.Connection, ticket_no: str) -> sqlite3.Row | None:
    """The ticket, or the one it was joined into."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM ticket WHERE ticket_no = ?", (ticket_no,)
    ).fetchone()
    return follow(db, row["joined_into"]) if row is not None and row["joined_into"] else row


def _again(db: sqlite3.Connection, report: Report, known: sqlite3.Row) -> Taken:
    if known["print"] != report.print:
        raise Refused("number_reused", "another request has this number")
    ticket = follow(db, known["ticket_no"])
    assert ticket is not None  # noqa: S101 - tickets are never deleted
    moved = ticket["ticket_no"] != known["ticket_no"]
    joined = report.kind == "fault" and (moved or bool(known["joined"]))
    return Taken(ticket["ticket_no"], joined, ticket["state"], repeat=True)


def _ticket_for(db: sqlite3.Connection, report: Report, now: datetime) -> tuple[str, bool]:
    wanted = follow(db, report.payload["join"])
    if wanted is not None and _fits(wanted, report):
        return wanted["ticket_no"], True
    for ticket, _ in open_tickets(db, report.payload["fault"], report.spot):
        return ticket["ticket_no"], True
    return _open(db, report, now), False


def _fits(ticket: sqlite3.Row, report: Report) -> bool:
    return ticket["state"] in OPEN and ticket["fault"] == report.payload["fault"]


def _open(db: sqlite3.Connection, report: Report, now: datetime) -> str:
    ticket_no = next_number(db, "ticket", f"WO{now:%Y%m%d}", 5)
    payload, spot = report.payload, report.spot
    row = {
        "ticket_no": ticket_no,
        "kind": report.kind,
        "topic": payload.get("topic", ""),
        "fault": payload.get("fault", ""),
        "urgency": payload.get("urgency", ""),
        "side": payload.get("side", ""),
        "acct_no": report.acct_no,
        "place": spot.text,
        "street": spot.key,
        "lat": spot.lat,
        "lon": spot.lon,
        "details": payload["details"] if report.kind == "fault" else payload["text"],
        "state": "new",
        "opened_at": stamp(now),
        "changed_at": stamp(now),
    }
    marks = ", ".join("?" * len(row))
    db.execute(
        f"INSERT INTO ticket ({', '.join(row)}) VALUES ({marks})",  # noqa: S608 - our own names
        tuple(row.values()),
    )
    return ticket_no


def _ticket_about(db: sqlite3.Connection, report: Report) -> str:
    ticket = follow(db, report.about)
    if ticket is None:
        raise Refused("unknown_ticket", "about names no ticket")
    if report.kind == "rating" and ticket["state"] not in ("done", "closed"):
        raise Refused("not_done", "a ticket is rated when its work is done")
    if report.kind != "rating" and ticket["state"] not in OPEN:
        raise Refused("ticket_ended", "the ticket has ended")
    return str(ticket["ticket_no"])


def _note(db: sqlite3.Connection, report: Report, ticket_no: str) -> None:
    if report.kind == "urge":
        db.execute("UPDATE ticket SET urges = urges + 1 WHERE ticket_no = ?", (ticket_no,))
    elif report.kind == "rating":
        score, words = report.payload["score"], report.payload["words"]
        db.execute(
            "UPDATE ticket SET score = ?, words = ? WHERE ticket_no = ?", (score, words, ticket_no)
        )


def _keep(
    db: sqlite3.Connection, report: Report, ticket_no: str, joined: bool, now: datetime
) -> None:
    payload = json.dumps(report.payload, ensure_ascii=False)
    db.execute(
        "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            report.number,
            report.kind,
            report.print,
            ticket_no,
            joined,
            report.acct_no,
            payload,
            stamp(report.at),
            stamp(now),
        ),
    )
    for file_no, file in enumerate(report.files, start=1):
        db.execute(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                report.number,
                file_no,
                file.photo_id,
                file.sha256,
                file.mime,
                file.size_bytes,
                file.url,
            ),
        )


def _state(db: sqlite3.Connection, ticket_no: str) -> str:
    (state,) = db.execute("SELECT state FROM ticket WHERE ticket_no = ?", (ticket_no,)).fetchone()
    return str(state)
