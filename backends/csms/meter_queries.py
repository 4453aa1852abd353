"""The statements on meters, readings and visits, built once."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, select

from backends.csms.tables import meter, reading, visit, visit_slot

MOST_SLOTS = 12

_ACCT_NO = bindparam("acct_no", type_=meter.c.acct_no.type)
_ACCT_NOS: BindParameter[Sequence[str]] = bindparam("acct_nos", expanding=True)
_SINCE = bindparam("since", type_=reading.c.read_on.type)

METERS = select(meter).where(meter.c.acct_no.in_(_ACCT_NOS))

READINGS = (
    select(reading)
    .where(reading.c.acct_no == _ACCT_NO, reading.c.read_on >= _SINCE)
    .order_by(reading.c.read_on.desc(), reading.c.period.desc(), reading.c.meter_code.desc())
)

VISITS = (
    select(visit)
    .where(visit.c.acct_no == _ACCT_NO, visit.c.state.in_(("due", "booked")))
    .order_by(visit.c.visit_no)
)

VISIT_SLOTS = (
    select(visit_slot)
    .where(
        visit_slot.c.area.in_(select(meter.c.area).where(meter.c.acct_no == _ACCT_NO)),
        visit_slot.c.slot_on >= _SINCE,
        visit_slot.c.free > 0,
    )
    .order_by(visit_slot.c.slot_on, visit_slot.c.band, visit_slot.c.slot_no)
    .limit(MOST_SLOTS)
)

PROBES = (
    select(meter).where(meter.c.acct_no == ""),
    select(reading).where(reading.c.acct_no == ""),
    select(visit).where(visit.c.acct_no == ""),
    select(visit_slot).where(visit_slot.c.area == ""),
)
