"""Takes what citizens have sent: readings into the queue for review 内复, visits carried out at
once, and refusals of what cannot be understood. Running it again changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, select

from sandbox.city.schema import metadata, request_state, wx_request
from sandbox.office.errors import OfficeError
from sandbox.office.papers import READING, VISIT, VISIT_CHANGE, reading_paper, visit_paper
from sandbox.office.shift import Shift, at_work
from sandbox.office.visiting import book, change

T = metadata.tables
WAITING, REFUSED, BOOKED, CHANGED = "waiting", "refused", "booked", "changed"
_LONGEST_REMARK = 200
_Taker = Callable[[Shift, Row[Any]], str]


@dataclass(frozen=True, slots=True)
class TakenRequest:
    """`state`: waiting, booked, changed or refused."""

    request_no: str
    state: str


class _Refusal(OfficeError):
    """Told to the citizen; `kind` is the event."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def take_requests(engine: Engine, now: datetime) -> tuple[TakenRequest, ...]:
    # A look without the lock first: mostly there is nothing new.
    with engine.connect() as connection:
        if connection.execute(_new().limit(1)).first() is None:
            return ()
    with at_work(engine, now) as shift:
        rows: Sequence[Row[Any]] = shift.connection.execute(_new()).all()
        return tuple(TakenRequest(row.request_no, _take(shift, row)) for row in rows)


def settle(shift: Shift, request_no: str, state: str, remark: str = "") -> None:
    shift.connection.execute(
        request_state.update()
        .where(request_state.c.request_no == request_no)
        .values(state=state, changed_at=shift.at, remark=remark[:_LONGEST_REMARK])
    )


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
    taker = _TAKERS.get(row.kind.strip().lower())
    try:
        if taker is None:
            raise _Refusal("request_refused", "营业系统还不能办理这类申请，请联系人工客服")
        return taker(shift, row)
    except _Refusal as refusal:
        shift.tell(
            refusal.kind, {"text": str(refusal)}, acct_no=row.acct_no, request_no=row.request_no
        )
        settle(shift, row.request_no, REFUSED, str(refusal))
        return REFUSED


def _take_reading(shift: Shift, row: Row[Any]) -> str:
    if reading_paper(row.payload) is None:
        raise _Refusal("request_refused", "收到的读数不完整，请重新提交")
    account = T["account"]
    known = select(account.c.acct_no).where(account.c.acct_no == row.acct_no)
    if shift.connection.execute(known).first() is None:
        raise _Refusal("request_refused", "营业系统里没有这个户号")
    shift.tell("request_taken", {}, acct_no=row.acct_no, request_no=row.request_no)
    return WAITING


def _take_visit(shift: Shift, row: Row[Any]) -> str:
    return _carry_out(shift, row, book, ("visit_booked", BOOKED))


def _take_visit_change(shift: Shift, row: Row[Any]) -> str:
    return _carry_out(shift, row, change, ("visit_changed", CHANGED))


def _carry_out(
    shift: Shift, row: Row[Any], carry_out: Callable[..., None], done: tuple[str, str]
) -> str:
    paper = visit_paper(row.payload)
    if paper is None:
        raise _Refusal("request_refused", "收到的预约不完整，请重新预约")
    try:
        carry_out(shift, row.acct_no, paper)
    except OfficeError as error:
        raise _Refusal("visit_refused", str(error)) from error
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
    READING: _take_reading,
    VISIT: _take_visit,
    VISIT_CHANGE: _take_visit_change,
}
