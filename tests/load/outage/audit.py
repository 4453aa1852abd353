"""The judge: what citizens were told, what is in our database, what has reached the desks, and what
the desks said, compared from every side. It shares no code with the worker but the wording."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backends.ports import SubmissionKind
from tests.load.outage import tellings
from tests.load.outage.expected import expected_notices
from tests.load.outage.ledgers import Arrived, Made, at_csms, at_hotline, submissions
from tests.load.outage.run import Report
from tests.load.outage.world import Utility

# What a worker has sent, and not noted yet when it dies, is told again with the next message: no
# more than it sends at once.
A_PORTION = 16
TO_CSMS = ("reading", "visit", "visit_change")


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
    if len(told.twice) > report.worker_kills * A_PORTION:
        found.problems.append(f"{len(told.twice)} told twice, {report.worker_kills} kills")
    found.problems += tellings.duplicates_answered_otherwise(utility)
    found.counts = _counts(report, made, told)
    return found


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
