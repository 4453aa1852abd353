"""Approved by staff: a real name 实名 or its end 解除实名, a new holder by 过户 or 变更申请."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row

from sandbox.office.cards import card_of, volume_of
from sandbox.office.counting import BY_CITIZEN, OpenedBill, Taken, count, tell_bill
from sandbox.office.errors import NoSuchThing, OfficeError
from sandbox.office.filings import (
    CANCEL,
    OVERRIDE,
    REAL_NAME,
    TRANSFER,
    Dial,
    HolderPaper,
    holder_paper,
    real_name_of,
)
from sandbox.office.holders import forget, hand_on, has_real_name, owed_by, register
from sandbox.office.papers import content, kind_of
from sandbox.office.private import opened
from sandbox.office.shift import Shift, at_work
from sandbox.office.standing import Decision, open_request, settle

APPROVED = "approved"
_FEWEST_TYPED = 6


def approve(engine: Engine, request_no: str, now: datetime) -> Decision:
    with at_work(engine, now) as shift:
        row = open_request(shift, request_no, _APPROVERS)
        bill = _APPROVERS[kind_of(row)](shift, row)
        settle(shift, request_no, APPROVED)
        return Decision(request_no, APPROVED, bill)


def _approve_real_name(shift: Shift, row: Row[Any]) -> None:
    if has_real_name(shift, row.acct_no):
        raise OfficeError(f"户号 {row.acct_no} 已有实名，要按过户办理：请退回")
    private = opened(shift.connection, row.private)
    register(shift, row.acct_no, real_name_of(content(row.payload), private))
    _tell(shift, row, "real_name_approved", {"since": shift.today.isoformat()})


def _approve_transfer(shift: Shift, row: Row[Any]) -> OpenedBill | None:
    paper = _paper(shift, row)
    owed = owed_by(shift.connection, (row.acct_no,)).get(row.acct_no)
    if owed and paper.arrears == "none":
        raise OfficeError(f"户号 {row.acct_no} 还欠 {owed} 元，没有人承担：请以“有欠费”退回")
    bill, benefit = _hand_on(shift, row, paper)
    since = shift.today.isoformat()
    data = {"since": since, "benefit": benefit, "value": paper.dial.value}
    _tell(shift, row, "transfer_approved", data)
    return bill


def _approve_override(shift: Shift, row: Row[Any]) -> OpenedBill | None:
    bill, _ = _hand_on(shift, row, _paper(shift, row))
    _tell(shift, row, "override_approved", {"since": shift.today.isoformat()})
    return bill


def _cancel_real_name(shift: Shift, row: Row[Any]) -> None:
    if not has_real_name(shift, row.acct_no):
        raise OfficeError(f"户号 {row.acct_no} 没有实名，不用解除：请不同意")
    forget(shift, row.acct_no)
    _tell(shift, row, "real_name_cancelled", {})


_APPROVERS = {
    REAL_NAME: _approve_real_name,
    TRANSFER: _approve_transfer,
    OVERRIDE: _approve_override,
    CANCEL: _cancel_real_name,
}


def _hand_on(shift: Shift, row: Row[Any], paper: HolderPaper) -> tuple[OpenedBill | None, bool]:
    """The former holder's last bill, and whether the new one has the benefit."""
    bill = _final_bill(shift, row, paper.dial)
    return bill, hand_on(shift, row.acct_no, paper.name, paper.mobile, paper.dial.value)


def _final_bill(shift: Shift, row: Row[Any], dial: Dial) -> OpenedBill | None:
    """None where the meter was read that day or later: what has run through since is on the new
    holder's first."""
    card = card_of(shift, row.acct_no)
    typed = dial.meter_code.upper()
    if len(typed) < _FEWEST_TYPED or not card.meter_code.endswith(typed):
        raise OfficeError(
            f"申请里的水表 {typed} 与在用的 {card.meter_code} 不符：请以“条码不符”退回"
        )
    volume_m3 = volume_of(card, dial.value)
    if dial.read_on <= card.last_read_on:
        return None
    bill = count(shift, card, Taken(volume_m3, dial.read_on, BY_CITIZEN))
    tell_bill(shift, bill, row.request_no)
    return bill


def _paper(shift: Shift, row: Row[Any]) -> HolderPaper:
    private = opened(shift.connection, row.private)
    paper = holder_paper(kind_of(row), content(row.payload), private)
    if paper is None:
        raise NoSuchThing(f"申请 {row.request_no} 的资料打不开：请退回")
    return paper


def _tell(shift: Shift, row: Row[Any], kind: str, data: dict[str, object]) -> None:
    shift.tell(kind, data, acct_no=row.acct_no, request_no=row.request_no)
