"""Who must have been told what: read off the desks' own events, without the worker's code."""

import json
from collections.abc import Iterator

from sqlalchemy import text

from tests.load.outage.ledgers import Made
from tests.load.outage.world import Utility

ENDS = {
    "reading_accepted": "reading_accepted",
    "reading_modified": "reading_modified",
    "reading_rejected": "reading_rejected",
    "visit_booked": "visit_booked",
    "visit_changed": "visit_changed",
    "visit_refused": "visit_refused",
    "request_refused": "request_refused",
}
TO_FAMILY = {
    "bill_opened": ("bill_no", ("owner", "payer", "viewer")),
    "visit_due": ("visit_no", ("owner", "payer", "reader")),
}
Expected = tuple[str, str, str]


def expected_notices(utility: Utility, made: list[Made]) -> Iterator[Expected]:
    """(openid, kind of notice, its key) for whatever the two desks have told: what it is about, or
    the event and the number of the request that it answers."""
    by_number = {one.number: one for one in made}
    with utility.records.connect() as db:
        rows = db.execute(text("SELECT openid, acct_no, role FROM binding WHERE ended_seq = 0"))
        bound = [tuple(row) for row in rows]
    with utility.office.connect() as db:
        events = db.execute(text("SELECT event_id, kind, acct_no, request_no, data FROM wx_event"))
        for event_id, kind, acct_no, request_no, data in events:
            if kind in ENDS and request_no in by_number:
                key = f"csms:{event_id}:{request_no}"
                yield by_number[request_no].openid, ENDS[kind], key
            named, roles = TO_FAMILY.get(kind, ("", ()))
            for openid, bound_no, role in bound:
                if bound_no == acct_no and role in roles:
                    yield openid, kind, json.loads(data)[named]
    yield from _of_tickets(utility, by_number)


def _of_tickets(utility: Utility, by_number: dict[str, Made]) -> Iterator[Expected]:
    """Every report in the ticket is told of each step; that it is closed after it was done is no
    news."""
    with utility.hotline.reading() as db:
        events = db.execute("SELECT event_id, ext_no, data FROM event").fetchall()
        reports = db.execute("SELECT number, ticket_no FROM request WHERE kind = 'fault'")
        in_ticket: dict[str, list[str]] = {}
        for number, ticket_no in reports.fetchall():
            in_ticket.setdefault(ticket_no, []).append(number)
    for event_id, ticket_no, data in events:
        state = json.loads(data)["state"]
        kind = "ticket_closed" if state == "done" else "ticket_changed"
        for number in in_ticket.get(ticket_no, []) if state != "closed" else []:
            if number in by_number:
                yield by_number[number].openid, kind, f"hotline:{event_id}:{number}"
