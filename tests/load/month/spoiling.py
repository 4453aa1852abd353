"""What goes wrong at CSMS and in WeChat's bill, planted in known numbers."""

from dataclasses import dataclass
from random import Random

from sqlalchemy import Row, select
from sqlalchemy.exc import DBAPIError

from sandbox.city.schema import metadata, request_state, wx_request
from sandbox.office.books import Income, top_up, write_payment
from sandbox.office.shift import at_work
from tests.load.month.world import Month

T = metadata.tables


@dataclass
class Spoiling:
    """`again`: payments that reach CSMS once more under another number, which it has to see
    through; `twice`: payments that a clerk books once more by hand, which reconciliation has to
    list."""

    month: Month
    rng: Random
    again: int
    twice: int
    copies: int = 0
    booked: int = 0

    def __call__(self) -> None:
        """Of one payment each time, as long as any are left to be spoilt."""
        try:
            if self.copies < self.again:
                self._hand_over_again()
            if self.booked < self.twice:
                self._book_twice()
        except DBAPIError:
            # A connection was cut under it: another evening.
            return

    def _hand_over_again(self) -> None:
        asked = (
            select(wx_request)
            .join(request_state, request_state.c.request_no == wx_request.c.request_no)
            .where(wx_request.c.kind == "payment", request_state.c.state == "posted")
            .order_by(wx_request.c.created_at.desc())
            .limit(20)
        )
        with self.month.office.begin() as connection:
            found = connection.execute(asked).mappings().all()
            if found:
                number = f"W9{self.rng.randrange(10**11):011d}"
                row = {**self.rng.choice(found), "request_no": number}
                connection.execute(wx_request.insert().values(row))
                self.copies += 1

    def _book_twice(self) -> None:
        payment = T["payment"]
        newest = (
            select(payment)
            .where(
                payment.c.channel_txn_no.is_not(None), payment.c.pay_id > self.month.after_pay_id
            )
            .order_by(payment.c.pay_id.desc())
            .limit(20)
        )
        with at_work(self.month.office, self.month.now()) as shift:
            rows: list[Row[tuple[object, ...]]] = list(shift.connection.execute(newest))
            if not rows:
                return
            row = self.rng.choice(rows)
            income = Income(
                row.acct_no, row.channel, row.amount_fen, row.paid_at, row.channel_txn_no
            )
            pay_id, _ = write_payment(shift, income)
            top_up(shift, row.acct_no, row.amount_fen, pay_id)
            self.booked += 1
