"""The books: what bills owe, and payments as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from sandbox.city.schema import metadata
from sandbox.office.shift import Shift

T = metadata.tables
PAID, PARTLY = "paid", "partly"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left of a bill, in fen: principal, and late fee 违约金."""

    bill_id: int
    bill_no: str
    status: str
    due_date: date
    principal_fen: int
    late_fen: int


@dataclass(frozen=True, slots=True)
class Income:
    """Money that came in; `transaction_no` is the channel's own number, '' where it has none."""

    acct_no: str
    channel: str
    amount_fen: int
    paid_at: datetime
    transaction_no: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment a bill takes, and what of its late fee is let off."""

    principal_fen: int
    late_fen: int
    waived_fen: int = 0


def owed_on(shift: Shift, *which: ColumnElement[bool]) -> Sequence[Owed]:
    """Of the bills that fit, oldest first, whatever their state."""
    bill, fee = T["bill"], T["late_fee"]
    found = shift.connection.execute(
        select(
            bill.c.bill_id,
            bill.c.bill_no,
            bill.c.status,
            bill.c.due_date,
            bill.c.amount_fen - bill.c.paid_fen,
            func.coalesce(fee.c.accrued_fen - fee.c.waived_fen - fee.c.paid_fen, 0),
        )
        .outerjoin(fee, fee.c.bill_id == bill.c.bill_id)
        .where(*which)
        .order_by(bill.c.period, bill.c.bill_no)
    )
    return [Owed(*row) for row in found]


def write_payment(shift: Shift, income: Income) -> tuple[int, str]:
    """Answers its id and its number."""
    payment = T["payment"]
    pay_id = shift.next_id(payment.c.pay_id)
    pay_no = payment_number(pay_id)
    shift.connection.execute(
        payment.insert().values(
            pay_id=pay_id,
            pay_no=pay_no,
            acct_no=income.acct_no,
            channel=income.channel,
            channel_txn_no=income.transaction_no or None,
            amount_fen=income.amount_fen,
            paid_at=income.paid_at,
            state="paid",
        )
    )
    return pay_id, pay_no


def payment_number(pay_id: int) -> str:
    return f"P{pay_id:010d}"


def settle_bill(shift: Shift, owed: Owed, share: Share, pay_id: int) -> None:
    """The bill is paid when nothing of it is left."""
    late_left = owed.late_fen - share.late_fen - share.waived_fen
    left = owed.principal_fen - share.principal_fen + late_left
    bill, fee = T["bill"], T["late_fee"]
    shift.connection.execute(
        T["payment_alloc"]
        .insert()
        .values(
            pay_id=pay_id,
            bill_id=owed.bill_id,
            late_fee_fen=share.late_fen,
            principal_fen=share.principal_fen,
        )
    )
    shift.connection.execute(
        bill.update()
        .where(bill.c.bill_id == owed.bill_id)
        .values(paid_fen=bill.c.paid_fen + share.principal_fen, status=PARTLY if left else PAID)
    )
    shift.connection.execute(
        fee.update()
        .where(fee.c.bill_id == owed.bill_id)
        .values(
            paid_fen=fee.c.paid_fen + share.late_fen,
            waived_fen=fee.c.waived_fen + share.waived_fen,
        )
    )


def top_up(shift: Shift, acct_no: str, amount_fen: int, pay_id: int) -> None:
    """Into the prepaid balance 预存."""
    account, ledger = T["account"], T["prepay_ledger"]
    of_account = account.c.acct_no == acct_no
    shift.connection.execute(
        account.update()
        .where(of_account)
        .values(prepaid_fen=account.c.prepaid_fen + amount_fen, updated_at=shift.at)
    )
    shift.connection.execute(
        ledger.insert().values(
            ledger_id=shift.next_id(ledger.c.ledger_id),
            acct_no=acct_no,
            delta_fen=amount_fen,
            balance_after_fen=shift.connection.execute(
                select(account.c.prepaid_fen).where(of_account)
            ).scalar_one(),
            kind="topup",
            ref_pay_id=pay_id,
            at=shift.at,
        )
    )
