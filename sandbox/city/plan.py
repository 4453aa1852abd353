"""The city's ground plan: stations, routes, communities and the reading calendar.

Small enough to hold in memory for a million accounts (about 3,300 routes); accounts are drawn
later, in chunks of whole routes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from sandbox.city.days import Bools, Ints, day_number, month_length, month_start

HISTORY_MONTHS = 24
AHEAD_MONTHS = 6
STATIONS = 12
DMAS_PER_STATION = 20
CHUNK_ACCOUNTS = 10_000
MONTH_END = 31
READING_SOON_DAYS = 2
CYCLES = ("monthly", "odd", "even")
PAYMENT_TERM_DAYS = 15


@dataclass(frozen=True, slots=True)
class Window:
    """The months of the history, the last one being the month of `as_of`."""

    as_of: int
    months: tuple[tuple[int, int], ...]

    @property
    def periods(self) -> tuple[str, ...]:
        return _periods(self.months)

    @property
    def ahead(self) -> tuple[tuple[int, int], ...]:
        year, month = self.months[-1]
        return _months(year * 12 + month, AHEAD_MONTHS)


@dataclass(frozen=True, slots=True)
class Parts:
    """A partition of the row of accounts: part i holds accounts start[i] .. start[i]+size[i]-1."""

    start: Ints
    size: Ints
    station: Ints


@dataclass(frozen=True, slots=True)
class CityPlan:
    """`plan_day` has two columns more than the window, for the readings before its first bills. The
    `ahead` columns are the months after the window: planned, and not read yet."""

    accounts: int
    seed: int
    window: Window
    price_change: int
    routes: Parts
    communities: Parts
    cycle: Ints
    reading_day: Ints
    plan_day: Ints
    bill_day: Ints
    ahead_plan_day: Ints
    ahead_bill_day: Ints
    chunk_routes: tuple[tuple[int, int], ...]

    def billed(self) -> Bools:
        """Which routes have been billed in which month of the window."""
        billed: Bools = _turn(self.cycle, self.window.months) & (self.bill_day <= self.window.as_of)
        return billed

    def calendar(self) -> "Calendar":
        months = (*self.window.months, *self.window.ahead)
        route, month = np.nonzero(_turn(self.cycle, months))
        plan_day = np.column_stack((self.plan_day[:, 2:], self.ahead_plan_day))
        bill_day = np.column_stack((self.bill_day, self.ahead_bill_day))
        return Calendar(
            route, _periods(months), month, plan_day[route, month], bill_day[route, month]
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """When each route is read and billed, one entry per turn; `month` counts in `periods`."""

    route: Ints
    periods: tuple[str, ...]
    month: Ints
    plan_day: Ints
    bill_day: Ints


def _turn(cycle: Ints, months: Sequence[tuple[int, int]]) -> Bools:
    """Which routes are read in which month."""
    month = np.array([month for _, month in months])
    every, odd = cycle[:, None] == 0, cycle[:, None] == 1
    turn: Bools = every | (odd == (month % 2 == 1))
    return turn


def _periods(months: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02d}" for year, month in months)


def window_of(as_of: date) -> Window:
    last = as_of.year * 12 + as_of.month - 1
    return Window(day_number(as_of), _months(last - HISTORY_MONTHS + 1, HISTORY_MONTHS))


def _months(first: int, count: int) -> tuple[tuple[int, int], ...]:
    return tuple((month // 12, month % 12 + 1) for month in range(first, first + count))


def draw_plan(accounts: int, seed: int, as_of: date, price_change: date) -> CityPlan:
    rng = np.random.default_rng([seed, 0])
    window = window_of(as_of)
    routes = _partition(rng, accounts, 180, 420)
    communities = _partition(rng, accounts, 150, 376)
    chunks = tuple(_chunks(routes))
    cycle, reading_day = _rounds(rng, len(routes.start), chunks, as_of)
    plan_day = _plan_days(window.months[0], -2, HISTORY_MONTHS, reading_day)
    bill_day = plan_day[:, 2:] + rng.integers(1, 4, (len(reading_day), HISTORY_MONTHS))
    ahead = _plan_days(window.ahead[0], 0, AHEAD_MONTHS, reading_day)
    return CityPlan(
        accounts=accounts,
        seed=seed,
        window=window,
        price_change=day_number(price_change),
        routes=routes,
        communities=communities,
        cycle=cycle,
        reading_day=reading_day,
        plan_day=plan_day,
        bill_day=bill_day,
        ahead_plan_day=ahead,
        ahead_bill_day=ahead + rng.integers(1, 4, ahead.shape),
        chunk_routes=chunks,
    )


def _rounds(
    rng: np.random.Generator, count: int, chunks: tuple[tuple[int, int], ...], as_of: date
) -> tuple[Ints, Ints]:
    """Each route's cycle and reading day. What is planted (cases.py) needs the first four of a
    chunk to be monthly, monthly at the month's end, every two months, and monthly with its reading
    day in `READING_SOON_DAYS`."""
    cycle = rng.choice(3, p=(0.35, 0.32, 0.33), size=count).astype(np.int64)
    reading_day = rng.integers(1, 21, count)
    for first, stop in chunks:
        cycle[first:stop][:2] = 0
        reading_day[first:stop][1:2] = MONTH_END
        cycle[first:stop][2:3] = 1
        cycle[first:stop][3:4] = 0
        reading_day[first:stop][3:4] = (as_of + timedelta(days=READING_SOON_DAYS)).day
    return cycle, reading_day


def _partition(rng: np.random.Generator, accounts: int, low: int, high: int) -> Parts:
    """Parts of `low`..`high` accounts that never straddle two stations."""
    starts, stations = [], []
    edges = [accounts * station // STATIONS for station in range(STATIONS + 1)]
    for station, (start, stop) in enumerate(pairwise(edges)):
        while start < stop:
            starts.append(start)
            stations.append(station)
            start += int(rng.integers(low, high + 1))
            if stop - start < low // 2:
                break
    start_column = np.array(starts, dtype=np.int64)
    size = np.diff(np.append(start_column, accounts))
    return Parts(start_column, size, np.array(stations, dtype=np.int64))


def _chunks(routes: Parts) -> Iterator[tuple[int, int]]:
    first = held = 0
    for route, size in enumerate(routes.size.tolist()):
        held += size
        if held >= CHUNK_ACCOUNTS or route == len(routes.size) - 1:
            yield first, route + 1
            first, held = route + 1, 0


def _plan_days(month: tuple[int, int], start: int, stop: int, reading_day: Ints) -> Ints:
    """One column for each month from `start` to `stop`, counted from the month given."""
    year, first = month
    columns = [
        month_start(year, at) - 1 + np.minimum(reading_day, month_length(year, at))
        for at in range(first + start, first + stop)
    ]
    return np.stack(columns, axis=1).astype(np.int64)
