"""The counter 柜台: what an account owes is paid there, all of it at once. What is being paid by
WeChat Pay waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine, select

from sandbox.city.schema import metadata
from sandbox.office.books import Income, Owed, Share, owed_on, settle_bill, write_payment
from sandbox.office.errors import NoSuchThing, OfficeError
from sandbox.office.locks import locked_until
from sandbox.office.night import UNPAID
from sandbox.office.shift import Shift, at_work

T = metadata.tables
_CHANNEL = "counter"


@dataclass(frozen=True, slots=True)
class CounterPayment:
    """`amount` in yuan, late fees included; `bills` the numbers of those it paid, oldest first."""

    pay_no: str
    acct_no: str
    amount: Decimal
    bills: tuple[str, ...]


def pay_at_counter(engine: Engine, acct_no: str, now: datetime) -> CounterPayment:
    with at_work(engine, now) as shift:
        bill = T["bill"]
        owed = owed_on(shift, bill.c.acct_no == acct_no, bill.c.status.in_(UNPAID))
        if not owed:
            raise _nothing_owed(shift, acct_no)
        _refuse_locked(shift, acct_no, owed)
        amount_fen = sum(row.principal_fen + row.late_fen for row in owed)
        pay_id, pay_no = write_payment(shift, Income(acct_no, _CHANNEL, amount_fen, shift.at))
        for row in owed:
            settle_bill(shift, row, Share(row.principal_fen, row.late_fen), pay_id)
        bills = tuple(row.bill_no for row in owed)
        return CounterPayment(pay_no, acct_no, Decimal(amount_fen).scaleb(-2), bills)


def _refuse_locked(shift: Shift, acct_no: str, owed: Sequence[Owed]) -> None:
    until = locked_until(shift, [row.bill_no for row in owed])
    if until is not None:
        raise OfficeError(
            f"户号 {acct_no} 的账单正在微信上缴费，请等市民缴完或取消；"
            f"{until:%H:%M} 还没有缴，柜台就可以收"
        )


def _nothing_owed(shift: Shift, acct_no: str) -> OfficeError:
    number = T["account"].c.acct_no
    if shift.connection.scalar(select(number).where(number == acct_no)) is None:
        return NoSuchThing(f"没有户号 {acct_no}")
    return OfficeError(f"户号 {acct_no} 没有要缴的账单")
