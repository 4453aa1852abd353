"""The statements on what is due, each in the order of an index; a page is as much as is asked for.

Equal to a day, then above a key: (day, key) compared as a row is not SQL Server's, and written out
with OR it hides the index from all three databases.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    bindparam,
    select,
    union_all,
)

from backends.csms.tables import bill, meter, spot_check, visit

_ON = bindparam("on", type_=Date)
_AFTER = bindparam("after_no", type_=String)


def _owed(status: str) -> Select[*tuple[Any, ...]]:
    return (
        select(bill)
        .where(
            bill.c.due_date == _ON,
            bill.c.status == status,
            bill.c.bill_no > _AFTER,
            bill.c.amount + bill.c.late_fee > bill.c.paid_amount,
        )
        .order_by(bill.c.bill_no)
    )


_OWED = (_owed("open"), _owed("partly"))


def bills_due(limit: int) -> Select[*tuple[Any, ...]]:
    """Within a day, an index holds each state's bills in order. The database merges the two: how
    it sorts numbers is its own affair."""
    states = (select(owed.limit(limit).subquery()) for owed in _OWED)
    due = union_all(*states).subquery()
    return select(due).order_by(due.c.bill_no).limit(limit)


def _opened(*when: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(bill)
        .where(*when, bill.c.status != "reversed")
        .order_by(bill.c.opened_at, bill.c.bill_no)
    )


_last = bill.alias("last")
_last_opened_at = select(_last.c.opened_at).where(_last.c.bill_no == _AFTER).scalar_subquery()
BILLS_OPENED = _opened(bill.c.opened_at >= bindparam("since", type_=bill.c.opened_at.type))
BILLS_OPENED_WITH = _opened(bill.c.opened_at == _last_opened_at, bill.c.bill_no > _AFTER)
BILLS_OPENED_AFTER = _opened(bill.c.opened_at > _last_opened_at)
"""When the last one was opened never leaves the database: drivers round it, each in its way."""

METERS_TO_READ = (
    select(meter)
    .where(meter.c.next_reading_on == _ON, meter.c.is_remote == 0, meter.c.meter_code > _AFTER)
    .order_by(meter.c.meter_code)
)

VISITS_DUE = (
    select(visit)
    .where(visit.c.state == "due", visit.c.visit_no > _AFTER)
    .order_by(visit.c.visit_no)
)
VISITS_ON = (
    select(visit)
    .where(visit.c.slot_on == _ON, visit.c.state == "booked", visit.c.visit_no > _AFTER)
    .order_by(visit.c.visit_no)
)

SPOT_CHECKS_OPEN = (
    select(spot_check)
    .where(spot_check.c.state == "open", spot_check.c.check_no > _AFTER)
    .order_by(spot_check.c.check_no)
)
