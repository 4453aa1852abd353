"""Meter readings: true use in, dial readings with rollover, swap, estimates and sources out.

All matrices have one row per account and one column per month of the window; `due` marks the
months in which the account is read.
"""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import NO_DAY, Bools, Ints
from sandbox.city.meters import IC_PREPAID, MECHANICAL, Meters
from sandbox.city.plan import HISTORY_MONTHS, CityPlan
from sandbox.city.profiles import UNSET, Profiles

SOURCES = ("reader", "remote", "self_wechat", "estimate", "system")
READER, REMOTE, SELF, ESTIMATE, SYSTEM = range(5)
QUALITIES = ("normal", "estimated", "withdrawn")
NORMAL, ESTIMATED, WITHDRAWN = range(3)
VISIT_AFTER_SELF_READINGS = 6


@dataclass(frozen=True, slots=True)
class Readings:
    """`on_new` tells which readings are of the meter that came with the swap."""

    due: Bools
    prev_day: Ints
    read_day: Ints
    prev_l: Ints
    value_l: Ints
    rollover_l: Ints
    swap_l: Ints
    consumption_l: Ints
    on_new: Bools
    source: Ints
    streak: Ints
    old_end_l: Ints


@dataclass(frozen=True, slots=True)
class _Registers:
    """Unwrapped: what the dials would show if they had no end."""

    value: Ints
    prev: Ints
    swap_l: Ints
    on_new: Bools
    swap_here: Bools
    old_end: Ints


def read_meters(
    rng: np.random.Generator, plan: CityPlan, profiles: Profiles, meters: Meters, usage: Ints
) -> Readings:
    due = due_months(plan, profiles)
    registers = _registers(profiles, meters, usage)
    estimated = _estimated_months(rng, profiles, meters, registers, due)
    _estimate(profiles, meters, registers, estimated)
    modulus = _moduli(meters, registers)
    value, prev = registers.value % modulus, registers.prev % modulus
    run = registers.value - registers.prev
    source, streak = _sources(rng, profiles, meters, estimated, due)
    return Readings(
        due=due,
        prev_day=_prev_days(plan, profiles),
        read_day=plan.plan_day[profiles.route, 2:],
        prev_l=prev,
        value_l=value,
        rollover_l=run - (value - prev),
        swap_l=registers.swap_l,
        consumption_l=run + registers.swap_l,
        on_new=registers.on_new,
        source=source,
        streak=streak,
        old_end_l=registers.old_end % meters.modulus_l,
    )


def _moduli(meters: Meters, registers: _Registers) -> Ints:
    """A new meter has five digits, whatever the old one had."""
    return np.where(registers.on_new, 100_000_000, meters.modulus_l[:, None])


def due_months(plan: CityPlan, profiles: Profiles) -> Bools:
    read_day = plan.plan_day[profiles.route, 2:]
    open_then = read_day > profiles.open_day[:, None]
    closed = profiles.closed_day[:, None]
    due: Bools = plan.billed()[profiles.route] & open_then
    due &= (closed == NO_DAY) | (read_day <= closed)
    return due


def _prev_days(plan: CityPlan, profiles: Profiles) -> Ints:
    day = plan.plan_day[profiles.route[:, None], _prev_columns(profiles)]
    return np.maximum(day, profiles.open_day[:, None])


def _prev_columns(profiles: Profiles) -> Ints:
    """For each month, the column of `plan_day` with the reading before."""
    return np.asarray(np.arange(HISTORY_MONTHS)[None, :] + 2 - profiles.step[:, None])


