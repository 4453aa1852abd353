"""A tariff 水价 line by line: each tier with its bounds and prices, the rule for many people."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dialogs.billing.tariff import Price, Tariff, all_in, bounds


def view(tariff: Tariff, people: int = 1) -> dict[str, Any]:
    """`people`: those registered, who may widen the tiers. Volumes in m³, prices in yuan a m³."""
    upper = bounds(tariff, people)
    return {
        "use_class": tariff.use_class,
        "since": tariff.valid_from,
        "by_month": tariff.tier_period == "month",
        "wider": upper != tariff.upto_m3,
        "tiers": [_tier(tariff, number, upper) for number in range(1, len(upper) + 2)],
        "people": _people(tariff),
    }


def _tier(tariff: Tariff, number: int, upper: Sequence[Decimal]) -> dict[str, Any]:
    """`parts`: what the price is made of."""
    return {
        "number": number,
        "above": upper[number - 2] if number > 1 else None,
        "upto": upper[number - 1] if number <= len(upper) else None,
        "price": all_in(tariff, number),
        "parts": [_part(price) for price in tariff.prices if price.tier_no in (0, number)],
    }


def _part(price: Price) -> dict[str, Any]:
    """`percent`: of how much of the water it is charged, None for all of it."""
    percent = None if price.factor == 1 else f"{price.factor * 100:.0f}"
    return {"fee_item": price.fee_item, "price": price.unit_price, "percent": percent}


def _people(tariff: Tariff) -> dict[str, Any] | None:
    extension = tariff.extension
    if extension is None:
        return None
    return {
        "from_people": extension.from_people,
        "extra": extension.extra_m3,
        "per_person": extension.per_person,
    }
