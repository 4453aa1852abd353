"""Bills and their readings as rows: matrices in, one entry per bill out, in the accounts' order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandbox.city.days import DAY_S, Bools, Ints, Texts, texts
from sandbox.city.draw import Chunk
from sandbox.city.numbers import Numbers
from sandbox.city.paying import STATUSES
from sandbox.city.plan import CityPlan
from sandbox.city.readings import ESTIMATE, QUALITIES, SOURCES
from sandbox.city.sink import Columns, coded

OPENED_S = 8 * 3600
_CONDITION_NORMAL, _CONDITION_ABSENT = "01", "03"


@dataclass(frozen=True, slots=True)
class Bills:
    """`account` counts within the chunk, `month` within the window. `sequence` is the last digit
    of the bill number: 1, or 3 for a bill that replaces a reversed one."""

    account: Ints
    month: Ints
    bill_id: Ints
    reading_id: Ints
    sequence: Ints
    tariff_id: Ints
    tiers_l: tuple[Ints, Ints, Ints]
    volume_l: Ints
    amount_fen: Ints
    paid_fen: Ints
    partial_fen: Ints
    status: Ints
    opened_day: Ints
    due_day: Ints
    pay_day: Ints
    late_days: Ints
    late_fen: Ints
    waived_fen: Ints
    estimated: Bools

    def __len__(self) -> int:
        return len(self.account)


def flatten(chunk: Chunk, first_bill_id: int, first_reading_id: int) -> Bills:
    readings, charges, settlements = chunk.readings, chunk.charges, chunk.settlements
    at = np.nonzero(readings.due)
    order = np.arange(len(at[0]))
    return Bills(
        account=at[0],
        month=at[1],
        bill_id=first_bill_id + order,
        reading_id=first_reading_id + order,
        sequence=np.where(chunk.replaces[at], 3, 1),
        tariff_id=charges.tariff_id[at],
        tiers_l=(charges.tier1_l[at], charges.tier2_l[at], charges.tier3_l[at]),
        volume_l=readings.consumption_l[at],
        amount_fen=charges.amount_fen[at],
        paid_fen=settlements.paid_fen[at],
        partial_fen=settlements.partial_fen[at],
        status=settlements.status[at],
        opened_day=settlements.opened_day[at],
        due_day=settlements.due_day[at],
        pay_day=settlements.pay_day[at],
        late_days=settlements.late_days[at],
        late_fen=settlements.late_fen[at],
        waived_fen=settlements.waived_fen[at],
        estimated=readings.source[at] == ESTIMATE,
    )


def bill_numbers(plan: CityPlan, acct_no: Texts, month: Ints, sequence: Ints) -> Texts:
    heads = texts(["B" + period.replace("-", "") for period in plan.window.periods])
    tails = texts([str(digit) for digit in range(10)])
    return np.asarray(heads[month] + acct_no + tails[sequence])


def bill_columns(
    chunk: Chunk, bills: Bills, numbers: Numbers, wrong_ids: Mapping[int, int]
) -> Columns:
    """`wrong_ids`: of the bills that were reversed, by account."""
    at = (bills.account, bills.month)
    acct_no = numbers.acct_no[bills.account]
    corrects = np.full(len(bills), None, dtype=np.object_)
    for row in np.flatnonzero(bills.sequence != 1).tolist():
        corrects[row] = wrong_ids[int(bills.account[row])]
    return {
        "bill_id": bills.bill_id,
        "bill_no": bill_numbers(chunk.plan, acct_no, bills.month, bills.sequence),
        "acct_no": acct_no,
        "reading_id": bills.reading_id,
        "tariff_id": bills.tariff_id,
        "period": texts(list(chunk.plan.window.periods))[bills.month],
        "period_from": chunk.readings.prev_day[at] + 1,
        "period_to": chunk.readings.read_day[at],
        "corrects_bill_id": corrects,
        **_money_columns(bills),
    }


def _money_columns(bills: Bills) -> Columns:
    return {
        "volume_l": bills.volume_l,
        "tier1_l": bills.tiers_l[0],
        "tier2_l": bills.tiers_l[1],
        "tier3_l": bills.tiers_l[2],
        "amount_fen": bills.amount_fen,
        "paid_fen": bills.paid_fen,
        "opened_at": bills.opened_day * DAY_S + OPENED_S,
        "due_date": bills.due_day,
        "status": coded(STATUSES, bills.status),
        "is_estimated": bills.estimated.astype(np.int64),
    }


def reading_columns(chunk: Chunk, bills: Bills, numbers: Numbers) -> Columns:
    at, readings = (bills.account, bills.month), chunk.readings
    first, swapped = (ids[bills.account] for ids in numbers.meter_ids)
    return {
        "reading_id": bills.reading_id,
        "acct_no": numbers.acct_no[bills.account],
        "meter_id": np.where(readings.on_new[at], swapped, first),
        "period": texts(list(chunk.plan.window.periods))[bills.month],
        "prev_l": readings.prev_l[at],
        "prev_date": readings.prev_day[at],
        "value_l": readings.value_l[at],
        "read_date": readings.read_day[at],
        "rollover_l": readings.rollover_l[at],
        "swap_l": readings.swap_l[at],
        "consumption_l": readings.consumption_l[at],
        "source": coded(SOURCES, readings.source[at]),
        "quality": coded(QUALITIES, bills.estimated.astype(np.int64)),
        "condition_code": coded(
            (_CONDITION_NORMAL, _CONDITION_ABSENT), bills.estimated.astype(np.int64)
        ),
        "self_streak": readings.streak[at],
    }


def late_fee_columns(plan: CityPlan, bills: Bills, grace_days: int) -> Columns:
    """A row for each bill that bears, or bore, a late fee."""
    late = np.flatnonzero(bills.late_fen > 0)
    paid = bills.pay_day[late] <= plan.window.as_of
    from_day = bills.due_day[late] + grace_days + 1
    base = bills.amount_fen[late] - bills.partial_fen[late]
    accrued, waived = bills.late_fen[late], bills.waived_fen[late]
    return {
        "bill_id": bills.bill_id[late],
        "from_date": from_day,
        "to_date": from_day + bills.late_days[late] - 1,
        "days": bills.late_days[late],
        "base_fen": base,
        "accrued_fen": accrued,
        "waived_fen": waived,
        "paid_fen": np.where(paid, accrued - waived, 0),
        "cap_hit": (accrued >= base).astype(np.int64),
    }
