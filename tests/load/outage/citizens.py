"""Who the citizens are, what each of them has bound, and what each of them does in which order."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from backends.ports import SubmissionKind
from sandbox.platform import Platform
from tests.load.outage.phone import Phone
from tests.load.outage.world import Utility

SHARED_EVERY = 5
VISITS_EVERY = 3
READABLE = (
    "SELECT a.acct_no, a.owner_name, m.last_value, m.area, m.digits FROM wx_account a"
    " JOIN wx_meter m ON m.acct_no = a.acct_no WHERE a.status = 'active'"
    " AND length(a.owner_name) BETWEEN 2 AND 4 AND m.is_remote = 0 AND m.visit_due = 0"
)
OPEN_NOW = " AND m.next_reading_on BETWEEN ? AND ? ORDER BY a.acct_no"
LATER = " AND m.next_reading_on > ? ORDER BY a.acct_no"


@dataclass(frozen=True)
class Account:
    acct_no: str
    owner: str
    last_value: int


@dataclass
class Citizen:
    """`own` can be read now. `shared`: the account of another citizen, bound as well. `visited`:
    an account whose meter the utility has to see. `told` are the numbers the account has given,
    in order; `confirmed` what it has confirmed without a number; `unheard` what was sent off and
    never answered."""

    phone: Phone
    own: Account
    shared: Account | None = None
    visited: Account | None = None
    first_fault: str = ""
    told: list[tuple[SubmissionKind, str]] = field(default_factory=list)
    confirmed: list[tuple[SubmissionKind, str]] = field(default_factory=list)
    unheard: list[SubmissionKind] = field(default_factory=list)

    @property
    def accounts(self) -> list[Account]:
        return [one for one in (self.own, self.shared, self.visited) if one]

    @property
    def made(self) -> int:
        return len(self.told) + len(self.confirmed)


def gather(utility: Utility, platform: Platform, count: int, rng: Random) -> list[Citizen]:
    """Each fifth shares the account of the next; each third has a meter that must be seen."""
    today = utility.now().date()
    days = [(today + timedelta(days=days)).isoformat() for days in (0, 3)]
    with closing(sqlite3.connect(utility.folder / "city.sqlite3")) as database:
        readable = database.execute(READABLE + OPEN_NOW, days).fetchall()
        others = database.execute(READABLE + LATER, (days[1],)).fetchall()
    own = list(_accounts(readable))
    if len(own) < count:
        raise ValueError(f"the city has {len(own)} meters to be read now, {count} are needed")
    visited = iter(_spread(others, rng))
    citizens = []
    for number in range(count):
        openid = utility.wechat.add_citizen("").openid
        one = Citizen(Phone(utility.wechat, platform, openid), own[number])
        if number % SHARED_EVERY == 0 and number + 1 < count:
            one.shared = own[number + 1]
        if number % VISITS_EVERY == 0:
            one.visited = next(visited)
        citizens.append(one)
    return citizens


def _spread(rows: Sequence[tuple[str, str, int, str, int]], rng: Random) -> Iterator[Account]:
    """Of many areas: those of one quarrel over a handful of free times."""
    areas: dict[str, list[tuple[str, str, int, str, int]]] = {}
    for row in rng.sample(list(rows), len(rows)):
        areas.setdefault(row[3], []).append(row)
    while any(areas.values()):
        for area in areas.values():
            if area:
                yield from _accounts([area.pop()])


def _accounts(rows: Sequence[tuple[str, str, int, str, int]]) -> Iterator[Account]:
    for acct_no, owner, last_value, _, digits in rows:
        if last_value + 40 < 10**digits:
            yield Account(acct_no, owner, last_value)
