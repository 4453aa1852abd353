"""Whether a typed reading can be right 读数判断: pure arithmetic over what is known of the meter.

The volume never comes out negative: where the dial has gone backwards and no rollover explains
it, it is 0, for nobody knows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backends.ports import Meter, Reading

HOURS = 24
YEAR = 365


class Verdict(StrEnum):
    """ZERO: nothing used, where it is usual to use some. SAME: nothing used, and that is usual.
    ROLLOVER: past the dial's end, 水表翻转. SMALLER: gone backwards. IMPOSSIBLE: cannot be."""

    NORMAL = "normal"
    ZERO = "zero"
    SAME = "same"
    HIGH = "high"
    ROLLOVER = "rollover"
    SMALLER = "smaller"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is out of the ordinary. Volumes are m³ of a whole cycle.

    The mean and the median are of the `recent` latest volumes. Nothing used is strange where the
    mean is above `zero_mean`. Much is above `high_factor` times the median, or above `year_factor`
    times the same period of last year and more than `year_more` above it; that period was read
    within `year_slack_days` of the same day. Up to `never_high` nothing is much: small households
    vary. Without any history much is above `high_unknown`. A rollover is plausible up to
    `rollover_factor` times the mean, and in any case up to `rollover_least`."""

    recent: int = 6
    zero_mean: Decimal = Decimal(3)
    high_factor: Decimal = Decimal(3)
    year_factor: Decimal = Decimal(2)
    year_more: Decimal = Decimal(10)
    year_slack_days: int = 31
    never_high: Decimal = Decimal(5)
    high_unknown: Decimal = Decimal(60)
    rollover_factor: Decimal = Decimal(3)
    rollover_least: Decimal = Decimal(60)


THRESHOLDS = Thresholds()
HISTORY_DAYS = YEAR + THRESHOLDS.year_slack_days


@dataclass(frozen=True, slots=True)
class Known:
    """What a reading is judged by. `volumes`: the newest first. `year_ago`: the same period of
    last year, None when it is not known. `days` since the last reading."""

    last_value: int
    digits: int
    q3_m3_h: Decimal
    days: int
    volumes: Sequence[Decimal] = ()
    year_ago: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    verdict: Verdict
    volume: int


def judge(value: int, known: Known, limits: Thresholds = THRESHOLDS) -> Judged:
    end = 10**known.digits
    if not 0 <= value < end:
        return Judged(Verdict.IMPOSSIBLE, 0)
    most = physical_limit(known)
    if value < known.last_value:
        volume = max(end - known.last_value, 0) + value
        plausible = max(_mean(known, limits) * limits.rollover_factor, limits.rollover_least)
        if volume <= min(plausible, most):
            return Judged(Verdict.ROLLOVER, volume)
        return Judged(Verdict.SMALLER, 0)
    volume = value - known.last_value
    if volume > most:
        return Judged(Verdict.IMPOSSIBLE, volume)
    if volume == 0:
        unusual = _mean(known, limits) > limits.zero_mean
        return Judged(Verdict.ZERO if unusual else Verdict.SAME, 0)
    return Judged(Verdict.HIGH if _is_high(volume, known, limits) else Verdict.NORMAL, volume)


def physical_limit(known: Known) -> Decimal:
    """The most that can have run through the meter since the last reading."""
    return known.q3_m3_h * HOURS * max(known.days, 1)


def usual(known: Known, limits: Thresholds = THRESHOLDS) -> int | None:
    """What is usual, in whole m³, for a sentence that compares; None without history."""
    recent = known.volumes[: limits.recent]
    return round(_median(recent)) if recent else None


def known_of(meter: Meter, readings: Sequence[Reading], today: date) -> Known:
    """`readings`: of the meter's account, newest first."""
    own = [one for one in readings if one.meter_code == meter.meter_code]
    year_ago = today - timedelta(days=YEAR)
    slack = THRESHOLDS.year_slack_days
    then = [(abs((one.read_on - year_ago).days), one.volume_m3) for one in own]
    nearest = min(then, default=(slack + 1, Decimal(0)))
    return Known(
        last_value=meter.last_value,
        digits=meter.digits,
        q3_m3_h=meter.q3_m3_h,
        days=(today - meter.last_read_on).days,
        volumes=tuple(one.volume_m3 for one in own[: THRESHOLDS.recent]),
        year_ago=nearest[1] if nearest[0] <= slack else None,
    )


def as_data(known: Known) -> dict[str, Any]:
    """As a dialog remembers it."""
    return {
        "last_value": known.last_value,
        "digits": known.digits,
        "q3": str(known.q3_m3_h),
        "days": known.days,
        "volumes": [str(volume) for volume in known.volumes],
        "year_ago": None if known.year_ago is None else str(known.year_ago),
    }


def from_data(data: Mapping[str, Any]) -> Known:
    return Known(
        last_value=data["last_value"],
        digits=data["digits"],
        q3_m3_h=Decimal(data["q3"]),
        days=data["days"],
        volumes=tuple(map(Decimal, data["volumes"])),
        year_ago=None if data["year_ago"] is None else Decimal(data["year_ago"]),
    )


def _is_high(volume: int, known: Known, limits: Thresholds) -> bool:
    if volume <= limits.never_high:
        return False
    recent = known.volumes[: limits.recent]
    if not recent and known.year_ago is None:
        return volume > limits.high_unknown
    if recent and volume > _median(recent) * limits.high_factor:
        return True
    before = known.year_ago
    return before is not None and volume > max(
        before * limits.year_factor, before + limits.year_more
    )


def _mean(known: Known, limits: Thresholds) -> Decimal:
    recent = known.volumes[: limits.recent]
    return sum(recent, Decimal(0)) / len(recent) if recent else Decimal(0)


def _median(volumes: Sequence[Decimal]) -> Decimal:
    ordered = sorted(volumes)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
