"""Stepped tariffs 阶梯水价: volume in whole litres in, exact bill lines in whole fen out.

The scalar reference; `charging` does the same for whole columns, and a test holds them together.
"""

from dataclasses import dataclass
from datetime import date

NO_BOUND_L = 1 << 40


@dataclass(frozen=True, slots=True)
class Price:
    """A fee line. `tier_no` 0 charges the whole volume; `factor_pct` 90 charges 90 % of it."""

    fee_item: str
    tier_no: int
    price_e4: int
    factor_pct: int = 100


@dataclass(frozen=True, slots=True)
class Extension:
    """More water in each tier for large households. `rule` 'step': `extra_m3` once, from
    `from_people` on. 'per_person': `extra_m3` for each person from `from_people` on."""

    from_people: int
    extra_m3: int
    rule: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """One version of a price list. `tier_upto_m3`: upper bounds, the last tier is open."""

    city: str
    use_class: str
    valid_from: date
    valid_to: date | None
    tier_period: str
    tier_upto_m3: tuple[int, ...]
    prices: tuple[Price, ...]
    extension: Extension | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    fee_item: str
    tier_no: int
    quantity_l: int
    price_e4: int
    amount_fen: int


def half_up(numerator: int, denominator: int) -> int:
    """Rounded half up, away from zero, as money is."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def extra_m3(tariff: Tariff, people: int) -> int:
    if tariff.extension is None or people < tariff.extension.from_people:
        return 0
    if tariff.extension.rule == "step":
        return tariff.extension.extra_m3
    return tariff.extension.extra_m3 * (people - tariff.extension.from_people + 1)


def bounds_l(tariff: Tariff, extra: int = 0, months: int = 1) -> tuple[int, int]:
    """Upper bounds of tiers 1 and 2. A monthly tariff read every two months has both twice."""
    factor = months if tariff.tier_period == "month" else 1
    upto = [(bound * factor + extra) * 1000 for bound in tariff.tier_upto_m3]
    first, second = (*upto, NO_BOUND_L, NO_BOUND_L)[:2]
    return first, second


def split(volume_l: int, before_l: int, bounds: tuple[int, int]) -> tuple[int, int, int]:
    """The volume's parts in tiers 1, 2, 3 when `before_l` was used earlier in the tier period."""
    after_l = before_l + volume_l
    tier1 = min(after_l, bounds[0]) - min(before_l, bounds[0])
    tier2 = min(after_l, bounds[1]) - min(before_l, bounds[1]) - tier1
    return tier1, tier2, volume_l - tier1 - tier2


def lines(tariff: Tariff, tiers_l: tuple[int, int, int]) -> tuple[Line, ...]:
    charged: list[Line] = []
    for price in tariff.prices:
        volume_l = sum(tiers_l) if price.tier_no == 0 else tiers_l[price.tier_no - 1]
        if volume_l:
            quantity_l = half_up(volume_l * price.factor_pct, 100)
            amount_fen = half_up(quantity_l * price.price_e4, 100_000)
            charged.append(
                Line(price.fee_item, price.tier_no, quantity_l, price.price_e4, amount_fen)
            )
    return tuple(charged)


def amount_fen(
    tariff: Tariff, volume_m3: int, *, before_m3: int = 0, people: int = 1, months: int = 1
) -> int:
    bounds = bounds_l(tariff, extra_m3(tariff, people), months)
    before_l = before_m3 * 1000 if tariff.tier_period == "year" else 0
    parts = split(volume_m3 * 1000, before_l, bounds)
    return sum(line.amount_fen for line in lines(tariff, parts))
