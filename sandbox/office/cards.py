"""The card 户卡 of an account: what staff must know before they count a reading."""

from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import select

from sandbox.city.schema import metadata
from sandbox.city.tariffs import NO_BOUND_L
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError
from sandbox.office.shift import Shift

T = metadata.tables
PENDING = ("due", "booked")
_USUAL_READINGS, _USUAL_M3 = 5, 15


@dataclass(frozen=True, slots=True)
class Card:
    """`next_period` is the turn of the route that this account has not been read for, None when
    none is planned; `pending_visit` the number of a visit that is due or booked, or ''."""

    acct_no: str
    use_class: str
    people: int
    meter_id: int
    meter_code: str
    digits: int
    station_id: int
    tier_year: int
    used_l: int
    bounds: tuple[int, int]
    last_l: int
    last_read_on: date
    next_period: str | None
    self_streak: int
    pending_visit: str

    @property
    def last_value(self) -> int:
        return self.last_l // 1000

    @property
    def dial_m3(self) -> int:
        """How many whole m³ the dial shows before it begins anew."""
        return int(10**self.digits)


def card_of(shift: Shift, acct_no: str) -> Card:
    account, meter, route = T["account"], T["meter"], T["route"]
    row = shift.connection.execute(
        select(account, meter.c.barcode, meter.c.digits, route.c.station_id)
        .select_from(account)
        .join(route, route.c.route_id == account.c.route_id)
        .outerjoin(meter, meter.c.meter_id == account.c.meter_id)
        .where(account.c.acct_no == acct_no)
    ).one_or_none()
    if row is None:
        raise NoSuchThing(f"没有户号 {acct_no}")
    if row.barcode is None:
        raise OfficeError(f"户号 {acct_no} 已销户，没有在用的水表")
    return Card(
        acct_no=row.acct_no,
        use_class=row.use_class,
        people=row.people_count,
        meter_id=row.meter_id,
        meter_code=row.barcode,
        digits=row.digits,
        station_id=row.station_id,
        tier_year=row.tier_year,
        used_l=row.tier_cum_l,
        bounds=(_bound(row.tier1_upto_l), _bound(row.tier2_upto_l)),
        last_l=row.last_read_l,
        last_read_on=row.last_read_on,
        next_period=_next_period(shift, row.route_id, row.read_period),
        self_streak=row.self_streak,
        pending_visit=_pending_visit(shift, row.acct_no),
    )


def volume_of(card: Card, value: int) -> int:
    """Whole m³ since the last reading. A dial that passed its end 过零 begins anew at 0."""
    if not 0 <= value < card.dial_m3:
        raise BadEntry(f"读数应为 0 到 {card.dial_m3 - 1} 的整数，不能是 {value}")
    run = value - card.last_value
    if run >= 0:
        return run
    if run + card.dial_m3 > card.dial_m3 // 2:
        raise OfficeError(f"读数 {value} 小于上次的 {card.last_value}，又不像水表过零：请核对")
    return run + card.dial_m3


def usual_m3(shift: Shift, acct_no: str) -> int:
    """The middle of the last few readings: who was away once has not changed their habits."""
    reading = T["reading"]
    latest = shift.connection.scalars(
        select(reading.c.consumption_l)
        .where(reading.c.acct_no == acct_no)
        .order_by(reading.c.period.desc(), reading.c.reading_id.desc())
        .limit(_USUAL_READINGS)
    ).all()
    return round(median(latest) / 1000) if latest else _USUAL_M3


def _bound(stored: int | None) -> int:
    return NO_BOUND_L if stored is None else stored


def _next_period(shift: Shift, route_id: int, read_period: str) -> str | None:
    calendar = T["route_calendar"]
    period: str | None = shift.connection.scalar(
        select(calendar.c.period)
        .where(
            calendar.c.route_id == route_id,
            calendar.c.status == "planned",
            calendar.c.period > read_period,
        )
        .order_by(calendar.c.period)
        .limit(1)
    )
    return period


def _pending_visit(shift: Shift, acct_no: str) -> str:
    visit = T["visit"]
    statement = select(visit.c.visit_no).where(
        visit.c.acct_no == acct_no, visit.c.state.in_(PENDING)
    )
    return shift.connection.scalar(statement.order_by(visit.c.visit_id).limit(1)) or ""
