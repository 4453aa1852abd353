"""Price lists as data: four published ones, and the synthetic city's own, with one price change."""

from dataclasses import replace
from datetime import date, timedelta

from sandbox.city.tariffs import Extension, Price, Tariff


def _water(*price_e4: int) -> tuple[Price, ...]:
    return tuple(Price("WATER", tier, price) for tier, price in enumerate(price_e4, start=1))


SHANGHAI = Tariff(
    "shanghai",
    "RES",
    date(2013, 8, 1),
    None,
    "year",
    (220, 300),
    (*_water(19_200, 33_000, 43_000), Price("SEWAGE", 0, 17_000, 90)),
    Extension(5, 100, "step"),
    "3.45/4.83/5.83 all-in; drainage 1.70 on 90 % of the volume",
)
BEIJING = Tariff(
    "beijing",
    "RES",
    date(2014, 5, 1),
    None,
    "year",
    (180, 260),
    (*_water(20_700, 40_700, 60_700), Price("RESOURCE", 0, 15_700), Price("SEWAGE", 0, 13_600)),
    Extension(6, 30, "per_person"),
    "5/7/9 all-in; the extension for six people is unconfirmed",
)
SHENZHEN = Tariff(
    "shenzhen",
    "RES",
    date(2022, 1, 1),
    None,
    "month",
    (22, 30),
    (
        *_water(26_700, 40_100, 80_100),
        Price("SEWAGE", 1, 9_000),
        Price("SEWAGE", 2, 10_000),
        Price("SEWAGE", 3, 11_000),
        Price("REFUSE", 0, 5_900),
    ),
    None,
    "list of 2022; sewage has tiers of its own, refuse 0.59 per m³",
)
GUANGZHOU = Tariff(
    "guangzhou",
    "RES",
    date(2025, 6, 1),
    None,
    "month",
    (21, 27),
    _water(25_500, 38_200, 76_500),
    None,
    "water only, from 2025-06-01",
)
PUBLISHED = (SHANGHAI, BEIJING, SHENZHEN, GUANGZHOU)

USE_CLASSES = ("RES", "RES_COMBINED", "NONRES", "SPECIAL")
CITY = "yunchuan"
_SYNTHETIC = "synthetic: the prices of no real city"


def _flat(use_class: str, water_e4: int, sewage_e4: int, valid_from: date) -> Tariff:
    prices = (Price("WATER", 1, water_e4), Price("SEWAGE", 0, sewage_e4, 90))
    return Tariff(CITY, use_class, valid_from, None, "year", (), prices, source=_SYNTHETIC)


def city_tariffs(change: date) -> tuple[Tariff, ...]:
    """Four classes before `change`, then the same four after it, in the order of USE_CLASSES."""
    start = date(2013, 8, 1)
    old = (
        replace(SHANGHAI, city=CITY),
        _flat("RES_COMBINED", 20_500, 17_000, start),
        _flat("NONRES", 29_000, 23_400, start),
        _flat("SPECIAL", 178_000, 30_000, start),
    )
    new = (
        replace(
            old[0],
            prices=(*_water(21_300, 36_600, 47_700), Price("SEWAGE", 0, 17_000, 90)),
            source=_SYNTHETIC,
        ),
        _flat("RES_COMBINED", 22_700, 17_000, change),
        _flat("NONRES", 32_000, 23_400, change),
        _flat("SPECIAL", 190_000, 30_000, change),
    )
    ended = tuple(replace(tariff, valid_to=change - timedelta(days=1)) for tariff in old)
    return ended + tuple(replace(tariff, valid_from=change) for tariff in new)


def price_change(as_of: date) -> date:
    """The latest 1 June that lies at least half a year back: well inside the city's history."""
    year = as_of.year if (as_of.month, as_of.day) >= (12, 1) else as_of.year - 1
    return date(year, 6, 1)
