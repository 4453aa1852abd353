"""The review 内复 of self readings: accepted, put right, or sent back; and bills opened by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from sandbox.city.readings import VISIT_AFTER_SELF_READINGS
from sandbox.city.visits import SIX_SELF_READINGS
from sandbox.office.cards import Card, card_of, usual_m3, volume_of
from sandbox.office.counting import BY_CITIZEN, BY_READER, OpenedBill, Taken, count, tell_bill
from sandbox.office.errors import BadEntry, OfficeError
from sandbox.office.papers import READING, ReadingPaper, reading_paper
from sandbox.office.shift import Shift, at_work
from sandbox.office.standing import Decision, open_request, settle
from sandbox.office.visiting import open_visit

ACCEPTED, MODIFIED, REJECTED = "accepted", "modified", "rejected"
REJECTIONS = {
    "blurred": "模糊",
    "glare": "反光",
    "incomplete": "未拍全",
    "no_number": "看不清表号",
    "not_meter": "不是水表",
    "mismatch": "与户号不符",
    "other": "其他",
}


def accept_reading(engine: Engine, request_no: str, now: datetime) -> Decision:
    with at_work(engine, now) as shift:
        card, paper = _at_hand(shift, request_no)
        if paper.prev_value != card.last_value:
            raise OfficeError(
                f"申请 {request_no} 以 {paper.prev_value} 为上次读数，现在已是 {card.last_value}："
                "请改正读数，或退回"
            )
        return _count(shift, request_no, card, paper.read_on, paper.value, {}, ACCEPTED)


def modify_reading(
    engine: Engine, request_no: str, value: int, text: str, now: datetime
) -> Decision:
    """Counts what staff see in the photo instead of what the citizen typed."""
    with at_work(engine, now) as shift:
        card, paper = _at_hand(shift, request_no)
        told = {"entered": paper.value, "text": text}
        return _count(shift, request_no, card, paper.read_on, value, told, MODIFIED)


def reject_reading(
    engine: Engine, request_no: str, reason: str, text: str, now: datetime
) -> Decision:
    if reason not in REJECTIONS:
        raise BadEntry(f"退回原因应为 {'、'.join(REJECTIONS)} 之一，不能是 {reason}")
    with at_work(engine, now) as shift:
        acct_no, _ = _waiting(shift, request_no)
        shift.tell(
            "reading_rejected",
            {"reason": reason, "text": text},
            acct_no=acct_no,
            request_no=request_no,
        )
        settle(shift, request_no, REJECTED, text or REJECTIONS[reason])
        return Decision(request_no, REJECTED)


def open_bill(engine: Engine, acct_no: str, volume_m3: int | None, now: datetime) -> OpenedBill:
    """A reading of the utility's own, today, for the account's next turn; without a volume as much
    as it has used of late."""
    with at_work(engine, now) as shift:
        card = card_of(shift, acct_no)
        volume_m3 = usual_m3(shift, acct_no) if volume_m3 is None else volume_m3
        bill = count(shift, card, Taken(volume_m3, shift.today, BY_READER))
        tell_bill(shift, bill)
        return bill


def _waiting(shift: Shift, request_no: str) -> tuple[str, ReadingPaper]:
    """The account and the paper of a request in the queue."""
    row = open_request(shift, request_no, (READING,))
    paper = reading_paper(row.payload)
    if paper is None:
        raise OfficeError(f"申请 {request_no} 不能复核")
    return row.acct_no, paper


def _at_hand(shift: Shift, request_no: str) -> tuple[Card, ReadingPaper]:
    """What a reading is judged by; only one of the meter on the wall can count."""
    acct_no, paper = _waiting(shift, request_no)
    card = card_of(shift, acct_no)
    if card.pending_visit:
        raise OfficeError(
            f"户号 {acct_no} 须由工作人员上门抄表（{card.pending_visit}），照片读数不能记账：请退回"
        )
    if paper.meter_code != card.meter_code:
        raise OfficeError(
            f"申请 {request_no} 的水表 {paper.meter_code} 已不在用，"
            f"现在是 {card.meter_code}：请退回"
        )
    return card, paper


def _count(
    shift: Shift,
    request_no: str,
    card: Card,
    read_on: date,
    value: int,
    told: Mapping[str, Any],
    state: str,
) -> Decision:
    bill = count(shift, card, Taken(volume_of(card, value), read_on, BY_CITIZEN))
    opened = bill.as_event()
    data = {"period": bill.period, "value": value, **told, "volume_m3": opened["volume_m3"]}
    shift.tell(f"reading_{state}", data, acct_no=card.acct_no, request_no=request_no)
    tell_bill(shift, bill, request_no)
    settle(shift, request_no, state)
    visit_no = ""
    if bill.self_streak >= VISIT_AFTER_SELF_READINGS:
        visit_no = open_visit(shift, card.acct_no, SIX_SELF_READINGS)
    return Decision(request_no, state, bill, visit_no)
