"""Spot checks 抽检: drawn by staff, answered by a photo, then passed, put right, asked for again,
or looked at on site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, Row, Select, exists, select

from sandbox.city.schema import metadata, spot_check
from sandbox.city.spot_checks import DAYS_TO_ANSWER, check_number
from sandbox.office.cards import card_of
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError, Refused
from sandbox.office.filings import SPOT_CHECK, CheckPaper, check_paper
from sandbox.office.papers import content
from sandbox.office.review import REJECTIONS
from sandbox.office.shift import Shift, at_work
from sandbox.office.standing import Decision, open_request, settle
from sandbox.office.visiting import open_visit

T = metadata.tables
PASSED, ADJUSTED, RETAKE, FIELD = "passed", "adjusted", "retake", "field"
MOST_DRAWN = 100
_DAYS_TO_RETAKE = 3
_PENDING = ("open", "answered")


@dataclass(frozen=True, slots=True)
class DrawnCheck:
    check_no: str
    acct_no: str
    answer_by: date


def draw_checks(engine: Engine, acct_nos: Sequence[str], now: datetime) -> tuple[DrawnCheck, ...]:
    """Of these accounts: all of them or none."""
    with at_work(engine, now) as shift:
        return tuple(_draw(shift, acct_no, "random") for acct_no in acct_nos)


def draw_at_random(
    engine: Engine, number: int, now: datetime, rng: Random
) -> tuple[DrawnCheck, ...]:
    """So many accounts in use that have no check under way; fewer when there are no more."""
    if not 0 < number <= MOST_DRAWN:
        raise BadEntry(f"一次抽 1 到 {MOST_DRAWN} 户，不能是 {number}")
    with at_work(engine, now) as shift:
        free = shift.connection.execute(_may_be_drawn()).scalars().all()
        drawn = sorted(rng.sample(free, min(number, len(free))))
        return tuple(_draw(shift, acct_no, "random") for acct_no in drawn)


def answer_check(shift: Shift, acct_no: str, check_no: str) -> None:
    """A photo has come."""
    found = select(spot_check.c.state).where(
        spot_check.c.check_no == check_no, spot_check.c.acct_no == acct_no
    )
    if shift.connection.scalar(found) != "open":
        raise Refused("request_refused", "这次抽检已经有结果或照片，不用再拍")
    _update(shift, check_no, state="answered")


def pass_check(engine: Engine, request_no: str, text: str, now: datetime) -> Decision:
    with at_work(engine, now) as shift:
        row, paper = _answered(shift, request_no)
        _close(shift, paper, "ok", paper.dial.value)
        return _decide(shift, row, PASSED, {"text": text})


def adjust_check(engine: Engine, request_no: str, value: int, text: str, now: datetime) -> Decision:
    """Staff see another value in the photo."""
    with at_work(engine, now) as shift:
        row, paper = _answered(shift, request_no)
        dial_m3 = card_of(shift, row.acct_no).dial_m3
        if not 0 <= value < dial_m3:
            raise BadEntry(f"读数应为 0 到 {dial_m3 - 1} 的整数，不能是 {value}")
        _close(shift, paper, "adjust", value)
        return _decide(shift, row, ADJUSTED, {"value": value, "text": text})


def retake_check(
    engine: Engine, request_no: str, reason: str, text: str, now: datetime
) -> Decision:
    """Asks for another photo: the check is open again."""
    if reason not in REJECTIONS:
        raise BadEntry(f"重拍原因应为 {'、'.join(REJECTIONS)} 之一，不能是 {reason}")
    with at_work(engine, now) as shift:
        row, paper = _answered(shift, request_no)
        answer_by = shift.today + timedelta(days=_DAYS_TO_RETAKE)
        _update(shift, paper.check_no, state="open", answer_by=answer_by)
        return _decide(shift, row, RETAKE, {"reason": reason, "text": text})


def check_on_site(engine: Engine, request_no: str, text: str, now: datetime) -> Decision:
    """Answers the visit that is due now, or was due already."""
    with at_work(engine, now) as shift:
        row, paper = _answered(shift, request_no)
        pending = card_of(shift, row.acct_no).pending_visit
        visit_no = pending or open_visit(shift, row.acct_no, "spot")
        _close(shift, paper, "field", paper.dial.value)
        return _decide(shift, row, FIELD, {"visit_no": visit_no, "text": text})


def _draw(shift: Shift, acct_no: str, sample_kind: str) -> DrawnCheck:
    card = card_of(shift, acct_no)
    pending = select(spot_check.c.check_no).where(
        spot_check.c.acct_no == acct_no, spot_check.c.state.in_(_PENDING)
    )
    if check_no := shift.connection.scalar(pending.limit(1)):
        raise OfficeError(f"户号 {acct_no} 的抽检 {check_no} 还没有结束")
    check_id = shift.next_id(spot_check.c.check_id)
    answer_by = shift.today + timedelta(days=DAYS_TO_ANSWER)
    drawn = DrawnCheck(check_number(check_id), acct_no, answer_by)
    shift.connection.execute(
        spot_check.insert().values(
            check_id=check_id,
            check_no=drawn.check_no,
            acct_no=acct_no,
            meter_id=card.meter_id,
            sample_kind=sample_kind,
            drawn_on=shift.today,
            answer_by=answer_by,
            state="open",
        )
    )
    told = {"check_no": drawn.check_no, "answer_by": answer_by.isoformat()}
    shift.tell("spot_check_drawn", told, acct_no=acct_no, ext_no=drawn.check_no)
    return drawn


def _may_be_drawn() -> Select[*tuple[str]]:
    account, meter = T["account"], T["meter"]
    under_way = exists().where(
        spot_check.c.acct_no == account.c.acct_no, spot_check.c.state.in_(_PENDING)
    )
    return (
        select(account.c.acct_no)
        .join(meter, meter.c.meter_id == account.c.meter_id)
        .where(account.c.status == "active", meter.c.tech == "mechanical", ~under_way)
        .order_by(account.c.acct_no)
    )


def _answered(shift: Shift, request_no: str) -> tuple[Row[Any], CheckPaper]:
    row = open_request(shift, request_no, (SPOT_CHECK,))
    paper = check_paper(content(row.payload))
    if paper is None:
        raise NoSuchThing(f"申请 {request_no} 读不出来")
    return row, paper


def _close(shift: Shift, paper: CheckPaper, result: str, value: int) -> None:
    closed = {"state": "closed", "result": result, "value": value, "closed_on": shift.today}
    _update(shift, paper.check_no, **closed)


def _decide(shift: Shift, row: Row[Any], state: str, data: dict[str, object]) -> Decision:
    shift.tell(f"spot_check_{state}", data, acct_no=row.acct_no, request_no=row.request_no)
    settle(shift, row.request_no, state, str(data["text"]))
    return Decision(row.request_no, state, visit_no=str(data.get("visit_no", "")))


def _update(shift: Shift, check_no: str, **values: object) -> None:
    shift.connection.execute(
        spot_check.update().where(spot_check.c.check_no == check_no).values(**values)
    )
