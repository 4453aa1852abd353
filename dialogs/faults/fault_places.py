"""Where a fault is, and what is known of the place already.

The dialog keeps a place as {"text", "lat", "lon", "acct_no"}. Of an account's place it keeps the
masked address only: the whole one is asked for again when it is needed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backends.errors import BackendError, BackendUnavailable
from backends.ports import (
    Nearby,
    OpenTicket,
    Outage,
    OutageNotice,
    Place,
    Submission,
    SubmissionKind,
)
from dialogs import accounts
from dialogs.engine.definition import Bad, Ok, Turn
from dialogs.faults.fault_types import FAULT_TYPES
from dialogs.masking import listed_address, masked_words
from dialogs.published import outage_notices

SAME = "same"
SHORTEST, LONGEST = 4, 60
LONGEST_PIECE = 24
MOST_ACCOUNTS = 3
JUST_NOW = timedelta(minutes=30)
LOOKED_AT = 10
NEAR_DEG = 0.001  # about a hundred metres


def own(turn: Turn) -> list[dict[str, str]]:
    """The citizen's accounts, to choose a place from; more of them would not fit the record."""
    bindings = accounts.mine(turn)[:MOST_ACCOUNTS]
    return accounts.listed(turn, bindings) if bindings else []


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    again = () if data["place"] is None else ((SAME, ""),)
    return (*again, *accounts.choices(data))


def read(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    if len(re.sub(r"\W", "", typed)) < SHORTEST or not any(letter.isalpha() for letter in typed):
        return Bad("address")
    if len(typed) > LONGEST:
        return Bad("too_long")
    return Ok(Place(masked_words(typed)))


def kept(turn: Turn, answer: Place | str) -> dict[str, Any]:
    """What the dialog remembers of an answer."""
    if answer == SAME:
        return dict(turn.data["place"])
    if isinstance(answer, Place):
        return {
            "text": answer.text[:LONGEST],
            "lat": answer.latitude,
            "lon": answer.longitude,
            "acct_no": "",
        }
    account = next(one for one in turn.data["accounts"] if one["acct_no"] == answer)
    text = f"{account['shown']} {account['address']}".strip()
    return {"text": text, "lat": None, "lon": None, "acct_no": answer}


def whole(turn: Turn, place: Mapping[str, Any]) -> Place:
    """As the hotline needs it. Without CSMS an account's place has no words: the hotline has the
    account number."""
    text = _address(turn, place["acct_no"]) if place["acct_no"] else place["text"]
    return Place(text, place["lat"], place["lon"])


def just_reported(turn: Turn, fault: str, place: Mapping[str, Any]) -> Submission | None:
    """The citizen's own report of the same, a moment ago."""
    for one in turn.ask.records.submissions(turn.openid, LOOKED_AT):
        if (
            one.kind is SubmissionKind.FAULT
            and one.payload.get("fault") == fault
            and one.created_at > turn.now - JUST_NOW
            and _same_place(one, place)
        ):
            return one
    return None


def known_there(turn: Turn, fault: str, place: Mapping[str, Any]) -> dict[str, Any]:
    """The outage that may explain the fault, and the ticket it may belong to. Without the website
    or the hotline neither: a report is never lost for that. `away`: the hotline does not answer,
    so nobody there will read of the fault soon."""
    there = whole(turn, place)
    answer = _nearby(turn, fault, there)
    nearby = answer or Nearby()
    explains = FAULT_TYPES[fault].outage_explains
    outage = _published(turn, there.text, nearby.outages) if explains else None
    ticket = next(iter(nearby.tickets), None)
    return {
        "outage": _outage(turn, outage) if outage else None,
        "ticket": _ticket(turn, ticket) if ticket else None,
        "away": answer is None,
    }


def minute(turn: Turn, at: datetime) -> str:
    """A time as the record keeps it."""
    return at.astimezone(turn.now.tzinfo).isoformat(timespec="minutes")


def _nearby(turn: Turn, fault: str, there: Place) -> Nearby | None:
    """None when the hotline does not answer."""
    if not there.text and there.latitude is None:
        return Nearby()
    try:
        return turn.ask.hotline.nearby(fault, there)
    except BackendUnavailable:
        return None
    except BackendError:
        return Nearby()


def _published(
    turn: Turn, address: str, told_by_hotline: Sequence[Outage]
) -> Outage | OutageNotice | None:
    """The website is the master: what it says of an outage is not told again, or otherwise, by
    the hotline, which may know of one that is not on the website yet."""
    try:
        notices = turn.ask.bulletins.outages().notices
    except BackendError:
        notices = ()
    known = {notice.outage_no for notice in notices}
    others = (
        one for one in told_by_hotline if one.ends_at > turn.now and one.outage_no not in known
    )
    return outage_notices.explains(notices, address, turn.now) or next(others, None)


def _address(turn: Turn, acct_no: str) -> str:
    try:
        found = turn.ask.csms.accounts([acct_no])
    except BackendUnavailable:
        return ""
    return found[0].address if found else ""


def _same_place(report: Submission, place: Mapping[str, Any]) -> bool:
    there = report.payload.get("place", {})
    if place["acct_no"] or report.acct_no:
        return bool(place["acct_no"] == report.acct_no)
    if place["lat"] is not None and there.get("lat") is not None:
        return all(abs(place[way] - there[way]) < NEAR_DEG for way in ("lat", "lon"))
    return bool(place["text"] and place["text"] == there.get("text"))


def _outage(turn: Turn, outage: Outage | OutageNotice) -> dict[str, Any]:
    return {
        "area": outage.area[:LONGEST_PIECE],
        "reason": outage.reason[:LONGEST_PIECE],
        "starts": minute(turn, outage.starts_at),
        "until": minute(turn, outage.ends_at),
        "begun": outage.starts_at <= turn.now,
    }


def _ticket(turn: Turn, ticket: OpenTicket) -> dict[str, Any]:
    """Somebody else has told the hotline where: their door is masked."""
    return {
        "ticket_no": ticket.ticket_no,
        "fault": ticket.fault,
        "place": listed_address(ticket.place),
        "at": minute(turn, ticket.opened_at),
        "distance_m": ticket.distance_m,
    }
