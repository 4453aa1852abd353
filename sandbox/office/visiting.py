"""Visits 预约上门: made due, booked into a slot, moved once, done or missed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select

from sandbox.city.schema import visit, visit_slot
from sandbox.city.visits import visit_number
from sandbox.office.cards import card_of, volume_of
from sandbox.office.counting import BY_READER, OpenedBill, Taken, count, tell_bill
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError
from sandbox.office.papers import VisitPaper
from sandbox.office.shift import Shift, at_work

REASONS = {
    "self6": "连续自报满六次",
    "spot": "抽查",
    "dispute": "对读数有疑问",
    "no_read": "长期未抄到",
}
_STATES = {
    "due": "待预约",
    "booked": "已约好",
    "done": "已办结",
    "missed": "未遇",
    "cancelled": "已取消",
}


def book(shift: Shift, acct_no: str, paper: VisitPaper) -> None:
    """The message of what goes wrong here and in `change` is told to the citizen."""
    row = _visit_of(shift, acct_no, paper.visit_no or _wished_for(shift, acct_no, paper.reason))
    if row.state != "due":
        raise OfficeError(f"这次上门{_STATES[row.state]}，不能再约")
    _take_slot(shift, acct_no, paper)
    _update(shift, row, state="booked", slot_no=paper.slot_no, slot_on=paper.on, band=paper.band)


def change(shift: Shift, acct_no: str, paper: VisitPaper) -> None:
    row = _visit_of(shift, acct_no, paper.visit_no)
    if row.state != "booked":
        raise OfficeError(f"这次上门{_STATES[row.state]}，不能改约")
    if row.reschedules:
        raise OfficeError("每次上门只能改约一次，这次已经改过了")
    if row.slot_no == paper.slot_no:
        raise OfficeError("新选的时段和原来的一样")
    _take_slot(shift, acct_no, paper)
    _free_slot(shift, row)
    moved = {"slot_no": paper.slot_no, "slot_on": paper.on, "band": paper.band}
    _update(shift, row, **moved, reschedules=row.reschedules + 1)


def make_visit_due(engine: Engine, acct_no: str, now: datetime, *, reason: str = "dispute") -> str:
    """Answers the number of the visit."""
    if reason not in REASONS:
        raise BadEntry(f"上门原因应为 {'、'.join(REASONS)} 之一，不能是 {reason}")
    with at_work(engine, now) as shift:
        card = card_of(shift, acct_no)
        if card.pending_visit:
            raise OfficeError(f"户号 {acct_no} 已有待办的上门 {card.pending_visit}")
        return open_visit(shift, acct_no, reason)


def visit_done(engine: Engine, visit_no: str, value: int, now: datetime) -> OpenedBill:
    """`value` is what staff read on site: it is billed, and self readings count from 0 again."""
    with at_work(engine, now) as shift:
        row = _visit_named(shift, visit_no, ("due", "booked"))
        card = card_of(shift, row.acct_no)
        bill = count(shift, card, Taken(volume_of(card, value), shift.today, BY_READER))
        _update(shift, row, state="done")
        shift.tell("visit_done", {"visit_no": visit_no}, acct_no=row.acct_no, ext_no=visit_no)
        tell_bill(shift, bill)
        return bill


def visit_missed(engine: Engine, visit_no: str, now: datetime) -> str:
    """Nobody was at home. The account still needs a visit: answers the number of the new one."""
    with at_work(engine, now) as shift:
        row = _visit_named(shift, visit_no, ("booked",))
        _update(shift, row, state="missed")
        shift.tell("visit_missed", {"visit_no": visit_no}, acct_no=row.acct_no, ext_no=visit_no)
        return open_visit(shift, row.acct_no, row.reason)


def open_visit(shift: Shift, acct_no: str, reason: str) -> str:
    """Due, and told to the account."""
    visit_no = _new_visit(shift, acct_no, reason)
    told = {"visit_no": visit_no, "reason": reason}
    shift.tell("visit_due", told, acct_no=acct_no, ext_no=visit_no)
    return visit_no


def _new_visit(shift: Shift, acct_no: str, reason: str) -> str:
    visit_id = shift.next_id(visit.c.visit_id)
    visit_no = visit_number(visit_id)
    shift.connection.execute(
        visit.insert().values(
            visit_id=visit_id,
            visit_no=visit_no,
            acct_no=acct_no,
            reason=reason,
            state="due",
            reschedules=0,
            made_on=shift.today,
        )
    )
    return visit_no


def _wished_for(shift: Shift, acct_no: str, reason: str) -> str:
    """A citizen asks for a visit by themselves: the one that is due, or a new one."""
    card = card_of(shift, acct_no)
    known = reason if reason in REASONS else "no_read"
    return card.pending_visit or _new_visit(shift, acct_no, known)


def _visit_of(shift: Shift, acct_no: str | None, visit_no: str) -> Row[Any]:
    found = select(visit).where(visit.c.visit_no == visit_no, visit.c.acct_no == acct_no)
    row = shift.connection.execute(found).one_or_none()
    if row is None:
        raise NoSuchThing("没有找到这次上门安排")
    return row


def _visit_named(shift: Shift, visit_no: str, states: tuple[str, ...]) -> Row[Any]:
    row = shift.connection.execute(select(visit).where(visit.c.visit_no == visit_no)).one_or_none()
    if row is None:
        raise NoSuchThing(f"没有上门 {visit_no}")
    if row.state not in states:
        wanted = "或".join(_STATES[state] for state in states)
        raise OfficeError(f"上门 {visit_no} {_STATES[row.state]}，只有{wanted}的才能这样办")
    return row


def _take_slot(shift: Shift, acct_no: str, paper: VisitPaper) -> None:
    slot = shift.connection.execute(
        select(visit_slot).where(visit_slot.c.slot_no == paper.slot_no)
    ).one_or_none()
    agreed = slot is not None and (slot.slot_on, slot.band) == (paper.on, paper.band)
    if slot is None or not agreed or slot.station_id != card_of(shift, acct_no).station_id:
        raise OfficeError("所选时段不在您的片区，请重新选择")
    if slot.slot_on < shift.today:
        raise OfficeError("所选时段已经过去，请重新选择")
    if slot.taken >= slot.capacity:
        raise OfficeError("所选时段刚刚约满，请重新选择")
    _move_taken(shift, paper.slot_no, 1)


def _free_slot(shift: Shift, row: Row[Any]) -> None:
    if row.slot_no:
        _move_taken(shift, row.slot_no, -1)


def _move_taken(shift: Shift, slot_no: str, by: int) -> None:
    shift.connection.execute(
        visit_slot.update()
        .where(visit_slot.c.slot_no == slot_no)
        .values(taken=visit_slot.c.taken + by)
    )


def _update(shift: Shift, row: Row[Any], **values: object) -> None:
    shift.connection.execute(
        visit.update().where(visit.c.visit_id == row.visit_id).values(**values)
    )
