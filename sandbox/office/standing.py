"""Where a request stands: taken, waiting, decided. Each is decided once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from sandbox.city.schema import request_state, wx_request
from sandbox.office.counting import OpenedBill
from sandbox.office.errors import NoSuchThing, OfficeError
from sandbox.office.papers import kind_of
from sandbox.office.shift import Shift

WAITING, UNDERWAY = "waiting", "underway"
STATES = {
    WAITING: "还在等候",
    UNDERWAY: "在办理中",
    "accepted": "已通过",
    "modified": "已改正通过",
    "rejected": "已退回",
    "refused": "未受理",
    "booked": "已约好",
    "changed": "已改好",
    "approved": "已批准",
    "returned": "已退回",
    "passed": "已通过",
    "adjusted": "已改正",
    "retake": "已请重拍",
    "field": "已转上门",
    "done": "已办结",
    "posted": "已入账",
}
KINDS = {
    "reading": "自助抄表",
    "visit": "预约上门",
    "visit_change": "改上门时间",
    "contact": "改联系信息",
    "bill_type": "改账单方式",
    "real_name": "实名登记",
    "transfer": "过户",
    "override": "变更申请",
    "cancel_real_name": "解除实名",
    "spot_check": "抽检",
    "connection": "报装",
    "payment": "缴费",
}
_LONGEST_REMARK = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """`visit_no` names the visit that the decision has made due, else ''."""

    request_no: str
    state: str
    bill: OpenedBill | None = None
    visit_no: str = ""


def open_request(
    shift: Shift, request_no: str, kinds: Collection[str], states: Collection[str] = (WAITING,)
) -> Row[Any]:
    """A request in the queue that may still be decided, and in this way."""
    row = shift.connection.execute(
        select(wx_request, request_state.c.state)
        .outerjoin(request_state, request_state.c.request_no == wx_request.c.request_no)
        .where(wx_request.c.request_no == request_no)
    ).one_or_none()
    if row is None or row.state is None:
        raise NoSuchThing(f"队列里没有申请 {request_no}")
    kind = kind_of(row)
    if kind not in kinds:
        raise OfficeError(f"申请 {request_no} 是{KINDS.get(kind, row.kind)}，不能这样办")
    if row.state not in states:
        raise OfficeError(f"申请 {request_no} {STATES[row.state]}，不能再办")
    return row


def settle(shift: Shift, request_no: str, state: str, remark: str = "") -> None:
    shift.connection.execute(
        request_state.update()
        .where(request_state.c.request_no == request_no)
        .values(state=state, changed_at=shift.at, remark=remark[:_LONGEST_REMARK])
    )
