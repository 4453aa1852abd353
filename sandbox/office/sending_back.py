"""Sent back to be put right 退回, or turned down for good, with what the citizen is told."""

from datetime import datetime

from sqlalchemy import Engine

from sandbox.office.errors import BadEntry
from sandbox.office.filings import CANCEL, CONNECTION, OVERRIDE, REAL_NAME, TRANSFER
from sandbox.office.papers import kind_of
from sandbox.office.shift import at_work
from sandbox.office.standing import UNDERWAY, WAITING, Decision, open_request, settle

RETURNED, REFUSED = "returned", "refused"
REASONS = {
    "blurred": "照片模糊",
    "incomplete": "材料不全",
    "address_mismatch": "地址不符",
    "name_mismatch": "姓名不符",
    "arrears": "有欠费",
    "barcode": "条码不符",
    "other": "其他",
}
_RETURNED_AS = {
    REAL_NAME: "real_name_returned",
    TRANSFER: "transfer_returned",
    OVERRIDE: "override_returned",
    CONNECTION: "connection_returned",
}
_REFUSED_AS = {CANCEL: "cancel_refused", CONNECTION: "connection_rejected"}
_STATES = (WAITING, UNDERWAY)


def send_back(engine: Engine, request_no: str, reason: str, text: str, now: datetime) -> Decision:
    """`reason` is of `REASONS`; a connection has none, but needs a `text`."""
    with at_work(engine, now) as shift:
        row = open_request(shift, request_no, _RETURNED_AS, _STATES)
        data = {"text": text}
        if kind_of(row) == CONNECTION:
            _needs(text)
        elif reason in REASONS:
            data = {"reason": reason, "text": text}
        else:
            raise BadEntry(f"退回原因应为 {'、'.join(REASONS)} 之一，不能是 {reason}")
        kind = _RETURNED_AS[kind_of(row)]
        shift.tell(kind, data, acct_no=row.acct_no, request_no=request_no)
        settle(shift, request_no, RETURNED, text or REASONS[reason])
        return Decision(request_no, RETURNED)


def turn_down(engine: Engine, request_no: str, text: str, now: datetime) -> Decision:
    _needs(text)
    with at_work(engine, now) as shift:
        row = open_request(shift, request_no, _REFUSED_AS, _STATES)
        kind = _REFUSED_AS[kind_of(row)]
        shift.tell(kind, {"text": text}, acct_no=row.acct_no, request_no=request_no)
        settle(shift, request_no, REFUSED, text)
        return Decision(request_no, REFUSED)


def _needs(text: str) -> None:
    if not text.strip():
        raise BadEntry("请写明原因，市民会看到")
