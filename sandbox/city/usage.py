"""How much water each account really uses, in litres a month (water_domain 5.4)."""

import numpy as np

from sandbox.city.days import NO_DAY, Bools, Floats, Ints
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import NONRES, RES_COMBINED, UNSET, Profiles

SEASON = (0.93, 0.90, 0.93, 0.96, 1.00, 1.06, 1.14, 1.15, 1.06, 0.99, 0.95, 0.93)
HOUSEHOLD_MU, BETWEEN_HOUSEHOLDS, WITHIN_HOUSEHOLD = 2.155, 0.60, 0.28
_LARGEST_L = 45_000_000


def monthly_litres(rng: np.random.Generator, plan: CityPlan, profiles: Profiles) -> Ints:
    """One column per month, from the month before the window to its last."""
    _, first_month = plan.window.months[0]
    count = len(plan.window.months) + 1
    season = np.array([SEASON[(first_month - 2 + at) % 12] for at in range(count)])
    cubic = np.where(
        (profiles.use_class >= NONRES)[:, None],
        business_m3(rng, len(profiles), count),
        household_m3(rng, len(profiles), count),
    )
    homes = np.where(profiles.use_class == RES_COMBINED, rng.integers(3, 31, len(profiles)), 1)
    cubic = cubic * season * homes[:, None]
    empty = np.where(rng.random(cubic.shape) < 0.6, 0.0, rng.uniform(0, 2, cubic.shape))
    cubic = np.where(profiles.vacant[:, None], empty, cubic)
    litres = np.minimum(np.round(cubic * 1000), _LARGEST_L).astype(np.int64)
    fixed = profiles.monthly_l != UNSET
    litres[fixed] = (profiles.monthly_l[fixed, None] * season).astype(np.int64)
    _fix_months(plan, profiles, litres)
    return np.where(_in_use(plan, profiles), litres, 0)


def _fix_months(plan: CityPlan, profiles: Profiles, litres: Ints) -> None:
    billed = plan.billed()
    years = np.array([year for year, _ in plan.window.months])
    for account in np.flatnonzero((profiles.year_l != UNSET) | (profiles.last_l != UNSET)).tolist():
        months = np.flatnonzero(billed[profiles.route[account]])
        this_year = months[years[months] == years[-1]]
        if profiles.year_l[account] != UNSET and len(this_year):
            litres[account, this_year + 1] = profiles.year_l[account] // len(this_year)
        if profiles.last_l[account] != UNSET:
            litres[account, months[-1] + 1] = profiles.last_l[account]


def household_m3(rng: np.random.Generator, n: int, months: int) -> Floats:
    between = rng.normal(HOUSEHOLD_MU, BETWEEN_HOUSEHOLDS, (n, 1))
    cubic = np.exp(between + rng.normal(0, WITHIN_HOUSEHOLD, (n, months)))
    leak = np.where(rng.random((n, months)) < 0.0025, rng.uniform(3, 15, (n, months)), 1.0)
    return np.asarray(cubic * leak)


def business_m3(rng: np.random.Generator, n: int, months: int) -> Floats:
    between = rng.normal(np.log(25), 1.56, (n, 1))
    return np.asarray(np.exp(between + rng.normal(0, 0.35, (n, months))))


def _in_use(plan: CityPlan, profiles: Profiles) -> Bools:
    month_end = plan.plan_day[profiles.route, 1:]
    idle = (profiles.idle_from != NO_DAY)[:, None] & (month_end > profiles.idle_from[:, None])
    in_use: Bools = (month_end > profiles.open_day[:, None]) & ~idle
    return in_use
