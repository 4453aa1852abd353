"""What staff look up beside the queue: dials, visits, and the events told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select

from sandbox.city.schema import metadata, visit, wx_event
from sandbox.office.errors import NoSuchThing
from sandbox.office.night import UNPAID
from sandbox.office.papers import content

T = metadata.tables
MOST = 200


@dataclass(frozen=True, slots=True)
class Dial:
    """What an account's meter showed last; `last_value` in whole m³. `next_reading_on`: the next
    turn of its route; `due_on`: when its newest unpaid bill falls due; None where there is none."""

    acct_no: str
    owner_name: str
    meter_code: str
    digits: int
    last_value: int
    last_read_on: date
    next_reading_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class VisitEntry:
    visit_no: str
    acct_no: str
    reason: str
    state: str
    on: date | None
    band: str
    reschedules: int


@dataclass(frozen=True, slots=True)
class ToldEvent:
    event_id: int
    kind: str
    at: datetime
    acct_no: str
    request_no: str
    ext_no: str
    data: Mapping[str, Any]


def visits(
    engine: Engine, *, states: Sequence[str] = ("booked", "due"), limit: int = MOST
) -> tuple[VisitEntry, ...]:
    """Booked ones by their day, then those due, newest first."""
    order = (visit.c.state, visit.c.slot_on, visit.c.visit_id.desc())
    found = select(visit).where(visit.c.state.in_(states)).order_by(*order).limit(limit)
    with engine.connect() as connection:
        return tuple(
            VisitEntry(
                row.visit_no,
                row.acct_no,
                row.reason,
                row.state,
                row.slot_on,
                row.band or "",
                row.reschedules,
            )
            for row in connection.execute(found)
        )


def dial(engine: Engine, acct_no: str) -> Dial:
    account, meter = T["account"], T["meter"]
    found = (
        select(account, meter.c.barcode, meter.c.digits)
        .join(meter, meter.c.meter_id == account.c.meter_id)
        .where(account.c.acct_no == acct_no)
    )
    with engine.connect() as connection:
        row = connection.execute(found).one_or_none()
        if row is None:
            raise NoSuchThing(f"没有户号 {acct_no}，或它没有在用的水表")
        next_reading_on = connection.scalar(_next_turn(row.route_id, row.read_period))
        due_on = connection.scalar(_newest_due(acct_no))
    return Dial(
        acct_no=row.acct_no,
        owner_name=row.owner_name or "",
        meter_code=row.barcode,
        digits=row.digits,
        last_value=row.last_read_l // 1000,
        last_read_on=row.last_read_on,
        next_reading_on=next_reading_on,
        due_on=due_on,
    )


def _next_turn(route_id: int, read_period: str) -> Select[date]:
    calendar = T["route_calendar"]
    return select(func.min(calendar.c.plan_date)).where(
        calendar.c.route_id == route_id,
        calendar.c.status == "planned",
        calendar.c.period > read_period,
    )


def _newest_due(acct_no: str) -> Select[date]:
    bill = T["bill"]
    return select(func.max(bill.c.due_date)).where(
        bill.c.acct_no == acct_no, bill.c.status.in_(UNPAID)
    )


def events(engine: Engine, *, after: int = 0, limit: int = MOST) -> tuple[ToldEvent, ...]:
    found = select(wx_event).where(wx_event.c.event_id > after).order_by(wx_event.c.event_id)
    with engine.connect() as connection:
        return tuple(
            ToldEvent(
                row.event_id,
                row.kind,
                row.at,
                row.acct_no or "",
                row.request_no or "",
                row.ext_no or "",
                content(row.data),
            )
            for row in connection.execute(found.limit(limit))
        )