def _registers(profiles: Profiles, meters: Meters, usage: Ints) -> _Registers:
    run = np.cumsum(np.column_stack((meters.start_l, usage)), axis=1)
    rows = np.arange(len(run))
    unit = meters.resolution_l[:, None]
    before = run[rows, meters.swap_month + 1]
    moved = meters.swap_share * (run[rows, meters.swap_month + 2] - before)
    at_swap = before + moved.astype(np.int64)
    column = np.arange(HISTORY_MONTHS + 2)
    swapped = meters.swapped[:, None] & (column >= (meters.swap_month + 2)[:, None])
    new = meters.new_start_l[:, None] + run - at_swap[:, None]
    shown = np.where(swapped, new, run) // unit * unit
    old_end = at_swap // meters.resolution_l * meters.resolution_l
    earlier = _prev_columns(profiles)
    prev, prev_swapped = shown[rows[:, None], earlier], swapped[rows[:, None], earlier]
    swap_here = swapped[:, 2:] & ~prev_swapped
    return _Registers(
        value=shown[:, 2:].copy(),
        prev=np.where(swap_here, meters.new_start_l[:, None], prev),
        swap_l=np.where(swap_here, old_end[:, None] - prev, 0),
        on_new=swapped[:, 2:],
        swap_here=swap_here,
        old_end=old_end,
    )


def _estimated_months(
    rng: np.random.Generator, profiles: Profiles, meters: Meters, registers: _Registers, due: Bools
) -> Bools:
    """Months with nobody at home: never two readings in a row, never around a swap, and only
    where three readings before give a mean and one after settles it."""
    drawn = rng.random(due.shape) < 0.12
    visited = (meters.tech == MECHANICAL) & (profiles.digits == UNSET)
    drawn &= visited[:, None] & due & ~registers.swap_here
    for step in (1, 2):
        rows = profiles.step == step
        part, there, swap = drawn[rows], due[rows], registers.swap_here[rows]
        part[:, : 3 * step] = False
        part[:, HISTORY_MONTHS - step :] = False
        part[:, :-step] &= there[:, step:] & ~swap[:, step:]
        part[:, 3 * step :] &= there[:, : -3 * step]
        for month in range(step, HISTORY_MONTHS):
            part[:, month] &= ~part[:, month - step]
        drawn[rows] = part
    return drawn


def _estimate(profiles: Profiles, meters: Meters, registers: _Registers, estimated: Bools) -> None:
    """Writes the estimate into the registers: the mean of three, never above the next reading."""
    account, month = np.nonzero(estimated)
    step = profiles.step[account]
    used = registers.value - registers.prev + registers.swap_l
    mean = sum(used[account, month - back * step] for back in (1, 2, 3)) // 3
    unit = meters.resolution_l[account]
    guess = (registers.prev[account, month] + mean) // unit * unit
    guess = np.minimum(guess, registers.value[account, month + step])
    registers.value[account, month] = guess
    registers.prev[account, month + step] = guess


def _sources(
    rng: np.random.Generator, profiles: Profiles, meters: Meters, estimated: Bools, due: Bools
) -> tuple[Ints, Ints]:
    remote = (meters.tech != MECHANICAL) & (meters.tech != IC_PREPAID)
    likes_self = (rng.random(len(remote)) < 0.19) & (meters.tech == MECHANICAL)
    by_self = likes_self[:, None] & (rng.random(due.shape) < 0.93)
    failed = rng.random(due.shape) < 0.02
    by_machine = np.where(failed, SYSTEM, REMOTE)
    source = np.where(remote[:, None], by_machine, np.where(by_self, SELF, READER))
    source[estimated] = ESTIMATE
    for account in np.flatnonzero(profiles.self_streak != UNSET).tolist():
        read = np.flatnonzero(due[account])
        source[account, read] = READER
        source[account, read[len(read) - profiles.self_streak[account] :]] = SELF
    streak = np.zeros(due.shape, dtype=np.int64)
    run = np.zeros(len(remote), dtype=np.int64)
    for month in range(due.shape[1]):
        there = due[:, month]
        # After six in a row the utility's own reader must come by.
        visit = there & (source[:, month] == SELF) & (run == VISIT_AFTER_SELF_READINGS)
        source[visit, month] = READER
        kept = there & (source[:, month] == ESTIMATE)
        run = np.where(there & (source[:, month] == SELF), run + 1, np.where(there & ~kept, 0, run))
        streak[:, month] = run
    return source, streak
