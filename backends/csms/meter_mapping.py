"""Rows on meters, readings and visits become values of the ports."""

from backends.csms.cells import FEN, LITRE, AnyRow, code, exact, flag, given, text, whole
from backends.ports import Meter, Reading, Visit, VisitSlot


def to_meter(row: AnyRow) -> Meter:
    return Meter(
        meter_code=code(row.meter_code),
        acct_no=code(row.acct_no),
        digits=whole(row.digits),
        remote=flag(row.is_remote),
        q3_m3_h=exact(row.q3, FEN),
        last_value=whole(row.last_value),
        last_read_on=given(row.last_read_on),
        next_reading_on=row.next_reading_on,
        self_streak=whole(row.self_streak),
        visit_due=flag(row.visit_due),
    )


def to_reading(row: AnyRow) -> Reading:
    return Reading(
        acct_no=code(row.acct_no),
        meter_code=code(row.meter_code),
        period=code(row.period),
        prev_value=whole(row.prev_value),
        prev_date=given(row.prev_date),
        value=whole(row.value),
        read_on=given(row.read_on),
        volume_m3=exact(row.volume, LITRE),
        source=code(row.source),
        estimated=flag(row.is_estimated),
    )


def to_visit(row: AnyRow) -> Visit:
    return Visit(
        visit_no=code(row.visit_no),
        acct_no=code(row.acct_no),
        reason=code(row.reason),
        state=code(row.state),
        on=row.slot_on,
        band=text(row.band) or "",
        reschedules=whole(row.reschedules),
    )


def to_visit_slot(row: AnyRow) -> VisitSlot:
    return VisitSlot(slot_no=code(row.slot_no), on=given(row.slot_on), band=code(row.band))
