"""The city's ground plan: stations, routes, communities and the reading calendar.

Small enough to hold in memory for a million accounts (about 3,300 routes); accounts are drawn
later, in chunks of whole routes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from sandbox.city.days import Bools, Ints, day_number, month_length, month_start

HISTORY_MONTHS = 24
STATIONS = 12
DMAS_PER_STATION = 20
CHUNK_ACCOUNTS = 10_000
MONTH_END = 31
CYCLES = ("monthly", "odd", "even")
PAYMENT_TERM_DAYS = 15


@dataclass(frozen=True, slots=True)
class Window:
    """The months of the history, the last one being the month of `as_of`."""

    as_of: int
    months: tuple[tuple[int, int], ...]

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(f"{year}-{month:02d}" for year, month in self.months)


@dataclass(frozen=True, slots=True)
class Parts:
    """A partition of the row of accounts: part i holds accounts start[i] .. start[i]+size[i]-1."""

    start: Ints
    size: Ints
    station: Ints


@dataclass(frozen=True, slots=True)
class CityPlan:
    """`plan_day` has two columns more than the window, for the readings before its first bills."""

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
    chunk_routes: tuple[tuple[int, int], ...]

    @property
    def due_day(self) -> Ints:
        return self.bill_day + PAYMENT_TERM_DAYS

    def billed(self) -> Bools:
        """Which routes have been billed in which month of the window."""
        month = np.array([month for _, month in self.window.months])
        cycle = self.cycle[:, None]
        turn = (cycle == 0) | ((cycle == 1) & (month % 2 == 1)) | ((cycle == 2) & (month % 2 == 0))
        billed: Bools = turn & (self.bill_day <= self.window.as_of)
        return billed


def window_of(as_of: date) -> Window:
    last = as_of.year * 12 + as_of.month - 1
    months = range(last - HISTORY_MONTHS + 1, last + 1)
    return Window(day_number(as_of), tuple((month // 12, month % 12 + 1) for month in months))


def draw_plan(accounts: int, seed: int, as_of: date, price_change: date) -> CityPlan:
    rng = np.random.default_rng([seed, 0])
    window = window_of(as_of)
    routes = _partition(rng, accounts, 180, 420)
    communities = _partition(rng, accounts, 150, 376)
    chunks = tuple(_chunks(routes))
    cycle, reading_day = _rounds(rng, len(routes.start), chunks)
    plan_day = _plan_days(window, reading_day)
    bill_day = plan_day[:, 2:] + rng.integers(1, 4, (len(reading_day), HISTORY_MONTHS))
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
        chunk_routes=chunks,
    )


def _rounds(
    rng: np.random.Generator, count: int, chunks: tuple[tuple[int, int], ...]
) -> tuple[Ints, Ints]:
    """Each route's cycle and reading day. What is planted (cases.py) needs the first three of a
    chunk to be monthly, monthly at the month's end, and every two months."""
    cycle = rng.choice(3, p=(0.35, 0.32, 0.33), size=count).astype(np.int64)
    reading_day = rng.integers(1, 21, count)
    for first, stop in chunks:
        cycle[first:stop][:2] = 0
        reading_day[first:stop][1:2] = MONTH_END
        cycle[first:stop][2:3] = 1
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


def _plan_days(window: Window, reading_day: Ints) -> Ints:
    year, month = window.months[0]
    columns = [
        month_start(year, at) - 1 + np.minimum(reading_day, month_length(year, at))
        for at in range(month - 2, month + HISTORY_MONTHS)
    ]
    return np.stack(columns, axis=1).astype(np.int64)
