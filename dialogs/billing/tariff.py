"""Stepped tariffs 阶梯水价 and late-fee rules 违约金, as the utility's configuration has them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """A fee line. `tier_no` 0 charges the whole volume; `factor` 0.9 charges 90 % of it."""

    fee_item: str
    tier_no: int
    unit_price: Decimal
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Extension:
    """More water in each tier for large households: `extra_m3` once from `from_people` on, or
    for each person from there on."""

    from_people: int
    extra_m3: Decimal
    per_person: bool


@dataclass(frozen=True, slots=True)
class Tariff:
    """One version of a price list, valid from `valid_from` until the next of its class.
    `tier_period`: year or month. `upto_m3`: upper bounds of the tiers, the last tier is open."""

    use_class: str
    valid_from: date
    tier_period: str
    upto_m3: tuple[Decimal, ...]
    prices: tuple[Price, ...]
    extension: Extension | None = None


@dataclass(frozen=True, slots=True)
class LateFeeRule:
    """From the day after `grace_days` have passed since the due date, `daily_rate` of the unpaid
    principal a day, without compounding, at most `cap` × the principal."""

    valid_from: date
    grace_days: int
    daily_rate: Decimal
    cap: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The configuration; empty where a utility has not written any."""

    tariffs: tuple[Tariff, ...] = ()
    late_fees: tuple[LateFeeRule, ...] = ()
