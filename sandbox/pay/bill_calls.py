"""The calls about bills: a bill is ordered, and then fetched by a link."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask import Response

from sandbox.clock import SHANGHAI
from sandbox.pay.answers import new_nonce
from sandbox.pay.bill_entries import Span
from sandbox.pay.bills import KINDS, trade_lines
from sandbox.pay.calls import Answer, Asked, Call
from sandbox.pay.desk import PayDesk
from sandbox.pay.errors import PayError, bad_field, invalid
from sandbox.pay.flows import flow_lines
from sandbox.pay.shelf import Bill

READY_AT = time(10)
_KEPT = timedelta(days=92)
_ACCOUNTS = ("BASIC", "OPERATION", "FEES")
_SHA1_OF_NOTHING = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def _trade_bill(asked: Asked) -> Answer:
    kind = asked.query.get("bill_type", "ALL")
    if kind not in (*KINDS, "RECHARGE_REFUND"):
        raise bad_field("bill_type", kind, "账单类型错误", "query")
    return _ordered(asked, kind)


def _flow_bill(asked: Asked) -> Answer:
    kind = asked.query.get("account_type", "BASIC")
    if kind not in _ACCOUNTS:
        raise bad_field("account_type", kind, "资金账户类型错误", "query")
    return _ordered(asked, kind)


def _ordered(asked: Asked, kind: str) -> Answer:
    desk, faults = asked.desk, asked.desk.faults
    day, zipped = _day(asked), _zipped(asked)
    _check_ready(desk, day)
    desk.end_refunds()
    bill = _bill(desk, day, kind)
    token = new_nonce(desk, 48)
    desk.shelf.link(token, bill, desk.now(), zipped=zipped, truncated=faults.bill_truncated)
    return {
        "hash_type": "SHA1",
        "hash_value": _SHA1_OF_NOTHING if faults.bill_bad_hash else bill.sha1,
        "download_url": f"{desk.address}/v3/billdownload/file?token={token}",
    }


def _download(asked: Asked) -> Answer:
    desk = asked.desk
    pieces = desk.shelf.pieces(asked.query.get("token", ""), desk.now())
    if pieces is None:
        raise bad_field("token", "", "下载地址已失效", "query")
    return Response(pieces, content_type="application/octet-stream")


def _day(asked: Asked) -> date:
    given = asked.query.get("bill_date", "")
    try:
        if len(given) != 10:
            raise ValueError
        return date.fromisoformat(given)
    except ValueError as error:
        raise bad_field("bill_date", given, "账单日期格式错误", "query") from error


def _zipped(asked: Asked) -> bool:
    given = asked.query.get("tar_type")
    if given not in (None, "GZIP"):
        raise bad_field("tar_type", given, "压缩类型错误", "query")
    return given == "GZIP"


def _check_ready(desk: PayDesk, day: date) -> None:
    now = desk.world.clock.moment()
    if day >= now.date():
        raise invalid("账单日期不能是今天或以后")
    if day < now.date() - _KEPT:
        raise invalid("只能下载三个月以内的账单")
    in_the_making = day == now.date() - timedelta(days=1) and now.time() < READY_AT
    if in_the_making or desk.faults.bill_late:
        raise PayError(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")


def _bill(desk: PayDesk, day: date, kind: str) -> Bill:
    """Made once: what is past does not change any more, only the switches do."""
    key = (day, kind, desk.faults)
    shelf = desk.shelf
    with shelf.making:
        if (made := shelf.bill(key)) is not None:
            return made
        with desk.store.reading() as db:
            span = _span(day)
            if kind not in (*KINDS, "BASIC") or not _anything(db, span, kind):
                raise PayError(400, "NO_STATEMENT_EXIST", "当天没有账单")
            return shelf.put(key, _lines(desk, db, span, kind), bom=desk.faults.bill_bom)


def _lines(desk: PayDesk, db: sqlite3.Connection, span: Span, kind: str) -> Iterator[str]:
    if kind == "BASIC":
        return flow_lines(db, span, desk.merchant())
    return trade_lines(db, kind, span, desk.merchant(), desk.faults)


def _anything(db: sqlite3.Connection, span: Span, kind: str) -> bool:
    (payments, refunds) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM trade WHERE paid_at >= ? AND paid_at < ?),"
        " EXISTS (SELECT 1 FROM refund WHERE succeeded_at >= ? AND succeeded_at < ?)",
        (span.since, span.until) * 2,
    ).fetchone()
    return bool((payments and kind != "REFUND") or (refunds and kind != "SUCCESS"))


def _span(day: date) -> Span:
    begins = datetime.combine(day, time(), SHANGHAI)
    return Span(begins.timestamp(), (begins + timedelta(days=1)).timestamp())


BILL_CALLS = (
    Call("GET", re.compile(r"bill/tradebill"), _trade_bill),
    Call("GET", re.compile(r"bill/fundflowbill"), _flow_bill),
    Call("GET", re.compile(r"billdownload/file"), _download),
)
