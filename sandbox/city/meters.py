"""The meters of a chunk: what hangs on the wall now, and what was swapped during the history."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.city.days import NO_DAY, Bools, Floats, Ints
from sandbox.city.plan import HISTORY_MONTHS, CityPlan
from sandbox.city.profiles import ACTIVE, NEW, UNSET, Profiles

BORES = ("DN15", "DN20", "DN25", "DN40", "DN50", "DN80")
TECHS = ("mechanical", "remote_nb", "remote_lora", "ic_prepaid")
MECHANICAL, REMOTE_NB, REMOTE_LORA, IC_PREPAID = range(4)
REASONS = ("periodic", "fault", "bore", "lost", "smart_upgrade")
SPOTS = ("corridor", "well", "indoor", "roof")
CONDITIONS = ("ok", "stopped", "fogged", "reversed", "damaged", "missing", "buried")
SERVICE_DAYS = 6 * 365
_CONDITION_SHARES = (0.9720, 0.0095, 0.0060, 0.0005, 0.0020, 0.0010, 0.0090)


@dataclass(frozen=True, slots=True)
class Meters:
    """`start_l` is the register two readings before the window. A swap happens between the plan
    dates of `swap_month - 1` and `swap_month`, `swap_share` of that month's water having run."""

    bore: Ints
    tech: Ints
    maker: Ints
    digits: Ints
    resolution_l: Ints
    install_day: Ints
    start_l: Ints
    spot: Ints
    condition: Ints
    swapped: Bools
    swap_month: Ints
    swap_day: Ints
    swap_share: Floats
    new_start_l: Ints
    reason: Ints

    @property
    def modulus_l(self) -> Ints:
        return np.asarray(10**self.digits * 1000)


def draw_meters(
    rng: np.random.Generator, plan: CityPlan, profiles: Profiles, usage: Ints
) -> Meters:
    n = len(profiles)
    bore = _bores(rng, profiles)
    tech = rng.choice(4, p=(0.46, 0.44, 0.06, 0.04), size=n).astype(np.int64)
    tech = np.where(profiles.tech != UNSET, profiles.tech, tech)
    old = (rng.random(n) < 0.08) & (bore <= 2)
    digits = np.where(profiles.digits != UNSET, profiles.digits, np.where(old, 4, 5))
    swaps = _swaps(rng, plan, profiles, bore)
    swap_day = np.where(swaps["swapped"], swaps["swap_day"], NO_DAY)
    install_day = _install_days(rng, plan, profiles, swap_day)
    return Meters(
        bore=bore,
        tech=tech,
        maker=rng.choice(7, p=(0.34, 0.2, 0.15, 0.12, 0.09, 0.06, 0.04), size=n) + 1,
        digits=digits,
        # Pulse meters count every 5 litres, the least that costs a fen; all others whole m³.
        resolution_l=np.where((tech == REMOTE_LORA) & (profiles.digits == UNSET), 5, 1000),
        install_day=install_day,
        start_l=_registers(rng, plan, profiles, usage, digits, install_day),
        spot=rng.choice(4, p=(0.5, 0.22, 0.25, 0.03), size=n),
        condition=rng.choice(7, p=_CONDITION_SHARES, size=n),
        **swaps,
    )


def _bores(rng: np.random.Generator, profiles: Profiles) -> Ints:
    n = len(profiles)
    home = rng.choice(6, p=(0.84, 0.15, 0.009, 0.001, 0.0, 0.0), size=n)
    business = rng.choice(6, p=(0.15, 0.37, 0.20, 0.14, 0.085, 0.055), size=n)
    return np.where(profiles.use_class >= 1, business, home)


def _swaps(
    rng: np.random.Generator, plan: CityPlan, profiles: Profiles, bore: Ints
) -> dict[str, Any]:
    n = len(profiles)
    month = rng.integers(2, HISTORY_MONTHS - 3, n)
    # Two years of history: a third of the small meters fall due, and 1.2 % fail each year.
    natural = (rng.random(n) < 1 / 3 + 0.024) & (bore <= 2) & (profiles.digits == UNSET)
    planted = profiles.swap_month != UNSET
    month = np.where(planted, profiles.swap_month, month)
    swapped = (natural | planted) & (profiles.status == ACTIVE)
    swapped &= profiles.open_day < plan.plan_day[profiles.route, 0]
    share = rng.uniform(0.05, 0.95, n)
    return {
        "swapped": swapped,
        "swap_month": month,
        "swap_day": _swap_days(plan, profiles, month, share),
        "swap_share": share,
        "new_start_l": np.where(rng.random(n) < 0.3, rng.integers(1, 3, n) * 1000, 0),
        "reason": rng.choice(5, p=(0.82, 0.13, 0.02, 0.01, 0.02), size=n),
    }


def _swap_days(plan: CityPlan, profiles: Profiles, month: Ints, share: Floats) -> Ints:
    before = plan.plan_day[profiles.route, month + 1]
    gap = plan.plan_day[profiles.route, month + 2] - before
    return np.asarray(before + 1 + (share * (gap - 2)).astype(np.int64))


def _install_days(
    rng: np.random.Generator, plan: CityPlan, profiles: Profiles, swap_day: Ints
) -> Ints:
    n, as_of = len(profiles), plan.window.as_of
    first = int(plan.plan_day[:, 0].min())
    day = rng.integers(as_of - SERVICE_DAYS, first, n)
    overdue = as_of - SERVICE_DAYS - rng.integers(1, 700, n)
    day = np.where(rng.random(n) < 0.06, overdue, day)
    day = np.where(swap_day != NO_DAY, swap_day - SERVICE_DAYS + rng.integers(-60, 60, n), day)
    known_end = profiles.closed_day != NO_DAY
    day = np.where(known_end, np.minimum(day, profiles.closed_day - 30), day)
    return np.maximum(day, profiles.open_day)


def _registers(
    rng: np.random.Generator,
    plan: CityPlan,
    profiles: Profiles,
    usage: Ints,
    digits: Ints,
    install_day: Ints,
) -> Ints:
    months = (plan.plan_day[profiles.route, 0] - install_day) / 30.4
    grown = np.round(usage.mean(axis=1) * np.maximum(months, 0)) + rng.integers(0, 1000, len(usage))
    # A four-digit dial is a refurbished one and may stand anywhere.
    register = np.where(digits == 4, rng.integers(0, 9_999_000, len(usage)), grown)
    register = np.where(install_day >= plan.plan_day[profiles.route, 0], 0, register)
    register = np.where(profiles.status == NEW, 0, register)
    return np.where(profiles.dial_l != UNSET, profiles.dial_l, register).astype(np.int64)
