"""Spot checks 抽检 of the last twelve months: drawn at random, answered by a photo or not."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import (
    NO_DAY,
    Bools,
    Ints,
    Texts,
    month_length,
    month_start,
    texts,
    where_known,
)
from sandbox.city.dial import dial_m3, meter_on
from sandbox.city.draw import Chunk
from sandbox.city.meters import MECHANICAL
from sandbox.city.numbers import Numbers
from sandbox.city.plan import Window
from sandbox.city.profiles import ACTIVE, UNSET
from sandbox.city.sink import Columns, coded

SHARE_A_MONTH = 0.005
MONTHS = 12
DAYS_TO_ANSWER = 7
# 62 % of the accounts are bound, and 42 % of those answer.
ANSWERED_SHARE = 0.62 * 0.42
SAMPLE_KINDS = ("random", "high", "low", "long_estimate", "self6")
_KIND_SHARES = (0.60, 0.14, 0.10, 0.10, 0.06)
_OF_A_DIAL_READ_BY_EYE = 3
RESULTS = ("ok", "adjust", "field", "no_answer")
OK, ADJUST, FIELD, NO_ANSWER = range(4)
_RESULT_SHARES = (0.88, 0.06, 0.06)
STATES = ("open", "answered", "closed")
OPEN, ANSWERED, CLOSED = range(3)
_PLANTED_DAYS_AGO = 4
_LIVED_IN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Checks:
    """One entry per spot check; `answered_on` is NO_DAY where no photo came."""

    account: Ints
    drawn_on: Ints
    answered_on: Ints
    result: Ints

    @property
    def answer_by(self) -> Ints:
        return self.drawn_on + DAYS_TO_ANSWER

    @property
    def closed_on(self) -> Ints:
        """The day after the photo came, or could no longer come."""
        return np.where(self.answered_on != NO_DAY, self.answered_on, self.answer_by) + 1


def draw_checks(rng: np.random.Generator, chunk: Chunk) -> Checks:
    profiles, as_of = chunk.profiles, chunk.plan.window.as_of
    account, day = _drawn(rng, chunk)
    planted = np.flatnonzero(profiles.checked == 1)
    account = np.append(account, planted)
    day = np.append(day, np.full(len(planted), as_of - _PLANTED_DAYS_AGO))
    answers = rng.random(len(account)) < ANSWERED_SHARE
    answers[len(answers) - len(planted) :] = False
    on = np.where(answers, day + rng.integers(0, 4, len(account)), NO_DAY)
    judged = rng.choice(len(_RESULT_SHARES), p=_RESULT_SHARES, size=len(account))
    return Checks(account, day, on, np.where(answers, judged, NO_ANSWER))


def _drawn(rng: np.random.Generator, chunk: Chunk) -> tuple[Ints, Ints]:
    profiles = chunk.profiles
    first, length, share = _months(chunk.plan.window)
    drawn = rng.random((len(chunk), MONTHS)) < SHARE_A_MONTH * share
    drawn &= ((profiles.status == ACTIVE) & (profiles.checked == UNSET))[:, None]
    account, month = np.nonzero(drawn)
    day = first[month] + (rng.random(len(account)) * length[month]).astype(np.int64)
    lived_in = day > profiles.open_day[account] + _LIVED_IN_DAYS
    return account[lived_in], day[lived_in]


def _months(window: Window) -> tuple[Ints, Ints, Ints]:
    """First day, days until the city's day, and their share of the month."""
    months = window.months[-MONTHS:]
    first = np.array([month_start(*month) for month in months])
    whole = np.array([month_length(*month) for month in months])
    length = np.minimum(whole, window.as_of - first + 1)
    return first, length, length / whole


def spot_check_columns(
    rng: np.random.Generator, chunk: Chunk, checks: Checks, numbers: Numbers, first_id: int
) -> Columns:
    as_of, account = chunk.plan.window.as_of, checks.account
    came = (checks.answered_on != NO_DAY) & (checks.answered_on <= as_of)
    closed = checks.closed_on <= as_of
    check_id = first_id + np.arange(len(account))
    return {
        "check_id": check_id,
        "check_no": texts([check_number(number) for number in check_id.tolist()]),
        "acct_no": numbers.acct_no[account],
        "meter_id": meter_on(chunk, numbers.meter_ids, account, checks.drawn_on),
        "sample_kind": coded(SAMPLE_KINDS, _sample_kinds(rng, chunk, account)),
        "drawn_on": checks.drawn_on,
        "answer_by": checks.answer_by,
        "state": coded(STATES, np.where(closed, CLOSED, np.where(came, ANSWERED, OPEN))),
        "value": _values(rng, chunk, checks, came),
        "result": where_known(closed, coded(RESULTS, checks.result)),
        "closed_on": np.where(closed, checks.closed_on, NO_DAY),
    }


def check_number(check_id: int) -> str:
    return f"C{check_id:09d}"


def _sample_kinds(rng: np.random.Generator, chunk: Chunk, account: Ints) -> Ints:
    """Remote meters are not estimated for long, and nobody reads them by eye."""
    kind = rng.choice(len(SAMPLE_KINDS), p=_KIND_SHARES, size=len(account))
    remote = chunk.meters.tech[account] != MECHANICAL
    return np.where(remote & (kind >= _OF_A_DIAL_READ_BY_EYE), 0, kind)


def _values(rng: np.random.Generator, chunk: Chunk, checks: Checks, came: Bools) -> Texts:
    """What the photos showed; where the result is an adjustment, other than what is on file."""
    day = np.where(came, checks.answered_on, checks.drawn_on)
    off = np.where(checks.result == ADJUST, rng.integers(1, 20, len(day)), 0)
    return where_known(came, dial_m3(chunk, checks.account, day) + off)
