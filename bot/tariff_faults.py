"""What can be wrong with a tariff file, in words for whoever edits it. Called by `tariff_file`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

USE_CLASSES = ("RES", "RES_COMBINED", "NONRES", "SPECIAL")
FEE_ITEMS = ("WATER", "SEWAGE", "RESOURCE", "REFUSE")
TIER_PERIODS = ("year", "month")
MAX_TIERS = 3  # what CSMS's views have
_TARIFF_KEYS = {"use_class", "valid_from", "tier_period", "upto_m3", "prices"}
_LATE_FEE_KEYS = {"valid_from", "grace_days", "daily_rate"}
_EXTENSION_KEYS = {"from_people", "extra_m3", "per_person"}


def problems(table: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(table.keys() - {"tariff", "late_fee"}):
        yield f"不认识 {key}；能写的是 [[tariff]] 和 [[late_fee]]"
    if not table.get("tariff"):
        yield "没有 [[tariff]]，至少要写一份价目"
    faults: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
        "tariff": _tariff_faults,
        "late_fee": _late_fee_faults,
    }
    for key, look in faults.items():
        entries = table.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            yield f"{key} 要写成 [[{key}]]（两层方括号）"
            continue
        found = [
            f"第{number}个 [[{key}]] {why}"
            for number, entry in enumerate(entries, start=1)
            for why in look(entry)
        ]
        yield from found or _order(key, entries)


def _order(key: str, entries: list[dict[str, Any]]) -> Iterator[str]:
    """Of entries that are good by themselves: one after the other, each from a day of its own."""
    latest: dict[str, date] = {}
    for number, entry in enumerate(entries, start=1):
        of_class, on = entry.get("use_class", ""), entry["valid_from"]
        before = latest.get(of_class)
        if before == on:
            yield f"第{number}个 [[{key}]] {of_class}从 {on} 起已经写过一份，两份会重叠，请删去一份"
        elif before and before > on:
            yield f"第{number}个 [[{key}]] {of_class}的 {on} 早于上一份的 {before}，请按先后排列"
        latest[of_class] = max(on, before or on)


def _tariff_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(entry, _TARIFF_KEYS, {"factors", "extension"})
    yield from _one_of(entry, "use_class", USE_CLASSES)
    yield from _one_of(entry, "tier_period", TIER_PERIODS)
    yield from _day(entry)
    bounds = entry.get("upto_m3", [])
    if not isinstance(bounds, list) or not all(_is_number(one) for one in bounds):
        yield "upto_m3 要写成各阶梯上限的列表，例如 [220, 300]；不分阶梯写 []"
    else:
        yield from _bound_faults(bounds)
        if "upto_m3" in entry:
            yield from _count_faults(entry.get("prices"), len(bounds) + 1)
    yield from _price_faults(entry.get("prices", {"WATER": 0}))
    yield from _factor_faults(entry.get("factors", {}), entry.get("prices", {}))
    yield from _extension_faults(entry.get("extension"))


def _bound_faults(bounds: list[Any]) -> Iterator[str]:
    if any(one <= 0 for one in bounds):
        yield "upto_m3 里的上限要大于 0"
    if any(later <= earlier for earlier, later in pairwise(bounds)):
        yield f"upto_m3 要一个比一个大，现在是 {'、'.join(map(str, bounds))}"
    if len(bounds) >= MAX_TIERS:
        yield f"upto_m3 最多写 {MAX_TIERS - 1} 个上限（{MAX_TIERS} 级阶梯，最后一级没有上限）"


def _count_faults(prices: Any, tiers: int) -> Iterator[str]:
    for item, price in prices.items() if isinstance(prices, dict) else ():
        if isinstance(price, list) and len(price) != tiers:
            yield f"prices 的 {item} 写了 {len(price)} 个单价，阶梯有 {tiers} 级，要一样多"


def _price_faults(prices: Any) -> Iterator[str]:
    if not isinstance(prices, dict):
        yield "prices 要写成表，例如 [tariff.prices] 下面 WATER = [1.92, 3.30, 4.30]"
        return
    yield from (f"prices 里不认识 {k}{_known(FEE_ITEMS)}" for k in prices if k not in FEE_ITEMS)
    if "WATER" not in prices:
        yield "prices 里缺少 WATER（基本水费）"
    for item, price in prices.items():
        of_tiers = price if isinstance(price, list) else [price]
        if not all(_is_number(one) for one in of_tiers):
            yield f"prices 的 {item} 要写一个数（按全部水量收）或一列数（每级阶梯一个）"
        elif any(one < 0 for one in of_tiers):
            yield f"prices 的 {item} 不能小于 0"


def _factor_faults(factors: Any, prices: Any) -> Iterator[str]:
    if not isinstance(factors, dict):
        yield "factors 要写成表，例如 [tariff.factors] 下面 SEWAGE = 0.9"
        return
    for item, factor in factors.items():
        if not isinstance(prices, dict) or item not in prices:
            yield f"factors 的 {item} 在 prices 里没有单价"
        if not _is_number(factor) or not 0 < factor <= 1:
            yield f"factors 的 {item} 要大于 0、不大于 1（0.9 是按水量的九成收）"


def _extension_faults(extension: Any) -> Iterator[str]:
    if extension is None:
        return
    if not isinstance(extension, dict):
        yield "extension 要写成 { from_people = 5, extra_m3 = 100, per_person = false }"
        return
    yield from (f"extension {why}" for why in _keys(extension, _EXTENSION_KEYS, set()))
    people, extra = extension.get("from_people", 1), extension.get("extra_m3", 1)
    if not _is_whole(people) or people < 1:
        yield "extension 的 from_people 要写整数，至少是 1"
    if not _is_number(extra) or extra <= 0:
        yield "extension 的 extra_m3 要大于 0"
    if not isinstance(extension.get("per_person", False), bool):
        yield "extension 的 per_person 要写 true 或 false"


def _late_fee_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(entry, _LATE_FEE_KEYS, {"cap"})
    yield from _day(entry)
    grace, rate = entry.get("grace_days", 0), entry.get("daily_rate", 0)
    if not _is_whole(grace) or not 0 <= grace <= 366:
        yield "grace_days 要写 0 到 366 的整数（到期以后宽限几天）"
    if not _is_number(rate) or not 0 <= rate <= Decimal("0.01"):
        yield "daily_rate 要在 0 和 0.01 之间（0.0005 是每天万分之五）"
    cap = entry.get("cap", 1)
    if not _is_number(cap) or not 0 < cap <= 1:
        yield "cap 要大于 0、不大于 1（1 是最多和本金一样多）"


def _keys(entry: Mapping[str, Any], needed: set[str], allowed: set[str]) -> Iterator[str]:
    yield from (f"缺少 {key}" for key in sorted(needed - entry.keys()))
    known = sorted(needed | allowed)
    yield from (f"不认识 {key}{_known(known)}" for key in sorted(entry.keys() - set(known)))


def _one_of(entry: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Iterator[str]:
    if key in entry and entry[key] not in allowed:
        yield f"{key} 写的是 {entry[key]}{_known(allowed)}"


def _known(names: Collection[str]) -> str:
    return f"，能写的是 {'、'.join(names)}"


def _day(entry: Mapping[str, Any]) -> Iterator[str]:
    day = entry.get("valid_from")
    if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
        yield "valid_from 要写成日期，不加引号，例如 2026-01-01"


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, Decimal) and value.is_finite())


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
