"""Payments and prepaid balances as rows: settled bills in, payments, allocations, ledger out."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.bills import Bills
from sandbox.city.days import DAY_S, NO_DAY, Ints, Texts, as_date, texts
from sandbox.city.paying import PARTIAL_AFTER_DAYS, PARTLY, WRITTEN_OFF
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import CLOSED, Profiles
from sandbox.city.sink import Columns, coded

CHANNELS = (
    "wechat_account", "wechat_life", "alipay", "counter", "agent", "app_web", "bank_debit",
    "prepaid",
)  # fmt: skip
COUNTER, BANK_DEBIT, PREPAID = 3, 6, 7
_CHANNEL_SHARES = (0.365, 0.21, 0.28, 0.06, 0.05, 0.035)
# Channels whose operator gives every payment a transaction number of its own. Those of the account
# are of before the platform took payments: its books do not have them.
_NUMBERED = {1: "4201", 2: "2088", 5: "7100"}
_OPENING_HOUR_S, _CLOSING_HOUR_S = 7 * 3600, 22 * 3600


@dataclass(frozen=True, slots=True)
class Payments:
    account: Ints
    pay_id: Ints
    channel: Ints
    amount_fen: Ints
    paid_s: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Allocations:
    pay_id: Ints
    bill_id: Ints
    late_fen: Ints
    principal_fen: Ints


def pay_bills(
    rng: np.random.Generator, plan: CityPlan, profiles: Profiles, bills: Bills, first_pay_id: int
) -> tuple[Payments, Allocations]:
    """Bills that an account pays on one day are one payment 合并支付."""
    paid = np.flatnonzero((bills.pay_day <= plan.window.as_of) & (bills.amount_fen > 0))
    account, day = bills.account[paid], bills.pay_day[paid]
    prepaid = profiles.prepayer[account]
    first = np.ones(len(paid), dtype=np.bool_)
    first[1:] = (account[1:] != account[:-1]) | (day[1:] != day[:-1]) | prepaid[1:]
    late = bills.late_fen[paid] - bills.waived_fen[paid]
    pay_id = first_pay_id + np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    channel = rng.choice(6, p=_CHANNEL_SHARES, size=len(starts))
    debited = profiles.debit & (profiles.payer == 0)
    channel = np.where(debited[account[starts]], BANK_DEBIT, channel)
    channel = np.where(prepaid[starts], PREPAID, channel)
    payments = Payments(
        account=account[starts],
        pay_id=pay_id[starts],
        channel=channel,
        amount_fen=_sums(bills.amount_fen[paid] + late, starts),
        paid_s=day[starts] * DAY_S + _clock(rng, channel),
    )
    return payments, Allocations(pay_id, bills.bill_id[paid], late, bills.amount_fen[paid])


def pay_partly(
    rng: np.random.Generator, bills: Bills, first_pay_id: int
) -> tuple[Payments, Allocations]:
    part = np.flatnonzero(
        ((bills.status == PARTLY) | (bills.status == WRITTEN_OFF)) & (bills.partial_fen > 0)
    )
    pay_id = first_pay_id + np.arange(len(part))
    channel = np.full(len(part), COUNTER)
    day = bills.opened_day[part] + PARTIAL_AFTER_DAYS
    amount = bills.partial_fen[part]
    payments = Payments(
        bills.account[part], pay_id, channel, amount, day * DAY_S + _clock(rng, channel)
    )
    return payments, Allocations(pay_id, bills.bill_id[part], np.zeros_like(amount), amount)


def top_up(
    rng: np.random.Generator,
    plan: CityPlan,
    profiles: Profiles,
    offsets: Payments,
    first_pay_id: int,
) -> Payments:
    """One payment into each prepaid balance: what is left of it, and what it has paid since."""
    spent = np.bincount(
        offsets.account, weights=offsets.amount_fen, minlength=len(profiles)
    ).astype(np.int64)
    amount = profiles.prepaid_fen + np.where(profiles.prepayer, spent, 0)
    account = np.flatnonzero(amount > 0)
    early = np.maximum(plan.plan_day[profiles.route, 1], profiles.open_day)
    recent = np.maximum(plan.window.as_of - rng.integers(1, 200, len(profiles)), profiles.open_day)
    closed = profiles.status == CLOSED
    recent = np.where(closed, np.minimum(recent, profiles.closed_day), recent)
    day = np.where(profiles.prepayer, early, recent)
    channel = rng.choice(6, p=_CHANNEL_SHARES, size=len(account))
    pay_id = first_pay_id + np.arange(len(account))
    paid_s = day[account] * DAY_S + _clock(rng, channel)
    return Payments(account, pay_id, channel, amount[account], paid_s)


def payment_columns(payments: Payments, acct_no: Texts) -> Columns:
    return {
        "pay_id": payments.pay_id,
        "pay_no": payment_numbers(payments.pay_id),
        "acct_no": acct_no[payments.account],
        "channel": coded(CHANNELS, payments.channel),
        "channel_txn_no": _transaction_numbers(payments),
        "amount_fen": payments.amount_fen,
        "paid_at": payments.paid_s,
        "state": "paid",
        "reverses_pay_id": None,
    }


def payment_numbers(pay_id: Ints) -> Texts:
    return texts([f"P{number:010d}" for number in pay_id.tolist()])


def allocation_columns(allocations: Allocations) -> Columns:
    return {
        "pay_id": allocations.pay_id,
        "bill_id": allocations.bill_id,
        "late_fee_fen": allocations.late_fen,
        "principal_fen": allocations.principal_fen,
    }


def ledger_columns(
    top_ups: Payments, offsets: Payments, acct_no: Texts, first_ledger_id: int
) -> Columns:
    """Top-ups and offsets in the order of account and time, each with the balance after it."""
    account = np.concatenate((top_ups.account, offsets.account))
    delta = np.concatenate((top_ups.amount_fen, -offsets.amount_fen))
    at = np.concatenate((top_ups.paid_s, offsets.paid_s))
    ref = np.concatenate((top_ups.pay_id, offsets.pay_id))
    order = np.lexsort((ref, at, account))
    account, delta, at, ref = account[order], delta[order], at[order], ref[order]
    run = np.cumsum(delta)
    first = np.searchsorted(account, account, side="left")
    return {
        "ledger_id": first_ledger_id + np.arange(len(account)),
        "acct_no": acct_no[account],
        "delta_fen": delta,
        "balance_after_fen": run - (run - delta)[first],
        "kind": coded(("topup", "offset"), (delta < 0).astype(np.int64)),
        "ref_pay_id": ref,
        "at": at,
    }


def prepaid_only(payments: Payments) -> Payments:
    chosen = payments.channel == PREPAID
    return Payments(
        payments.account[chosen],
        payments.pay_id[chosen],
        payments.channel[chosen],
        payments.amount_fen[chosen],
        payments.paid_s[chosen],
    )


def _sums(values: Ints, starts: Ints) -> Ints:
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def _clock(rng: np.random.Generator, channel: Ints) -> Ints:
    """Seconds into the day: offices by day, the rest until late; debits run with the bills."""
    second = rng.integers(_OPENING_HOUR_S, _CLOSING_HOUR_S, len(channel))
    second = np.where(channel == COUNTER, second % (8 * 3600) + 9 * 3600, second)
    return np.where(channel >= BANK_DEBIT, 8 * 3600 + 1800, np.maximum(second, 8 * 3600 + 60))


def _transaction_numbers(payments: Payments) -> Texts:
    rows = zip(
        payments.channel.tolist(),
        payments.pay_id.tolist(),
        (payments.paid_s // DAY_S).tolist(),
        strict=True,
    )
    stamps: dict[int, str] = {NO_DAY: ""}
    numbers: list[str | None] = []
    for channel, pay_id, day in rows:
        head = _NUMBERED.get(channel)
        if head is None:
            numbers.append(None)
            continue
        stamp = stamps.get(day) or stamps.setdefault(day, f"{as_date(day):%Y%m%d}")
        numbers.append(f"{head}{stamp}{pay_id:016d}")
    return texts(numbers)  # type: ignore[arg-type]
