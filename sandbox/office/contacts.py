"""What CSMS changes by itself, at once: how a holder is reached, whether bills come on paper."""

from typing import Any

from sqlalchemy import Row

from sandbox.city.schema import metadata
from sandbox.office.errors import Refused
from sandbox.office.filings import contact_changes
from sandbox.office.holders import customer_of
from sandbox.office.papers import content
from sandbox.office.private import opened
from sandbox.office.shift import Shift
from sandbox.office.standing import settle

T = metadata.tables
CHANGED = "changed"


def change_contact(shift: Shift, row: Row[Any]) -> str:
    changes = contact_changes(content(row.payload), opened(shift.connection, row.private))
    if changes is None:
        raise Refused("contact_refused", "收到的联系信息不完整，请重新提交")
    customer = T["customer"]
    fresh = {"mobile_stale": 0} if "mobile" in changes else {}
    values = {name: value or None for name, value in changes.items()}
    shift.connection.execute(
        customer.update()
        .where(customer.c.cust_id == customer_of(shift, row.acct_no))
        .values(**values, **fresh)
    )
    return _changed(shift, row, "contact_changed", {})


def change_bill_type(shift: Shift, row: Row[Any]) -> str:
    paper = content(row.payload).get("paper")
    if type(paper) is not bool:
        raise Refused("request_refused", "收到的账单方式不完整，请重新提交")
    account = T["account"]
    shift.connection.execute(
        account.update()
        .where(account.c.acct_no == row.acct_no)
        .values(paper_bill=int(paper), updated_at=shift.at)
    )
    return _changed(shift, row, "bill_type_changed", {"paper": paper})


def _changed(shift: Shift, row: Row[Any], kind: str, data: dict[str, object]) -> str:
    shift.tell(kind, data, acct_no=row.acct_no, request_no=row.request_no)
    settle(shift, row.request_no, CHANGED)
    return CHANGED
