"""What each account is like: use, household, status, how its owner pays. Drawn once per chunk.

`plants` overwrites single entries afterwards; everything else is computed from these columns.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.city.days import NO_DAY, Bools, Ints, month_start
from sandbox.city.plan import HISTORY_MONTHS, CityPlan

STATUSES = ("active", "suspended", "stopped_arrears", "closed", "new")
ACTIVE, SUSPENDED, STOPPED, CLOSED, NEW = range(5)
RES, RES_COMBINED, NONRES, SPECIAL = range(4)
NORMAL, SLOW, CHRONIC, NEVER = range(4)
NOBODY, VERIFIED, CLAIMED, DISPUTED = range(4)
"""Whose real name 实名 is on file: nobody's, the holder's, the holder's to be verified yet, or the
holder's while somebody else claims the account."""
UNSET = -1
_LEFT_TO_CHANCE = (
    "owed_last", "swap_month", "digits", "dial_l", "monthly_l", "year_l", "last_l", "tech",
    "self_streak", "real_name", "handed_on", "checked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profiles:
    """One entry per account. Days are NO_DAY and the last twelve columns UNSET where nothing is
    fixed: `owed_last` bills left unpaid, `swap_month` of the history, `digits` and `dial_l` of the
    meter at the start, `monthly_l` used in a mean month, `year_l` billed so far in the year of the
    city's day, `last_l` in the last bill, `tech` of the meter, `self_streak` at the end, whose
    `real_name` is on file, how often it was `handed_on` in the year of the city's day, `checked` 1
    for an open spot check (0: never any). Fixed `digits` also keep chance away from the meter: no
    swap, no estimate but the planted one."""

    index: Ints
    route: Ints
    step: Ints
    use_class: Ints
    people: Ints
    people_new: Ints
    people_from: Ints
    status: Ints
    open_day: Ints
    closed_day: Ints
    idle_from: Ints
    vacant: Bools
    payer: Ints
    debit: Bools
    prepayer: Bools
    prepaid_fen: Ints
    part_paid: Bools
    owed_last: Ints
    swap_month: Ints
    digits: Ints
    dial_l: Ints
    monthly_l: Ints
    year_l: Ints
    last_l: Ints
    tech: Ints
    self_streak: Ints
    real_name: Ints
    handed_on: Ints
    checked: Ints

    def __len__(self) -> int:
        return len(self.index)


def draw_profiles(rng: np.random.Generator, plan: CityPlan, routes: tuple[int, int]) -> Profiles:
    route = np.repeat(np.arange(*routes), plan.routes.size[routes[0] : routes[1]])
    n = len(route)
    status = rng.choice(5, p=(0.955, 0.01, 0.002, 0.028, 0.005), size=n).astype(np.int64)
    use_class = rng.choice(4, p=(0.905, 0.01, 0.08, 0.005), size=n).astype(np.int64)
    open_day, closed_day = _lifetimes(rng, plan, status)
    people, people_new, people_from = _households(rng, plan, use_class)
    idle = plan.window.as_of - rng.integers(60, 400, n)
    return Profiles(
        index=plan.routes.start[routes[0]] + np.arange(n),
        route=route,
        step=np.where(plan.cycle[route] == 0, 1, 2),
        use_class=use_class,
        people=people,
        people_new=people_new,
        people_from=people_from,
        status=status,
        open_day=open_day,
        closed_day=closed_day,
        idle_from=np.where((status == SUSPENDED) | (status == STOPPED), idle, NO_DAY),
        vacant=(rng.random(n) < 0.07) & (use_class == RES),
        **_habits(rng, status, use_class),
        **{name: np.full(n, UNSET) for name in _LEFT_TO_CHANCE},
    )


def _habits(rng: np.random.Generator, status: Ints, use_class: Ints) -> dict[str, Any]:
    n = len(status)
    payer = rng.choice(4, p=(0.90, 0.088, 0.011, 0.001), size=n).astype(np.int64)
    balance = np.round(np.exp(rng.normal(np.log(6000), 0.9, n))).astype(np.int64)
    prepaid_fen = np.where(rng.random(n) < 0.17, balance, 0)
    able = (prepaid_fen > 0) & (use_class == RES) & (status == ACTIVE) & (payer == NORMAL)
    return {
        "payer": np.where(status == STOPPED, NEVER, np.where(status == CLOSED, NORMAL, payer)),
        "debit": rng.random(n) < 0.18,
        "prepayer": able & (rng.random(n) < 0.1),
        "prepaid_fen": np.where(status == CLOSED, 0, prepaid_fen),
        "part_paid": np.zeros(n, dtype=np.bool_),
    }


def _lifetimes(rng: np.random.Generator, plan: CityPlan, status: Ints) -> tuple[Ints, Ints]:
    n = len(status)
    first, as_of = int(plan.plan_day[:, 0].min()), plan.window.as_of
    opened = rng.integers(month_start(1985, 1), first, n)
    late = (status == ACTIVE) & (rng.random(n) < 0.03)
    opened = np.where(late, rng.integers(first, as_of - 60, n), opened)
    opened = np.where(status == NEW, rng.integers(as_of - 60, as_of + 1, n), opened)
    closed = np.maximum(rng.integers(first - 500, as_of + 1, n), opened + 200)
    return opened, np.where(status == CLOSED, np.minimum(closed, as_of), NO_DAY)


def _households(
    rng: np.random.Generator, plan: CityPlan, use_class: Ints
) -> tuple[Ints, Ints, Ints]:
    n = len(use_class)
    people = rng.choice(6, p=(0.14, 0.29, 0.30, 0.15, 0.08, 0.04), size=n) + 1
    people = np.where(people == 6, people + rng.integers(0, 3, n), people)
    people = np.where(use_class >= NONRES, 0, people)
    grows = (use_class == RES) & (people < 5) & (rng.random(n) < 0.004)
    starts = np.array([month_start(*month) for month in plan.window.months])
    from_day = starts[rng.integers(2, HISTORY_MONTHS - 2, n)]
    return people, np.where(grows, 5, people), np.where(grows, from_day, NO_DAY)


def people_at(profiles: Profiles, day: Ints) -> Ints:
    """The household's size on each day of a matrix with one row per account."""
    changed = (profiles.people_from != NO_DAY)[:, None] & (day >= profiles.people_from[:, None])
    return np.where(changed, profiles.people_new[:, None], profiles.people[:, None])
