"""What the hotline knows of a place: published outages, open tickets of a fault."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from sandbox.hotline.places import NEAR_M, Spot, bare_words, distance_m, for_the_public, same_place
from sandbox.hotline.store import HotlineStore

# Troubles of the network, which neighbours share. A meter, a pipe indoors and whom somebody
# accuses are one household's: they are shown to nobody and joined to nothing.
SHARED = ("BURST", "NOWATER_AREA", "QUALITY", "LEAK_PUBLIC", "PRESSURE", "VALVE_BOX")
OPEN = ("new", "assigned", "on_way", "working")
MOST_TICKETS = 5
_SOON = timedelta(hours=24)
_DEGREES = 2 * NEAR_M / 111_000


def nearby(store: HotlineStore, fault: str, spot: Spot, now: datetime) -> dict[str, Any]:
    with store.reading() as db:
        outages = [_outage(row) for row in _published(db, now) if _covers(row, spot)]
        tickets = [_ticket(row, apart_m) for row, apart_m in open_tickets(db, fault, spot)]
    return {"outages": outages, "tickets": tickets[:MOST_TICKETS]}


def open_tickets(
    db: sqlite3.Connection, fault: str, spot: Spot
) -> list[tuple[sqlite3.Row, int | None]]:
    """Nearest first: the same address without a point counts as no distance at all."""
    if fault not in SHARED:
        return []
    rows = db.execute(
        f"SELECT * FROM ticket WHERE fault = ? AND state IN ({', '.join('?' * len(OPEN))})"  # noqa: S608
        " AND (street = ? OR abs(lat - ?) < ?)",
        (fault, *OPEN, spot.key, spot.lat, _DEGREES),
    ).fetchall()
    near = [(row, distance_m(spot, _spot(row))) for row in rows if same_place(spot, _spot(row))]
    return sorted(near, key=lambda found: (found[1] or 0, found[0]["ticket_no"]))


def _spot(row: sqlite3.Row) -> Spot:
    return Spot(row["place"], row["lat"], row["lon"])


def _published(db: sqlite3.Connection, now: datetime) -> list[sqlite3.Row]:
    rows = db.execute(
        "SELECT * FROM outage WHERE ended_at IS NULL ORDER BY starts_at, outage_no"
    ).fetchall()
    return [
        row
        for row in rows
        if datetime.fromisoformat(row["starts_at"]) <= now + _SOON
        and now < datetime.fromisoformat(row["ends_at"])
    ]


def _covers(row: sqlite3.Row, spot: Spot) -> bool:
    if row["word"] and row["word"] in bare_words(spot.text):
        return True
    if row["radius_m"] is None:
        return False
    apart_m = distance_m(spot, Spot("", row["lat"], row["lon"]))
    return apart_m is not None and apart_m <= row["radius_m"]


def _outage(row: sqlite3.Row) -> dict[str, Any]:
    shown = ("outage_no", "kind", "area", "reason", "starts_at", "ends_at")
    return {name: row[name] for name in shown}


def _ticket(row: sqlite3.Row, apart_m: int | None) -> dict[str, Any]:
    return {
        "ticket_no": row["ticket_no"],
        "fault": row["fault"],
        "place": for_the_public(row["place"]),
        "opened_at": row["opened_at"],
        "distance_m": apart_m,
    }
