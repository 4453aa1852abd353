"""Visits 预约上门: the slots that can be booked, and the visits that six self readings in a
row have made due."""

from typing import Protocol

import numpy as np

from sandbox.city.days import NO_DAY, Ints, Texts, as_date, texts, where_known
from sandbox.city.draw import Chunk
from sandbox.city.numbers import Numbers
from sandbox.city.plan import STATIONS, CityPlan
from sandbox.city.profiles import CLOSED
from sandbox.city.readings import READER, SELF, VISIT_AFTER_SELF_READINGS
from sandbox.city.sink import Columns, coded

SLOT_DAYS = 21
SIX_SELF_READINGS = "self6"
VISIT_STATES = ("due", "done", "cancelled")
DUE, DONE, CANCELLED = range(3)
_WEEKDAY_BANDS = ("09:00-11:00", "14:00-16:00", "18:00-20:00")
_WEEKEND_BANDS = ("09:00-11:00", "14:00-16:00")
_SATURDAY = 5


class Ids(Protocol):
    def take(self, table: str, count: int) -> int: ...


def slot_columns(plan: CityPlan) -> Columns:
    """Of every station: a weekday's two day bands and its evening, a weekend day's two bands."""
    rng = np.random.default_rng([plan.seed, 3])
    first = plan.window.as_of + 1
    slots = [
        (station, day, band)
        for station in range(1, STATIONS + 1)
        for day in range(first, first + SLOT_DAYS)
        for band in _bands(day)
    ]
    stations, days, bands = zip(*slots, strict=True)
    capacity = rng.integers(2, 7, len(slots))
    return {
        "slot_no": texts([_slot_no(*slot) for slot in slots]),
        "station_id": np.array(stations),
        "slot_on": np.array(days),
        "band": texts(list(bands)),
        "capacity": capacity,
        "taken": np.minimum(rng.integers(0, 4, len(slots)), capacity),
    }


def _bands(day: int) -> tuple[str, ...]:
    return _WEEKEND_BANDS if as_date(day).weekday() >= _SATURDAY else _WEEKDAY_BANDS


def _slot_no(station: int, day: int, band: str) -> str:
    return f"S{station:02d}-{as_date(day):%Y%m%d}-{band[:2]}"


def visit_columns(chunk: Chunk, numbers: Numbers, ids: Ids) -> Columns:
    """A visit for each sixth self reading in a row; done where the utility's reader came later."""
    readings, status = chunk.readings, chunk.profiles.status
    sixth = (readings.streak == VISIT_AFTER_SELF_READINGS) & (readings.source == SELF)
    account, month = np.nonzero(sixth & readings.due)
    came = _next_by_reader(chunk)[account, month]
    state = np.where(came >= 0, DONE, np.where(status[account] == CLOSED, CANCELLED, DUE))
    done = state == DONE
    visit_id = ids.take("visit", len(account)) + np.arange(len(account))
    return {
        "visit_id": visit_id,
        "visit_no": visit_numbers(visit_id),
        "acct_no": numbers.acct_no[account],
        "reason": SIX_SELF_READINGS,
        "state": coded(VISIT_STATES, state),
        "slot_no": None,
        "slot_on": np.where(done, readings.read_day[account, came], NO_DAY),
        "band": where_known(done, texts([_WEEKDAY_BANDS[0]] * len(account))),
        "reschedules": 0,
        "made_on": readings.read_day[account, month],
    }


def visit_numbers(visit_id: Ints) -> Texts:
    return texts([visit_number(number) for number in visit_id.tolist()])


def visit_number(visit_id: int) -> str:
    return f"V{visit_id:09d}"


def _next_by_reader(chunk: Chunk) -> Ints:
    """For each month, the next one in which the utility's own reader came; -1 where none did."""
    by_reader = chunk.readings.due & (chunk.readings.source == READER)
    after = np.full(by_reader.shape, -1)
    for month in range(by_reader.shape[1] - 2, -1, -1):
        after[:, month] = np.where(by_reader[:, month + 1], month + 1, after[:, month + 1])
    return after
