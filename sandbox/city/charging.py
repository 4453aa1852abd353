"""What readings cost: tier volumes over the tier year and bill amounts, for whole columns.

Prices follow the day a bill's period starts: the first reading on or after a price change still
pays the old price for its whole period. The tier year is the calendar year of the reading date.
"""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import NO_DAY, Ints
from sandbox.city.plan import CityPlan
from sandbox.city.presets import USE_CLASSES
from sandbox.city.profiles import RES, Profiles, people_at
from sandbox.city.readings import Readings
from sandbox.city.tariffs import NO_BOUND_L, Tariff, bounds_l


@dataclass(frozen=True, slots=True)
class Charges:
    """Matrices like those of `Readings`; `tariff_id` counts from 1 in the order of the tariffs.
    `before_l` is what the account had used in the tier year before the bill."""

    tariff_id: Ints
    before_l: Ints
    bound1_l: Ints
    bound2_l: Ints
    tier1_l: Ints
    tier2_l: Ints
    tier3_l: Ints
    amount_fen: Ints
    opening_l: Ints
    year_cum_l: Ints


def charge(
    plan: CityPlan,
    tariffs: tuple[Tariff, ...],
    profiles: Profiles,
    readings: Readings,
    usage: Ints,
) -> Charges:
    volume = np.where(readings.due, readings.consumption_l, 0)
    opening = _opening(plan, profiles, usage)
    before, year_cum = _year_sums(plan, volume, opening)
    bound1, bound2 = _bounds(plan, tariffs, profiles, readings)
    tiers = _split(volume, before, bound1, bound2)
    tariff_id = _tariff_ids(plan, profiles, readings)
    return Charges(
        tariff_id=tariff_id,
        before_l=before,
        bound1_l=bound1,
        bound2_l=bound2,
        tier1_l=tiers[0],
        tier2_l=tiers[1],
        tier3_l=tiers[2],
        amount_fen=amounts_fen(tariffs, tariff_id, tiers),
        opening_l=opening,
        year_cum_l=year_cum,
    )


def _tariff_ids(plan: CityPlan, profiles: Profiles, readings: Readings) -> Ints:
    newer = readings.prev_day + 1 >= plan.price_change
    return np.asarray(profiles.use_class[:, None] + len(USE_CLASSES) * newer + 1)


def _split(volume: Ints, before: Ints, bound1: Ints, bound2: Ints) -> tuple[Ints, Ints, Ints]:
    after = before + volume
    tier1 = np.minimum(after, bound1) - np.minimum(before, bound1)
    tier2 = np.minimum(after, bound2) - np.minimum(before, bound2) - tier1
    return tier1, tier2, volume - tier1 - tier2


def amounts_fen(tariffs: tuple[Tariff, ...], tariff_id: Ints, tiers: tuple[Ints, ...]) -> Ints:
    """The sum of each bill's lines, every line rounded half up to the fen."""
    total = np.zeros_like(tiers[0])
    volume = tiers[0] + tiers[1] + tiers[2]
    for number, tariff in enumerate(tariffs, start=1):
        chosen = tariff_id == number
        for price in tariff.prices:
            part = (volume if price.tier_no == 0 else tiers[price.tier_no - 1])[chosen]
            quantity = (part * price.factor_pct + 50) // 100
            total[chosen] += (quantity * price.price_e4 + 50_000) // 100_000
    return total


def _opening(plan: CityPlan, profiles: Profiles, usage: Ints) -> Ints:
    """Used in the first tier year before the history begins, as carried over from the old books."""
    months = plan.window.months[0][1] - 1
    carried = np.round(usage[:, :12].mean(axis=1) * months / 1000).astype(np.int64) * 1000
    return np.where(profiles.open_day < plan.plan_day[profiles.route, 0], carried, 0)


def _year_sums(plan: CityPlan, volume: Ints, opening: Ints) -> tuple[Ints, Ints]:
    """Running volume before each bill in its tier year, and the last year's total."""
    before = np.zeros_like(volume)
    years = np.array([year for year, _ in plan.window.months])
    total = np.zeros_like(opening)
    for year in np.unique(years):
        columns = years == year
        run = np.cumsum(volume[:, columns], axis=1)
        carried = opening if year == years[0] else np.zeros_like(opening)
        before[:, columns] = run - volume[:, columns] + carried[:, None]
        total = run[:, -1] + carried
    return before, total


def _bounds(
    plan: CityPlan, tariffs: tuple[Tariff, ...], profiles: Profiles, readings: Readings
) -> tuple[Ints, Ints]:
    first, second = bounds_l(tariffs[RES])
    extra = _extra_m3(plan, tariffs[RES], profiles, readings) * 1000
    tiered = (profiles.use_class == RES)[:, None]
    return (
        np.where(tiered, first + extra, NO_BOUND_L),
        np.where(tiered, second + extra, NO_BOUND_L),
    )


def _extra_m3(plan: CityPlan, tariff: Tariff, profiles: Profiles, readings: Readings) -> Ints:
    """A household that grows during a year gets its extension for the months that are left of it,
    the month of the change included."""
    if tariff.extension is None or tariff.extension.rule != "step":
        raise ValueError("the city's household tariff must extend its tiers by one step")
    people = people_at(profiles, readings.read_day)
    extra = np.where(people >= tariff.extension.from_people, tariff.extension.extra_m3, 0)
    months_left = np.full(len(profiles), 12)
    grown_in = np.zeros(len(profiles), dtype=np.int64)
    for account in np.flatnonzero(profiles.people_from != NO_DAY).tolist():
        start = np.datetime64(int(profiles.people_from[account]), "D").astype(object)
        months_left[account], grown_in[account] = 13 - start.month, start.year
    years = np.array([year for year, _ in plan.window.months])
    same_year = (years[None, :] == grown_in[:, None]) & (extra > 0)
    share = (2 * extra * months_left[:, None] + 12) // 24
    return np.where(same_year, share, extra)
