"""What a reading costs: the arithmetic of sandbox/city/tariffs.py on an account's card."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from sandbox.city.presets import CITY
from sandbox.city.schema import metadata
from sandbox.city.tariffs import Extension, Price, Tariff, bounds_l, extra_m3, lines, split
from sandbox.office.cards import Card
from sandbox.office.errors import OfficeError
from sandbox.office.shift import Shift

T = metadata.tables


@dataclass(frozen=True, slots=True)
class Charge:
    """`tier_year`, `used_l` and `bounds` are the account's after the bill."""

    tariff_id: int
    tiers_l: tuple[int, int, int]
    amount_fen: int
    tier_year: int
    used_l: int
    bounds: tuple[int, int]


def charge(shift: Shift, card: Card, volume_l: int, read_on: date) -> Charge:
    """The price is that of the day the period starts, the tier year that of the reading."""
    tariff_id, tariff = tariff_on(shift, card.use_class, card.last_read_on + timedelta(days=1))
    used_l, bounds = card.used_l, card.bounds
    if read_on.year > card.tier_year:
        used_l, bounds = 0, bounds_l(tariff, extra_m3(tariff, card.people))
    tiers = split(volume_l, used_l, bounds)
    return Charge(
        tariff_id=tariff_id,
        tiers_l=tiers,
        amount_fen=sum(line.amount_fen for line in lines(tariff, tiers)),
        tier_year=max(read_on.year, card.tier_year),
        used_l=used_l + volume_l,
        bounds=bounds,
    )


def tariff_on(shift: Shift, use_class: str, day: date) -> tuple[int, Tariff]:
    """The city's price list for the class on that day, with its id."""
    tariff = T["tariff"]
    row = shift.connection.execute(
        select(tariff).where(
            tariff.c.city == CITY,
            tariff.c.use_class == use_class,
            tariff.c.valid_from <= day,
            or_(tariff.c.valid_to.is_(None), tariff.c.valid_to >= day),
        )
    ).one_or_none()
    if row is None:
        raise OfficeError(f"{day} 没有用水性质 {use_class} 的水价")
    extends = row.extra_rule != "none"
    return row.tariff_id, Tariff(
        city=row.city,
        use_class=row.use_class,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        tier_period=row.tier_period,
        tier_upto_m3=_bounds_m3(shift, row.tariff_id),
        prices=_prices(shift, row.tariff_id),
        extension=Extension(row.base_people + 1, row.extra_m3, row.extra_rule) if extends else None,
    )


def _bounds_m3(shift: Shift, tariff_id: int) -> tuple[int, ...]:
    tier = T["tariff_tier"]
    statement = select(tier.c.upto_m3).where(
        tier.c.tariff_id == tariff_id, tier.c.upto_m3.is_not(None)
    )
    return tuple(shift.connection.scalars(statement.order_by(tier.c.tier_no)))


def _prices(shift: Shift, tariff_id: int) -> tuple[Price, ...]:
    price = T["tariff_price"]
    rows = shift.connection.execute(
        select(price).where(price.c.tariff_id == tariff_id).order_by(price.c.line_no)
    )
    return tuple(Price(row.fee_item, row.tier_no, row.price_e4, row.factor_pct) for row in rows)
