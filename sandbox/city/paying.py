"""When and how bills are paid: bill dates and habits in, payment days, states and late fees out."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import NO_DAY, Bools, Ints
from sandbox.city.late_fee import CITY_RULE, late_fee_fen
from sandbox.city.plan import PAYMENT_TERM_DAYS, CityPlan
from sandbox.city.profiles import CHRONIC, CLOSED, NEVER, SLOW, UNSET, Profiles

STATUSES = ("open", "partly", "paid", "reversed", "written_off")
OPEN, PARTLY, PAID, REVERSED, WRITTEN_OFF = range(5)
FAR = 1 << 40
PARTIAL_AFTER_DAYS = 5
_WRITE_OFF_DAYS = 300

# Days after the bill by which a share of a type's bills is paid; the mixture is tuned to
# water_domain 5.4 (27.6 % by day 1, 56.8 % by day 7, 94.9 % by day 30, 99.3 % by day 180).
NORMAL_DAYS, NORMAL_SHARE = (
    (0, 1, 3, 7, 12, 15, 20, 28),
    (0.0, 0.16, 0.34, 0.54, 0.73, 0.87, 0.985, 1),
)
SLOW_DAYS, SLOW_SHARE = (10, 15, 20, 30, 60, 180, 300), (0.0, 0.06, 0.30, 0.65, 0.92, 0.995, 1.0)


@dataclass(frozen=True, slots=True)
class Settlements:
    """`pay_day` beyond the window's end means unpaid. Late fees stand as of payment or closing."""

    opened_day: Ints
    due_day: Ints
    pay_day: Ints
    status: Ints
    paid_fen: Ints
    partial_fen: Ints
    late_days: Ints
    late_fen: Ints
    waived_fen: Ints


def settle(
    rng: np.random.Generator,
    plan: CityPlan,
    profiles: Profiles,
    due: Bools,
    amount_fen: Ints,
    opened_day: Ints,
) -> Settlements:
    as_of, due_day = plan.window.as_of, opened_day + PAYMENT_TERM_DAYS
    pay_day = _pay_days(rng, plan, profiles, due, amount_fen, opened_day)
    paid = pay_day <= as_of
    partial = _partials(rng, profiles, due & ~paid, amount_fen, opened_day, as_of)
    late_days = np.minimum(pay_day, as_of) - due_day
    late = late_fee_fen(CITY_RULE, amount_fen - partial, late_days)
    return Settlements(
        opened_day=opened_day,
        due_day=due_day,
        pay_day=pay_day,
        status=_states(profiles, paid, partial, as_of),
        paid_fen=np.where(paid, amount_fen, partial),
        partial_fen=partial,
        late_days=np.maximum(late_days - CITY_RULE.grace_days, 0),
        late_fen=late,
        waived_fen=np.where(rng.random(due.shape) < 0.02, late, 0),
    )


def _states(profiles: Profiles, paid: Bools, partial_fen: Ints, as_of: int) -> Ints:
    """Long after an account was closed, what it still owes is written off."""
    old = (profiles.closed_day != NO_DAY) & (profiles.closed_day < as_of - _WRITE_OFF_DAYS)
    owed = np.where(old[:, None], WRITTEN_OFF, np.where(partial_fen > 0, PARTLY, OPEN))
    return np.where(paid, PAID, owed)


def _pay_days(
    rng: np.random.Generator,
    plan: CityPlan,
    profiles: Profiles,
    due: Bools,
    amount_fen: Ints,
    opened: Ints,
) -> Ints:
    delay = np.interp(rng.random(opened.shape), NORMAL_SHARE, NORMAL_DAYS)
    slow = np.interp(rng.random(opened.shape), SLOW_SHARE, SLOW_DAYS)
    delay = np.where((profiles.payer == SLOW)[:, None], slow, delay)
    prompt = (profiles.debit & (profiles.payer == 0)) | profiles.prepayer
    pay = opened + np.where(prompt[:, None], 0, np.ceil(delay)).astype(np.int64)
    chronic = (profiles.payer == CHRONIC)[:, None]
    pay = np.where(chronic, _sweeps(rng, plan, opened), pay)
    pay = np.where((profiles.payer == NEVER)[:, None], FAR, pay)
    leaving = np.maximum(profiles.closed_day[:, None] + 5, opened + 1)
    closed = (profiles.status == CLOSED)[:, None]
    pay = np.where(closed, np.minimum(pay, leaving), pay)
    pay = _owed_as_fixed(plan, profiles, due, opened, pay)
    # Nobody pays a newer bill and leaves an older one: paying settles all that is open.
    pay = np.where(due, pay, FAR)
    pay = np.minimum.accumulate(pay[:, ::-1], axis=1)[:, ::-1]
    return np.where(due & (amount_fen == 0), opened, pay)


def _sweeps(rng: np.random.Generator, plan: CityPlan, opened: Ints) -> Ints:
    """Chronic debtors pay everything at once, every five to sixteen months."""
    interval = rng.integers(150, 500, (len(opened), 1))
    last = plan.window.as_of - (rng.random((len(opened), 1)) * interval).astype(np.int64)
    return np.asarray(last - (last - opened) // interval * interval)


def _owed_as_fixed(plan: CityPlan, profiles: Profiles, due: Bools, opened: Ints, pay: Ints) -> Ints:
    fixed = (profiles.owed_last != UNSET)[:, None]
    from_end = np.cumsum(due[:, ::-1], axis=1)[:, ::-1]
    owed = from_end <= profiles.owed_last[:, None]
    on_time = np.minimum(opened + 1 + profiles.index[:, None] % 9, plan.window.as_of)
    return np.where(fixed, np.where(owed, FAR, on_time), pay)


def _partials(
    rng: np.random.Generator,
    profiles: Profiles,
    unpaid: Bools,
    amount_fen: Ints,
    opened: Ints,
    as_of: int,
) -> Ints:
    """Some of the oldest unpaid bills were paid in part, over the counter, before the due date."""
    oldest = unpaid & (np.cumsum(unpaid, axis=1) == 1)
    by_chance = (rng.random(unpaid.shape) < 0.05) & (profiles.owed_last == UNSET)[:, None]
    chosen = oldest & (by_chance | profiles.part_paid[:, None])
    chosen &= (opened + PARTIAL_AFTER_DAYS <= as_of) & (amount_fen >= 2_000)
    return np.where(chosen, amount_fen // 2_000 * 1_000, 0)
