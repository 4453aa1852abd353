"""Why a bill is higher or lower than the one before: the difference taken apart, to the fen.

The way from the one to the other has five steps, taken one after the other: the longer (or shorter)
period at the old daily use, then the new daily use, both at what a cubic metre cost on average;
then the new spread over the tiers at the old prices; then the new prices. What the lines cannot
explain is the rest. Small remains of rounding go to the largest part, so that the sum is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from backends.ports import Bill, BillLine
from dialogs.billing.tariff import FEN

ZERO = Decimal(0)
ROUNDING = Decimal("0.10")  # more than the half fens of all lines of two bills come to
_MUCH_MORE, _MUCH_M3 = 2, 5


class Cause(StrEnum):
    DAYS = "days"
    USE = "use"
    TIER = "tier"
    PRICE = "price"
    OTHER = "other"


class Note(StrEnum):
    """What else the citizen should know: an estimate before means that this bill settles it."""

    SETTLES_ESTIMATE = "settles_estimate"
    ESTIMATED = "estimated"
    CORRECTS = "corrects"
    CORRECTED_BEFORE = "corrected_before"
    LEAK = "leak"


@dataclass(frozen=True, slots=True)
class Itemised:
    """A bill with its lines; none where CSMS has not laid them out."""

    bill: Bill
    lines: tuple[BillLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """`volume_m3`: how much more (or less) water that is, where it is water."""

    cause: Cause
    amount: Decimal
    volume_m3: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Repriced:
    """A price that is new, gone (None) or another."""

    fee_item: str
    tier_no: int
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Moved:
    """The water of a tier beyond the first."""

    tier_no: int
    before_m3: Decimal
    after_m3: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """`mean_before`: what a m³ cost on average."""

    difference: Decimal
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    mean_before: Decimal
    per_day_before: Decimal
    per_day_after: Decimal
    moved: tuple[Moved, ...]
    repriced: tuple[Repriced, ...]


def compare(before: Itemised, after: Itemised) -> Comparison:
    old, new = before.bill, after.bill
    difference = new.amount - old.amount
    return Comparison(
        difference=difference,
        parts=_exact(_causes(before, after), difference),
        notes=_notes(old, new),
        mean_before=_rounded(old.amount / old.volume_m3) if old.volume_m3 else ZERO,
        per_day_before=_per_day(old),
        per_day_after=_per_day(new),
        moved=_moved(before.lines, after.lines),
        repriced=_repriced(before.lines, after.lines),
    )


def _causes(before: Itemised, after: Itemised) -> list[Part]:
    old, new = before.bill, after.bill
    difference, more_m3 = new.amount - old.amount, new.volume_m3 - old.volume_m3
    if old.volume_m3 <= 0 or new.volume_m3 <= 0:
        # Without water there is no price of a cubic metre; below nothing there is a correction.
        corrects = min(old.volume_m3, new.volume_m3) < 0
        return [Part(Cause.OTHER if corrects else Cause.USE, difference, more_m3)]
    mean = _unrounded(before) / old.volume_m3
    longer_m3 = ZERO
    if old.days > 0 and new.days > 0:
        longer_m3 = old.volume_m3 * (new.days - old.days) / old.days
    tier, price = _by_tier_and_price(before, after)
    rest = difference - more_m3 * mean - tier - price
    return [
        Part(Cause.DAYS, longer_m3 * mean, longer_m3),
        Part(Cause.USE, (more_m3 - longer_m3) * mean, more_m3 - longer_m3),
        Part(Cause.TIER, tier),
        Part(Cause.PRICE, price),
        Part(Cause.OTHER, rest),
    ]


def _by_tier_and_price(before: Itemised, after: Itemised) -> tuple[Decimal, Decimal]:
    """What the fee items cost beyond the old bill stretched to the new volume."""
    tier = price = ZERO
    if not before.lines or not after.lines:
        return tier, price
    stretched = after.bill.volume_m3 / before.bill.volume_m3
    old_prices = _prices(before.lines)
    for item in dict.fromkeys(line.fee_item for line in (*before.lines, *after.lines)):
        olds = [line for line in before.lines if line.fee_item == item]
        news = [line for line in after.lines if line.fee_item == item]
        alike, now = _cost(olds) * stretched, _cost(news)
        spread = alike
        if olds and news and any(line.tier_no for line in (*olds, *news)):
            # Of a tier that the old bill did not reach the old price is not known.
            spread = sum((n.volume_m3 * _old_price(old_prices, n) for n in news), ZERO)
        tier += spread - alike
        price += now - spread
    return tier, price


def _unrounded(before: Itemised) -> Decimal:
    """Stretched to a bill many times as large, its half fens would look like a cause."""
    cost = _cost(before.lines)
    return cost if abs(cost - before.bill.amount) <= ROUNDING else before.bill.amount


def _cost(lines: Sequence[BillLine]) -> Decimal:
    return sum((line.volume_m3 * line.unit_price for line in lines), ZERO)


def _old_price(old_prices: Mapping[tuple[str, int], Decimal], line: BillLine) -> Decimal:
    return old_prices.get((line.fee_item, line.tier_no), line.unit_price)


def _exact(parts: Sequence[Part], difference: Decimal) -> tuple[Part, ...]:
    """Rounded to the fen; what is too small to be a cause goes to the largest."""
    largest = max(parts, key=lambda part: abs(part.amount))
    kept = [
        Part(part.cause, _rounded(part.amount), _rounded(part.volume_m3))
        for part in parts
        if part is largest or abs(part.amount) > ROUNDING
    ]
    missing = difference - sum((part.amount for part in kept), ZERO)
    exact = [
        Part(part.cause, part.amount + missing, part.volume_m3)
        if part.cause is largest.cause
        else part
        for part in kept
    ]
    return tuple(part for part in exact if part.amount)


def _notes(old: Bill, new: Bill) -> tuple[Note, ...]:
    found = []
    if new.estimated:
        found.append(Note.ESTIMATED)
    elif old.estimated:
        found.append(Note.SETTLES_ESTIMATE)
    if new.corrects_bill_no:
        found.append(Note.CORRECTS)
    if old.corrects_bill_no:
        found.append(Note.CORRECTED_BEFORE)
    much_more = _per_day(new) >= _MUCH_MORE * _per_day(old)
    if much_more and new.volume_m3 - old.volume_m3 >= _MUCH_M3 and not found:
        found.append(Note.LEAK)
    return tuple(found)


def _repriced(olds: Sequence[BillLine], news: Sequence[BillLine]) -> tuple[Repriced, ...]:
    """Tiers that only one of the bills reached are no change of price."""
    if not olds or not news:
        return ()
    before, after = _prices(olds), _prices(news)
    of_old, of_new = ({item for item, _ in prices} for prices in (before, after))
    return tuple(
        Repriced(item, tier, before.get((item, tier)), after.get((item, tier)))
        for item, tier in dict.fromkeys((*before, *after))
        if before.get((item, tier)) != after.get((item, tier))
        and (((item, tier) in before and (item, tier) in after) or item not in of_old & of_new)
    )


def _prices(lines: Sequence[BillLine]) -> dict[tuple[str, int], Decimal]:
    return {(line.fee_item, line.tier_no): line.unit_price for line in lines}


def _moved(olds: Sequence[BillLine], news: Sequence[BillLine]) -> tuple[Moved, ...]:
    before, after = (
        {line.tier_no: line.volume_m3 for line in lines if line.fee_item == "WATER"}
        for lines in (olds, news)
    )
    return tuple(
        Moved(tier, before.get(tier, ZERO), after.get(tier, ZERO))
        for tier in sorted(before.keys() | after.keys())
        if tier > 1
    )


def _per_day(bill: Bill) -> Decimal:
    return _rounded(bill.volume_m3 / bill.days) if bill.days > 0 else ZERO


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(FEN, ROUND_HALF_UP)
