"""Stepped tariffs 阶梯水价 and late-fee rules 违约金, as the utility's configuration has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from backends.ports import BillLine

FEN, LITRE = Decimal("0.01"), Decimal("0.001")


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

    def at(self, use_class: str, on: date) -> Tariff | None:
        """The price list of that class in force on a day."""
        begun = [t for t in self.tariffs if t.use_class == use_class and t.valid_from <= on]
        return max(begun, key=lambda tariff: tariff.valid_from, default=None)

    def late_fee_at(self, on: date) -> LateFeeRule | None:
        begun = [rule for rule in self.late_fees if rule.valid_from <= on]
        return max(begun, key=lambda rule: rule.valid_from, default=None)


def bounds(tariff: Tariff, people: int = 1, months: int = 1) -> tuple[Decimal, ...]:
    """Upper bounds of the tiers for a household of `people`. A monthly tariff read every two
    months has them twice."""
    extra = _extra_m3(tariff.extension, people)
    times = months if tariff.tier_period == "month" else 1
    return tuple((upto + extra) * times for upto in tariff.upto_m3)


def split(volume: Decimal, before: Decimal, bounds: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The volume's parts in each tier when `before` was used earlier in the tier period."""
    after, parts, below = before + volume, list[Decimal](), Decimal(0)
    for upto in bounds:
        within = min(after, upto) - min(before, upto)
        parts.append(within - below)
        below = within
    return (*parts, volume - below)


def charges(tariff: Tariff, tiers: Sequence[Decimal]) -> tuple[BillLine, ...]:
    """The lines of a bill over the volumes in each tier: each rounded by itself, then summed."""
    whole = sum(tiers, Decimal(0))
    found = []
    for price in tariff.prices:
        volume = whole if price.tier_no == 0 else _in_tier(tiers, price.tier_no)
        if volume:
            quantity = (volume * price.factor).quantize(LITRE, ROUND_HALF_UP)
            amount = (quantity * price.unit_price).quantize(FEN, ROUND_HALF_UP)
            line = BillLine(price.fee_item, price.tier_no, quantity, price.unit_price, amount)
            found.append(line)
    return tuple(found)


def all_in(tariff: Tariff, tier_no: int) -> Decimal:
    """What a cubic metre in that tier costs with everything on it."""
    return sum(
        (p.unit_price * p.factor for p in tariff.prices if p.tier_no in (0, tier_no)), Decimal(0)
    )


def _extra_m3(extension: Extension | None, people: int) -> Decimal:
    if extension is None or people < extension.from_people:
        return Decimal(0)
    persons = people - extension.from_people + 1 if extension.per_person else 1
    return extension.extra_m3 * persons


def _in_tier(tiers: Sequence[Decimal], tier_no: int) -> Decimal:
    return tiers[tier_no - 1] if tier_no <= len(tiers) else Decimal(0)
