"""What was put right: wrong bills with their reversals, and payments that were taken back.

Nothing is edited: a wrong bill stays, a second one with the negative of every line cancels it, a
third one replaces it (`bills` wrote that one already). A payment is taken back by its negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sandbox.city.bills import OPENED_S, Bills, bill_numbers
from sandbox.city.charging import amounts_fen
from sandbox.city.days import DAY_S
from sandbox.city.draw import Chunk
from sandbox.city.numbers import Numbers
from sandbox.city.paying import OPEN
from sandbox.city.payments import payment_numbers
from sandbox.city.plan import PAYMENT_TERM_DAYS
from sandbox.city.sink import Columns, Sink
from sandbox.city.tariffs import split

Tiers = tuple[int, int, int]
_OVERSHOOT_L = 10_000
_ORIGINAL, _REVERSAL = 1, 2


class Ids(Protocol):
    def take(self, table: str, count: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Books:
    """What of a chunk the corrections are made from."""

    chunk: Chunk
    numbers: Numbers
    wrong_ids: Mapping[int, int]


def write_corrections(sink: Sink, books: Books, bills: Bills, ids: Ids) -> None:
    for case, estimated in (("estimate_corrected", True), ("bill_reversed", False)):
        for account in books.chunk.planted.cases.get(case, ()):
            _write_wrong_bill(sink, books, account, ids, estimated=estimated)
    for account in books.chunk.planted.cases.get("payment_reversed", ()):
        _write_reversed_payment(sink, books, bills, account, ids)


def _write_wrong_bill(sink: Sink, books: Books, account: int, ids: Ids, *, estimated: bool) -> None:
    at = (account, books.chunk.planted.corrected_month)
    reading_id = ids.take("reading", 1)
    before = int(books.chunk.charges.before_l[at])
    bounds = (int(books.chunk.charges.bound1_l[at]), int(books.chunk.charges.bound2_l[at]))
    # Far enough to reach into the second tier, so that putting it right moves the tier split too.
    volume = max(bounds[0] - before, 0) + _OVERSHOOT_L
    tiers = split(volume, before, bounds)
    _write_wrong_reading(sink, books, at, reading_id, volume, estimated=estimated)
    _write_pair(sink, books, at, reading_id, tiers, estimated=estimated)


def _write_wrong_reading(
    sink: Sink, books: Books, at: tuple[int, int], reading_id: int, volume: int, *, estimated: bool
) -> None:
    readings = books.chunk.readings
    new = int(readings.on_new[at])
    sink.write(
        "reading",
        {
            "reading_id": np.array([reading_id]),
            "acct_no": str(books.numbers.acct_no[at[0]]),
            "meter_id": int(books.numbers.meter_ids[new][at[0]]),
            "period": books.chunk.plan.window.periods[at[1]],
            "prev_l": int(readings.prev_l[at]),
            "prev_date": readings.prev_day[at].reshape(1),
            "value_l": int(readings.prev_l[at]) + volume,
            "read_date": readings.read_day[at].reshape(1),
            "rollover_l": 0,
            "swap_l": 0,
            "consumption_l": volume,
            "source": "estimate" if estimated else "reader",
            "quality": "estimated" if estimated else "withdrawn",
            "condition_code": "03" if estimated else "01",
            "self_streak": 0,
        },
    )


def _write_pair(
    sink: Sink, books: Books, at: tuple[int, int], reading_id: int, tiers: Tiers, *, estimated: bool
) -> None:
    """The wrong bill as it was opened, and its reversal, opened with the bill that replaces it."""
    bill_id = books.wrong_ids[at[0]]
    sign = np.array([1, -1])
    sink.write(
        "bill",
        {
            "bill_id": bill_id + np.arange(2),
            "reading_id": reading_id,
            "volume_l": sum(tiers) * sign,
            "tier1_l": tiers[0] * sign,
            "tier2_l": tiers[1] * sign,
            "tier3_l": tiers[2] * sign,
            "amount_fen": _amount_fen(books, at, tiers) * sign,
            "paid_fen": 0,
            "status": "reversed",
            "is_estimated": int(estimated),
            "corrects_bill_id": np.array([None, bill_id], dtype=np.object_),
            **_heading(books, *at),
        },
    )


def _amount_fen(books: Books, at: tuple[int, int], tiers: Tiers) -> int:
    parts = tuple(np.array([tier]) for tier in tiers)
    tariff_id = books.chunk.charges.tariff_id[at].reshape(1)
    return int(amounts_fen(books.chunk.tariffs, tariff_id, parts)[0])


def _heading(books: Books, account: int, month: int) -> Columns:
    plan, readings = books.chunk.plan, books.chunk.readings
    acct_no = books.numbers.acct_no
    later = month + int(books.chunk.profiles.step[account])
    opened = plan.bill_day[books.chunk.profiles.route[account], [month, later]]
    sequence = np.array([_ORIGINAL, _REVERSAL])
    return {
        "bill_no": bill_numbers(plan, acct_no[[account] * 2], np.full(2, month), sequence),
        "acct_no": str(acct_no[account]),
        "tariff_id": int(books.chunk.charges.tariff_id[account, month]),
        "period": plan.window.periods[month],
        "period_from": np.repeat(readings.prev_day[account, month] + 1, 2),
        "period_to": np.repeat(readings.read_day[account, month], 2),
        "opened_at": opened * DAY_S + OPENED_S,
        "due_date": opened + PAYMENT_TERM_DAYS,
    }


def _write_reversed_payment(sink: Sink, books: Books, bills: Bills, account: int, ids: Ids) -> None:
    """The agent's terminal failed after booking: the bill is owed again."""
    owed = np.flatnonzero((bills.account == account) & (bills.status == OPEN))[-1]
    pay_id = ids.take("payment", 2)
    amount = int(bills.amount_fen[owed])
    paid_s = int(bills.opened_day[owed]) * DAY_S + 10 * 3600
    sign = np.array([1, -1])
    payments: Columns = {
        "pay_id": pay_id + np.arange(2),
        "pay_no": payment_numbers(pay_id + np.arange(2)),
        "acct_no": str(books.numbers.acct_no[account]),
        "channel": "agent",
        "channel_txn_no": None,
        "amount_fen": amount * sign,
        "paid_at": np.array([paid_s, paid_s + 1800]),
        "state": "reversed",
        "reverses_pay_id": np.array([None, pay_id], dtype=np.object_),
    }
    allocations: Columns = {
        "pay_id": pay_id + np.arange(2),
        "bill_id": int(bills.bill_id[owed]),
        "late_fee_fen": 0,
        "principal_fen": amount * sign,
    }
    sink.write("payment", payments)
    sink.write("payment_alloc", allocations)
