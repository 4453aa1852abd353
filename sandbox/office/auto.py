"""Plays the staff: answers every open request. The same random stream gives the same answers."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine

from sandbox.office.approvals import approve
from sandbox.office.checks import adjust_check, check_on_site, pass_check, retake_check
from sandbox.office.connections import DONE, advance
from sandbox.office.errors import OfficeError
from sandbox.office.filings import CANCEL, CONNECTION, OVERRIDE, REAL_NAME, SPOT_CHECK, TRANSFER
from sandbox.office.queueing import QueueEntry, queue
from sandbox.office.review import REJECTIONS, accept_reading, modify_reading, reject_reading
from sandbox.office.sending_back import send_back, turn_down
from sandbox.office.standing import UNDERWAY, WAITING
from sandbox.office.takings import take_requests

_REJECTED, _MODIFIED = 0.10, 0.16
_PASSED, _ADJUSTED, _ON_SITE = 0.82, 0.88, 0.94
_MISREAD = "照片上的读数与填写的不一致，已按照片改正"
_MISFIT = "材料与登记的不符，请核对后重新提交"
_OPEN = (WAITING, UNDERWAY)
_Clerk = Callable[[Engine, QueueEntry, datetime, Random], str]


def answer_everything(engine: Engine, now: datetime, rng: Random) -> Mapping[str, int]:
    """Takes what is new, then grants most, puts some right and sends some back; a connection is
    led through all its stages. Answers how many requests ended in which state."""
    ended = Counter(taken.state for taken in take_requests(engine, now))
    del ended["waiting"]
    while waiting := queue(engine, states=_OPEN):
        ended.update(_answer(engine, entry, now, rng) for entry in waiting)
    return ended


def _answer(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    try:
        return _CLERKS.get(entry.kind.strip().lower(), _review)(engine, entry, now, rng)
    except OfficeError:
        return "answered_by_another"


def _review(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    lot, reason = rng.random(), rng.choice(list(REJECTIONS))
    number, value = entry.request_no, entry.payload["value"]
    try:
        if lot < _REJECTED:
            return reject_reading(engine, number, reason, REJECTIONS[reason], now).state
        if lot < _MODIFIED and value - 1 > (entry.last_value or 0):
            return modify_reading(engine, number, value - 1, _MISREAD, now).state
        return accept_reading(engine, number, now).state
    except OfficeError as error:
        return reject_reading(engine, number, "other", str(error), now).state


def _judge_holder(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    try:
        if rng.random() < _REJECTED:
            return send_back(engine, entry.request_no, "blurred", "", now).state
        return approve(engine, entry.request_no, now).state
    except OfficeError:
        return send_back(engine, entry.request_no, "other", _MISFIT, now).state


def _judge_cancelling(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    try:
        return approve(engine, entry.request_no, now).state
    except OfficeError:
        return turn_down(engine, entry.request_no, "这个户号没有实名登记", now).state


def _judge_check(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    number, lot, value = entry.request_no, rng.random(), int(entry.payload["value"])
    try:
        if lot < _PASSED:
            return pass_check(engine, number, "", now).state
        if lot < _ADJUSTED:
            return adjust_check(engine, number, max(value - 1, 0), _MISREAD, now).state
        if lot < _ON_SITE:
            return check_on_site(engine, number, "", now).state
    except OfficeError as error:
        return retake_check(engine, number, "other", str(error), now).state
    return retake_check(engine, number, "blurred", "", now).state


def _lead_connection(engine: Engine, entry: QueueEntry, now: datetime, rng: Random) -> str:
    if entry.state == WAITING and rng.random() < _REJECTED:
        return send_back(engine, entry.request_no, "", "请补房产证照片", now).state
    promised_on = now.date()
    while True:
        promised_on += timedelta(days=rng.randint(1, 5))
        state = advance(engine, entry.request_no, now, promised_on=promised_on).state
        if state == DONE:
            return state


_CLERKS: Mapping[str, _Clerk] = {
    REAL_NAME: _judge_holder,
    TRANSFER: _judge_holder,
    OVERRIDE: _judge_holder,
    CANCEL: _judge_cancelling,
    SPOT_CHECK: _judge_check,
    CONNECTION: _lead_connection,
}
