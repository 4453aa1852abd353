"""Takes what citizens have sent: into the queue what staff decide, carried out at once what needs
nobody, and refusals of what cannot be understood. Running it again changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, select

from sandbox.city.schema import request_state, wx_request
from sandbox.office.contacts import change_bill_type, change_contact
from sandbox.office.errors import OfficeError, Refused
from sandbox.office.filings import (
    BILL_TYPE,
    CANCEL,
    CONNECTION,
    CONTACT,
    OVERRIDE,
    REAL_NAME,
    SPOT_CHECK,
    TRANSFER,
)
from sandbox.office.papers import READING, VISIT, VISIT_CHANGE, kind_of, visit_paper
from sandbox.office.paying import post_payment
from sandbox.office.payment_paper import PAYMENT
from sandbox.office.receiving import (
    known_account,
    receive_cancelling,
    receive_check,
    receive_connection,
    receive_holder,
    receive_reading,
    receive_real_name,
)
from sandbox.office.shift import Shift, at_work, close_days
from sandbox.office.standing import WAITING, settle
from sandbox.office.visiting import book, change

REFUSED, BOOKED, CHANGED = "refused", "booked", "changed"
# An override of an account that does not exist waits like any other: the answer tells nobody. Money
# has a refusal of its own.
_WITHOUT_ACCOUNT = (OVERRIDE, CONNECTION, PAYMENT)
_Taker = Callable[[Shift, Row[Any]], str]


@dataclass(frozen=True, slots=True)
class TakenRequest:
    """`state`: waiting, booked, changed, posted or refused."""

    request_no: str
    state: str


def take_requests(engine: Engine, now: datetime) -> tuple[TakenRequest, ...]:
    close_days(engine, now)
    # A look without the lock first: mostly there is nothing new.
    with engine.connect() as connection:
        if connection.execute(_new().limit(1)).first() is None:
            return ()
    with at_work(engine, now) as shift:
        rows: Sequence[Row[Any]] = shift.connection.execute(_new()).all()
        return tuple(TakenRequest(row.request_no, _take(shift, row)) for row in rows)


def _new() -> Select[*tuple[Any, ...]]:
    return (
        select(wx_request)
        .outerjoin(request_state, request_state.c.request_no == wx_request.c.request_no)
        .where(request_state.c.request_no.is_(None))
        .order_by(wx_request.c.created_at, wx_request.c.request_no)
    )


def _take(shift: Shift, row: Row[Any]) -> str:
    shift.connection.execute(
        request_state.insert().values(
            request_no=row.request_no,
            state=WAITING,
            taken_at=shift.at,
            changed_at=shift.at,
            remark="",
        )
    )
    kind = kind_of(row)
    taker = _TAKERS.get(kind)
    try:
        if taker is None:
            raise Refused("request_refused", "营业系统还不能办理这类申请，请联系人工客服")
        if kind not in _WITHOUT_ACCOUNT:
            known_account(shift, row)
        return taker(shift, row)
    except Refused as refusal:
        shift.tell(
            refusal.kind, {"text": str(refusal)}, acct_no=row.acct_no, request_no=row.request_no
        )
        settle(shift, row.request_no, REFUSED, str(refusal))
        return REFUSED


def _take_visit(shift: Shift, row: Row[Any]) -> str:
    return _carry_out(shift, row, book, ("visit_booked", BOOKED))


def _take_visit_change(shift: Shift, row: Row[Any]) -> str:
    return _carry_out(shift, row, change, ("visit_changed", CHANGED))


def _carry_out(
    shift: Shift, row: Row[Any], carry_out: Callable[..., None], done: tuple[str, str]
) -> str:
    paper = visit_paper(row.payload)
    if paper is None:
        raise Refused("request_refused", "收到的预约不完整，请重新预约")
    try:
        carry_out(shift, row.acct_no, paper)
    except OfficeError as error:
        raise Refused("visit_refused", str(error)) from error
    event, state = done
    shift.tell(
        event,
        {"visit_no": paper.visit_no, "on": paper.on.isoformat(), "band": paper.band},
        acct_no=row.acct_no,
        request_no=row.request_no,
        ext_no=paper.visit_no,
    )
    settle(shift, row.request_no, state)
    return state


_TAKERS: dict[str, _Taker] = {
    READING: receive_reading,
    VISIT: _take_visit,
    VISIT_CHANGE: _take_visit_change,
    CONTACT: change_contact,
    BILL_TYPE: change_bill_type,
    REAL_NAME: receive_real_name,
    TRANSFER: receive_holder,
    OVERRIDE: receive_holder,
    CANCEL: receive_cancelling,
    SPOT_CHECK: receive_check,
    CONNECTION: receive_connection,
    PAYMENT: post_payment,
}
