"""Into the queue, for staff to decide: what can be read; the rest is refused to who asked."""

from typing import Any

from sqlalchemy import Row, select

from sandbox.city.schema import metadata
from sandbox.office.checks import answer_check
from sandbox.office.errors import Refused
from sandbox.office.filings import (
    check_paper,
    holder_paper,
    is_cancelling,
    is_connection,
    real_name_of,
)
from sandbox.office.papers import content, kind_of, reading_paper
from sandbox.office.private import opened
from sandbox.office.shift import Shift
from sandbox.office.standing import WAITING

T = metadata.tables
_INCOMPLETE = "收到的申请不完整，请重新提交"


def known_account(shift: Shift, row: Row[Any]) -> None:
    account = T["account"]
    known = select(account.c.acct_no).where(account.c.acct_no == row.acct_no)
    if shift.connection.execute(known).first() is None:
        raise Refused("request_refused", "营业系统里没有这个户号")


def receive_reading(shift: Shift, row: Row[Any]) -> str:
    return _into_queue(shift, row, "收到的读数不完整，请重新提交", reading_paper(row.payload))


def receive_real_name(shift: Shift, row: Row[Any]) -> str:
    private = opened(shift.connection, row.private)
    return _into_queue(shift, row, _INCOMPLETE, real_name_of(content(row.payload), private))


def receive_holder(shift: Shift, row: Row[Any]) -> str:
    private = opened(shift.connection, row.private)
    paper = holder_paper(kind_of(row), content(row.payload), private)
    return _into_queue(shift, row, _INCOMPLETE, paper)


def receive_cancelling(shift: Shift, row: Row[Any]) -> str:
    return _into_queue(shift, row, _INCOMPLETE, is_cancelling(content(row.payload)))


def receive_connection(shift: Shift, row: Row[Any]) -> str:
    private = opened(shift.connection, row.private)
    return _into_queue(shift, row, _INCOMPLETE, is_connection(content(row.payload), private))


def receive_check(shift: Shift, row: Row[Any]) -> str:
    paper = check_paper(content(row.payload))
    if paper is not None:
        answer_check(shift, row.acct_no, paper.check_no)
    return _into_queue(shift, row, "收到的抽检照片不完整，请重新提交", paper)


def _into_queue(shift: Shift, row: Row[Any], otherwise: str, readable: object) -> str:
    if not readable:
        raise Refused("request_refused", otherwise)
    shift.tell("request_taken", {}, acct_no=row.acct_no, request_no=row.request_no)
    return WAITING
