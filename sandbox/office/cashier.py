"""The counter 柜台: what an account owes is paid there, all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine, func, select

from sandbox.city.schema import metadata
from sandbox.office.errors import NoSuchThing, OfficeError
from sandbox.office.shift import Shift, at_work

T = metadata.tables
UNPAID = ("open", "partly")
_CHANNEL = "counter"


@dataclass(frozen=True, slots=True)
class CounterPayment:
    """`amount` in yuan, late fees included; `bills` the numbers of those it paid, oldest first."""

    pay_no: str
    acct_no: str
    amount: Decimal
    bills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Owed:
    bill_id: int
    bill_no: str
    principal_fen: int
    late_fen: int


def pay_at_counter(engine: Engine, acct_no: str, now: datetime) -> CounterPayment:
    with at_work(engine, now) as shift:
        owed = _owed(shift, acct_no)
        if not owed:
            raise _nothing_owed(shift, acct_no)
        amount_fen = sum(row.principal_fen + row.late_fen for row in owed)
        pay_id = shift.next_id(T["payment"].c.pay_id)
        pay_no = f"P{pay_id:010d}"
        _write_payment(shift, acct_no, pay_id, pay_no, amount_fen)
        _settle(shift, owed, pay_id)
        bills = tuple(row.bill_no for row in owed)
        return CounterPayment(pay_no, acct_no, Decimal(amount_fen).scaleb(-2), bills)


def _owed(shift: Shift, acct_no: str) -> Sequence[_Owed]:
    bill, fee = T["bill"], T["late_fee"]
    principal = bill.c.amount_fen - bill.c.paid_fen
    late = func.coalesce(fee.c.accrued_fen - fee.c.waived_fen - fee.c.paid_fen, 0)
    found = shift.connection.execute(
        select(bill.c.bill_id, bill.c.bill_no, principal, late)
        .outerjoin(fee, fee.c.bill_id == bill.c.bill_id)
        .where(bill.c.acct_no == acct_no, bill.c.status.in_(UNPAID))
        .order_by(bill.c.period, bill.c.bill_no)
    )
    return [_Owed(*row) for row in found]


def _nothing_owed(shift: Shift, acct_no: str) -> OfficeError:
    number = T["account"].c.acct_no
    if shift.connection.scalar(select(number).where(number == acct_no)) is None:
        return NoSuchThing(f"没有户号 {acct_no}")
    return OfficeError(f"户号 {acct_no} 没有要缴的账单")


def _write_payment(shift: Shift, acct_no: str, pay_id: int, pay_no: str, amount_fen: int) -> None:
    shift.connection.execute(
        T["payment"]
        .insert()
        .values(
            pay_id=pay_id,
            pay_no=pay_no,
            acct_no=acct_no,
            channel=_CHANNEL,
            amount_fen=amount_fen,
            paid_at=shift.at,
            state="paid",
        )
    )


def _settle(shift: Shift, owed: Sequence[_Owed], pay_id: int) -> None:
    bill, fee = T["bill"], T["late_fee"]
    for row in owed:
        shift.connection.execute(
            T["payment_alloc"]
            .insert()
            .values(
                pay_id=pay_id,
                bill_id=row.bill_id,
                late_fee_fen=row.late_fen,
                principal_fen=row.principal_fen,
            )
        )
        shift.connection.execute(
            bill.update()
            .where(bill.c.bill_id == row.bill_id)
            .values(paid_fen=bill.c.amount_fen, status="paid")
        )
        shift.connection.execute(
            fee.update()
            .where(fee.c.bill_id == row.bill_id)
            .values(paid_fen=fee.c.accrued_fen - fee.c.waived_fen)
        )
