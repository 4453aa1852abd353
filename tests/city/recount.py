"""Charges every bill of a city anew from its readings, with decimals and no code of the city's."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, select

from sandbox.city.schema import metadata

FEN, LITRE, THOUSAND = Decimal("0.01"), Decimal("0.001"), Decimal(1000)
T = metadata.tables


@dataclass(frozen=True)
class Recounted:
    """`differences` names bills whose stored tiers or amount are not what they should be."""

    bills: int
    differences: list[str]
    year_totals_m3: dict[str, Decimal]


def _half_up(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)


class PriceBook:
    def __init__(self, city: Connection) -> None:
        self.tariffs = {row.tariff_id: row for row in city.execute(select(T["tariff"]))}
        self.bounds: dict[int, list[Decimal]] = defaultdict(list)
        tiers = T["tariff_tier"]
        for row in city.execute(select(tiers).order_by(tiers.c.tariff_id, tiers.c.tier_no)):
            self.bounds[row.tariff_id].append(
                Decimal("Infinity" if row.upto_m3 is None else row.upto_m3)
            )
        self.prices: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in city.execute(select(T["tariff_price"])):
            self.prices[row.tariff_id].append(row)

    def tariff_for(self, use_class: str, first_day: date) -> int:
        (found,) = [
            tariff_id
            for tariff_id, tariff in self.tariffs.items()
            if tariff.city == "yunchuan"
            and tariff.use_class == use_class
            and tariff.valid_from <= first_day
            and (tariff.valid_to is None or first_day <= tariff.valid_to)
        ]
        return int(found)

    def tiers(
        self, tariff_id: int, before: Decimal, volume: Decimal, extra: Decimal
    ) -> list[Decimal]:
        parts, low = [], Decimal(0)
        for bound in self.bounds[tariff_id]:
            high = bound + extra
            parts.append(max(min(before + volume, high) - max(before, low), Decimal(0)))
            low = high
        return parts + [Decimal(0)] * (3 - len(parts))

    def amount(self, tariff_id: int, tiers: list[Decimal]) -> Decimal:
        total = Decimal(0)
        for price in self.prices[tariff_id]:
            part = sum(tiers) if price.tier_no == 0 else tiers[price.tier_no - 1]
            quantity = _half_up(part * Decimal(price.factor_pct) / 100, LITRE)
            total += _half_up(quantity * Decimal(price.price_e4) / 10_000, FEN)
        return total


def extra_m3(people: int, change: Row[Any] | None, read: date) -> Decimal:
    """100 m³ for five people and more; in the year a household grows, for the months left of it."""
    if change is not None and read < change.valid_from:
        people = change.old_count
    if people < 5:
        return Decimal(0)
    if change is None or change.valid_from.year != read.year or read < change.valid_from:
        return Decimal(100)
    return _half_up(Decimal(100 * (13 - change.valid_from.month)) / 12, Decimal(1))


def recount(city: Connection) -> Recounted:
    prices = PriceBook(city)
    changes = {row.acct_no: row for row in city.execute(select(T["people_adjust"]))}
    accounts = {row.acct_no: row for row in city.execute(select(T["account"]))}
    used = _openings(city, accounts)
    differences, count = [], 0
    for bill in _bills(city):
        account, before = accounts[bill.acct_no], (bill.acct_no, bill.read_date.year)
        expected = _expected(prices, account, changes.get(bill.acct_no), bill, used[before])
        stored = (bill.tariff_id, bill.tier1_l, bill.tier2_l, bill.tier3_l, bill.amount_fen)
        if (*stored, bill.volume_l) != expected:
            differences.append(bill.bill_no)
        if bill.status != "reversed":
            used[before] += bill.volume_l / THOUSAND
        count += 1
    last = max(year for _, year in used)
    return Recounted(count, differences, {acct_no: used[acct_no, last] for acct_no in accounts})


def _openings(city: Connection, accounts: dict[str, Row[Any]]) -> dict[tuple[str, int], Decimal]:
    first_year = int(str(city.execute(select(func.min(T["bill"].c.period))).scalar_one())[:4])
    used: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for acct_no, account in accounts.items():
        used[acct_no, first_year] = account.tier_opening_l / THOUSAND
    return used


def _expected(
    prices: PriceBook, account: Row[Any], change: Row[Any] | None, bill: Row[Any], before: Decimal
) -> tuple[int | Decimal, ...]:
    """Tariff, tiers, amount and volume as they should be; a reversal has them negative."""
    sign = -1 if bill.amount_fen < 0 else 1
    extra = Decimal(0)
    if account.use_class == "RES":
        extra = extra_m3(account.people_count, change, bill.read_date)
    tariff_id = prices.tariff_for(account.use_class, bill.period_from)
    tiers = prices.tiers(tariff_id, before, bill.consumption_l / THOUSAND, extra)
    litres = (sign * tier * THOUSAND for tier in tiers)
    amount = sign * prices.amount(tariff_id, tiers) * 100
    return (tariff_id, *litres, amount, sign * bill.consumption_l)


def _bills(city: Connection) -> Iterator[Row[Any]]:
    """Reversed bills and their reversals come before the bill that replaces them."""
    bill, reading = T["bill"], T["reading"]
    statement = (
        select(bill, reading.c.read_date, reading.c.consumption_l)
        .join(reading, reading.c.reading_id == bill.c.reading_id)
        .order_by(bill.c.acct_no, reading.c.read_date, bill.c.bill_no)
    )
    yield from city.execute(statement)
