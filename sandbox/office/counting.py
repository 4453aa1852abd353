"""Counts a reading: writes it, opens its bill 开账, and moves the account's counters on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.city.plan import PAYMENT_TERM_DAYS
from sandbox.city.schema import metadata
from sandbox.city.tariffs import NO_BOUND_L
from sandbox.office.cards import Card
from sandbox.office.charging import Charge, charge
from sandbox.office.errors import BadEntry, OfficeError
from sandbox.office.shift import Shift

T = metadata.tables
BY_READER, BY_CITIZEN = "reader", "self_wechat"
_NORMAL_CONDITION = "01"


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading that shall count: how much ran through, and who read it when."""

    volume_m3: int
    read_on: date
    source: str


@dataclass(frozen=True, slots=True)
class _Reached:
    """Where the account stands with the reading: its turn, its dial and its self readings."""

    period: str
    value_l: int
    rollover_l: int
    streak: int


@dataclass(frozen=True, slots=True)
class OpenedBill:
    bill_no: str
    acct_no: str
    period: str
    value: int
    volume_m3: Decimal
    amount: Decimal
    due_date: date
    self_streak: int

    def as_event(self) -> Mapping[str, Any]:
        return {
            "bill_no": self.bill_no,
            "period": self.period,
            "volume_m3": f"{self.volume_m3.normalize():f}",
            "amount": f"{self.amount:.2f}",
            "due_date": self.due_date.isoformat(),
        }


def count(shift: Shift, card: Card, taken: Taken) -> OpenedBill:
    """Closes the turn of the route for this account, whoever read the meter."""
    reached = _reach(shift, card, taken)
    charged = charge(shift, card, taken.volume_m3 * 1000, taken.read_on)
    reading_id = _write_reading(shift, card, taken, reached)
    bill = OpenedBill(
        bill_no=f"B{reached.period.replace('-', '')}{card.acct_no}1",
        acct_no=card.acct_no,
        period=reached.period,
        value=reached.value_l // 1000,
        volume_m3=Decimal(taken.volume_m3),
        amount=Decimal(charged.amount_fen).scaleb(-2),
        due_date=shift.today + timedelta(days=PAYMENT_TERM_DAYS),
        self_streak=reached.streak,
    )
    _write_bill(shift, card, taken, charged, bill, reading_id)
    _move_on(shift, card, taken, charged, reached)
    return bill


def tell_bill(shift: Shift, bill: OpenedBill, request_no: str | None = None) -> None:
    shift.tell(
        "bill_opened",
        bill.as_event(),
        acct_no=bill.acct_no,
        request_no=request_no,
        ext_no=bill.bill_no,
    )


def _reach(shift: Shift, card: Card, taken: Taken) -> _Reached:
    period = _open_period(shift, card, taken)
    run_l = card.last_l + taken.volume_m3 * 1000
    value_l = run_l % (card.dial_m3 * 1000)
    streak = card.self_streak + 1 if taken.source == BY_CITIZEN else 0
    return _Reached(period, value_l, run_l - value_l, streak)


def _open_period(shift: Shift, card: Card, taken: Taken) -> str:
    if not 0 <= taken.volume_m3 < card.dial_m3:
        raise BadEntry(f"水量应为 0 到 {card.dial_m3 - 1} 立方米，不能是 {taken.volume_m3}")
    if taken.read_on > shift.today:
        raise OfficeError(f"抄表日 {taken.read_on} 还没有到")
    if taken.read_on <= card.last_read_on:
        raise OfficeError(
            f"户号 {card.acct_no} 在 {card.last_read_on} 已抄过表，{taken.read_on} 的读数不能再开账"
        )
    if card.next_period is None:
        raise OfficeError(f"户号 {card.acct_no} 没有排定的抄表期，不能开账")
    return card.next_period


def _write_reading(shift: Shift, card: Card, taken: Taken, reached: _Reached) -> int:
    reading = T["reading"]
    reading_id = shift.next_id(reading.c.reading_id)
    shift.connection.execute(
        reading.insert().values(
            reading_id=reading_id,
            acct_no=card.acct_no,
            meter_id=card.meter_id,
            period=reached.period,
            prev_l=card.last_l,
            prev_date=card.last_read_on,
            value_l=reached.value_l,
            read_date=taken.read_on,
            rollover_l=reached.rollover_l,
            swap_l=0,
            consumption_l=taken.volume_m3 * 1000,
            source=taken.source,
            quality="normal",
            condition_code=_NORMAL_CONDITION,
            self_streak=reached.streak,
        )
    )
    return reading_id


def _write_bill(
    shift: Shift, card: Card, taken: Taken, charged: Charge, bill: OpenedBill, reading_id: int
) -> None:
    table = T["bill"]
    shift.connection.execute(
        table.insert().values(
            bill_id=shift.next_id(table.c.bill_id),
            bill_no=bill.bill_no,
            acct_no=card.acct_no,
            reading_id=reading_id,
            tariff_id=charged.tariff_id,
            period=bill.period,
            period_from=card.last_read_on + timedelta(days=1),
            period_to=taken.read_on,
            volume_l=sum(charged.tiers_l),
            **{f"tier{number}_l": part for number, part in enumerate(charged.tiers_l, start=1)},
            amount_fen=charged.amount_fen,
            paid_fen=0,
            opened_at=shift.at,
            due_date=bill.due_date,
            # Where nothing is to be paid, nothing is open.
            status="open" if charged.amount_fen else "paid",
            is_estimated=0,
        )
    )


def _move_on(shift: Shift, card: Card, taken: Taken, charged: Charge, reached: _Reached) -> None:
    account = T["account"]
    first, second = (None if bound == NO_BOUND_L else bound for bound in charged.bounds)
    shift.connection.execute(
        account.update()
        .where(account.c.acct_no == card.acct_no)
        .values(
            tier_year=charged.tier_year,
            tier_since=date(charged.tier_year, 1, 1),
            tier_cum_l=charged.used_l,
            tier1_upto_l=first,
            tier2_upto_l=second,
            read_period=reached.period,
            last_read_on=taken.read_on,
            last_read_l=reached.value_l,
            self_streak=reached.streak,
            updated_at=shift.at,
        )
    )
