"""The judge: what citizens were told, what is in our database, what has reached the desks, and what
the desks said, compared from every side. It shares no code with the worker but the wording."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from backends.ports import SubmissionKind
from tests.load.outage import tellings
from tests.load.outage.run import Report
from tests.load.outage.world import Utility

TO_CSMS = ("reading", "visit", "visit_change")
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
    "bill_opened": ("owner", "payer", "viewer"),
    "visit_due": ("owner", "payer", "reader"),
}
Expected = tuple[str, str, str]


@dataclass(frozen=True)
class Made:
    """A submission as our database has it, in the order of its lane."""

    place: int
    number: str
    openid: str
    acct_no: str
    kind: str
    state: str
    photos: int

    @property
    def lane(self) -> str:
        return self.acct_no or self.openid


@dataclass(frozen=True)
class Arrived:
    """A request as a desk has it, in the order in which it came."""

    number: str
    acct_no: str
    kind: str
    photos: int


@dataclass
class Found:
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def audit(utility: Utility, report: Report) -> Found:
    found = Found()
    made = submissions(utility)
    csms, hotline = at_csms(utility), at_hotline(utility)
    told = tellings.tellings(utility)
    expected = Counter(expected_notices(utility, made))
    planned = Counter(told.planned)
    found.problems += report.problems
    found.problems += _conversations(report)
    found.problems += _told_is_made(report, made)
    found.problems += _delivered(made, csms, hotline)
    found.problems += _in_order(made, csms, "CSMS")
    found.problems += _in_order(made, hotline, "the hotline")
    found.problems += _differences("notices", planned, expected)
    found.problems += told.problems
    if len(told.twice) > report.worker_kills:
        found.problems.append(f"{len(told.twice)} told twice, {report.worker_kills} kills")
    found.problems += tellings.duplicates_answered_otherwise(utility)
    found.counts = _counts(report, made, told)
    return found


def submissions(utility: Utility) -> list[Made]:
    rows = "SELECT id, number, openid, acct_no, kind, state, photo_ids FROM submission ORDER BY id"
    with utility.records.connect() as db:
        return [
            Made(place, number, openid, acct_no, kind, state, len(json.loads(photo_ids)))
            for place, number, openid, acct_no, kind, state, photo_ids in db.execute(text(rows))
        ]


def at_csms(utility: Utility) -> list[Arrived]:
    """SQLite numbers rows as they come."""
    rows = (
        "SELECT request_no, acct_no, kind, (SELECT count(*) FROM wx_request_file f"
        " WHERE f.request_no = r.request_no) FROM wx_request r ORDER BY r.rowid"
    )
    with utility.office.connect() as db:
        return [Arrived(no, acct or "", kind, n) for no, acct, kind, n in db.execute(text(rows))]


def at_hotline(utility: Utility) -> list[Arrived]:
    rows = (
        "SELECT number, acct_no, kind, (SELECT count(*) FROM file f WHERE f.number = r.number)"
        " FROM request r ORDER BY r.rowid"
    )
    with utility.hotline.reading() as db:
        return [Arrived(*row) for row in db.execute(rows).fetchall()]


def expected_notices(utility: Utility, made: list[Made]) -> Iterator[Expected]:
    """(openid, kind of notice, event and number) for whatever the two desks have told."""
    by_number = {one.number: one for one in made}
    with utility.records.connect() as db:
        rows = db.execute(text("SELECT openid, acct_no, role FROM binding WHERE ended_seq = 0"))
        bound = [tuple(row) for row in rows]
    with utility.office.connect() as db:
        events = db.execute(text("SELECT event_id, kind, acct_no, request_no FROM wx_event"))
        for event_id, kind, acct_no, request_no in events:
            if kind in ENDS and request_no in by_number:
                key = f"csms:{event_id}:{request_no}"
                yield by_number[request_no].openid, ENDS[kind], key
            for openid, bound_no, role in bound:
                if bound_no == acct_no and role in TO_FAMILY.get(kind, ()):
                    yield openid, kind, f"csms:{event_id}:"
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


def _conversations(report: Report) -> Iterator[str]:
    for one in report.citizens:
        for words in one.phone.given_up:
            yield f"given up: {words}"


def _told_is_made(report: Report, made: list[Made]) -> Iterator[str]:
    """Each number that was given is there once, is the citizen's own and of that kind; what is
    confirmed without a number is there as often; and nobody has more than they asked for."""
    rows = {one.number: one for one in made}
    numbers = Counter(number for one in report.citizens for _, number in one.told)
    yield from (f"{number} was given {n} times" for number, n in numbers.items() if n > 1)
    for one in report.citizens:
        for kind, number in one.told:
            row = rows.get(number)
            if row is None or (row.openid, row.kind) != (one.phone.openid, kind.value):
                yield f"told {kind.value} {number}, in the database: {row}"
        asked = Counter(kind.value for kind, _ in [*one.told, *one.confirmed])
        has = Counter(row.kind for row in made if row.openid == one.phone.openid)
        yield from _differences(f"submissions of {one.phone.openid}", has, asked)
        yield from _told_in_order(one.told, made, one.phone.openid)


def _told_in_order(
    told: list[tuple[SubmissionKind, str]], made: list[Made], openid: str
) -> Iterator[str]:
    places = {one.number: one.place for one in made}
    in_order = [places[number] for _, number in told if number in places]
    if in_order != sorted(in_order):
        yield f"{openid} was given numbers in another order than they were made"


def _delivered(made: list[Made], csms: list[Arrived], hotline: list[Arrived]) -> Iterator[str]:
    for one in made:
        if one.state in ("queued", "stuck"):
            yield f"{one.kind} {one.number} is {one.state}"
    for desk, arrived, kinds in (
        ("CSMS", csms, {one.kind for one in made if one.kind in TO_CSMS}),
        ("the hotline", hotline, {one.kind for one in made if one.kind not in TO_CSMS}),
    ):
        ours = Counter(
            Arrived(one.number, one.acct_no, one.kind, one.photos)
            for one in made
            if one.kind in kinds
        )
        yield from _differences(f"requests at {desk}", Counter(arrived), ours)


def _in_order(made: list[Made], arrived: list[Arrived], desk: str) -> Iterator[str]:
    by_number = {one.number: one for one in made}
    came: dict[str, list[int]] = {}
    for one in arrived:
        if row := by_number.get(one.number):
            came.setdefault(row.lane, []).append(row.place)
    for lane, places in came.items():
        if places != sorted(places):
            yield f"{desk} got the requests of a lane in another order: {lane[:4]}… {places}"


def _differences(what: str, found: Counter[Any], expected: Counter[Any]) -> Iterator[str]:
    for one, count in (found - expected).items():
        yield f"{what}: {count} too many of {_short(one)}"
    for one, count in (expected - found).items():
        yield f"{what}: {count} missing of {_short(one)}"


def _short(thing: object) -> str:
    return re.sub(r"\s+", " ", str(thing))[:200]


def _counts(report: Report, made: list[Made], told: "tellings.Tellings") -> dict[str, int]:
    kinds = Counter(one.kind for one in made)
    lanes = {one.lane for one in made}
    shared = {one.shared.acct_no for one in report.citizens if one.shared}
    return {
        "messages": sum(one.phone.said for one in report.citizens),
        "submissions": len(made),
        **{f"  {kind.value}": kinds[kind.value] for kind in SubmissionKind},
        "lanes, each in order at its desk": len(lanes),
        "accounts shared by two citizens": len(shared),
        **told.counts,
        "told twice (a worker died between sending and noting it)": len(told.twice),
        "messages that WeChat gave up on": sum(one.phone.faults for one in report.citizens),
        "replies not understood at once": sum(len(one.phone.odd) for one in report.citizens),
    }
