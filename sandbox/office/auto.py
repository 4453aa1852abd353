"""Plays the staff: answers every open request. The same random stream gives the same answers."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from random import Random

from sqlalchemy import Engine

from sandbox.office.errors import OfficeError
from sandbox.office.listing import QueueEntry, queue
from sandbox.office.review import REJECTIONS, accept_reading, modify_reading, reject_reading
from sandbox.office.takings import take_requests

_REJECTED, _MODIFIED = 0.10, 0.16
_MISREAD = "照片上的读数与填写的不一致，已按照片改正"


def answer_everything(engine: Engine, now: datetime, rng: Random) -> Mapping[str, int]:
    """Takes what is new, then accepts most, puts some right and rejects some. Answers how many
    requests ended in which state."""
    ended = Counter(taken.state for taken in take_requests(engine, now))
    del ended["waiting"]
    while waiting := queue(engine):
        ended.update(_answer(engine, entry, now, rng) for entry in waiting)
    return ended


def _answer(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    lot, reason = rng.random(), rng.choice(list(REJECTIONS))
    number, value = entry.request_no, entry.payload["value"]
    try:
        if lot < _REJECTED:
            return reject_reading(engine, number, reason, REJECTIONS[reason], now).state
        if lot < _MODIFIED and value - 1 > (entry.last_value or 0):
            return modify_reading(engine, number, value - 1, _MISREAD, now).state
        return accept_reading(engine, number, now).state
    except OfficeError as error:
        return _send_back(engine, number, str(error), now)


def _send_back(engine: Engine, request_no: str, why: str, now: datetime) -> str:
    try:
        return reject_reading(engine, request_no, "other", why, now).state
    except OfficeError:
        return "answered_by_another"
