"""The three books: WeChat's trade bill, our orders and refunds, CSMS. A page of the first is read
beside what the other two have of the same orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from backends.ports import (
    Order,
    Orders,
    OrderState,
    Posting,
    Refund,
    Refunds,
    Statements,
    Takings,
    TradeRow,
)
from jobs.reconciling.booked import Booked, is_plain

AT_ONCE = 1000
"""Order numbers, orders or payments of a page: what one statement may name."""

PAID = frozenset({OrderState.PAID, OrderState.SETTLED})
BOOKED_STATES = frozenset({"SUCCESS", "REFUND"})


@dataclass(frozen=True, slots=True)
class Books:
    statements: Statements
    orders: Orders
    refunds: Refunds
    takings: Takings

    def booked(self, orders: Sequence[Order]) -> Mapping[str, Booked]:
        """By order number: those that are paid, with what CSMS has of them."""
        paid = [order for order in orders if order.state in PAID]
        takings = self.takings.of_transactions([order.transaction_id for order in paid])
        odd = [
            order.order_no
            for order in paid
            if not is_plain(order, takings.get(order.transaction_id, ()))
        ]
        postings, refunds = self._more(odd)
        return {
            order.order_no: Booked(
                order,
                takings.get(order.transaction_id, ()),
                postings.get(order.order_no, ()),
                refunds.get(order.order_no, ()),
            )
            for order in paid
        }

    def _more(
        self, numbers: Sequence[str]
    ) -> tuple[Mapping[str, Sequence[Posting]], Mapping[str, Sequence[Refund]]]:
        if not numbers:
            return {}, {}
        return self.orders.postings_of(numbers), self.refunds.refunds_of(numbers)


@dataclass(frozen=True, slots=True)
class Entry:
    """All rows of one order number on a day, and what we have of it."""

    day: date
    order_no: str
    payments: tuple[TradeRow, ...]
    refund_rows: tuple[TradeRow, ...]
    order: Order | None
    booked: Booked | None
    refunds: Mapping[str, Refund]

    @property
    def is_agreed(self) -> bool:
        """One payment, of the amount and transaction that we have, too."""
        if len(self.payments) != 1 or self.booked is None:
            return False
        row, order = self.payments[0], self.booked.order
        return row.state in BOOKED_STATES and (row.amount_fen, row.transaction_id) == (
            order.amount_fen,
            order.transaction_id,
        )


def entries(books: Books, day: date, rows: Sequence[TradeRow]) -> tuple[Entry, ...]:
    """Of a page: the rows come by order number."""
    grouped = [(number, tuple(its)) for number, its in groupby(rows, lambda row: row.order_no)]
    orders = books.orders.of_numbers([number for number, _ in grouped])
    booked = books.booked(list(orders.values()))
    given_back = [number for number, its in grouped if any(row.is_refund for row in its)]
    refunds = books.refunds.refunds_of(given_back) if given_back else {}
    return tuple(
        Entry(
            day,
            number,
            tuple(row for row in its if not row.is_refund),
            tuple(row for row in its if row.is_refund),
            orders.get(number),
            booked.get(number),
            {one.refund_no: one for one in refunds.get(number, ())},
        )
        for number, its in grouped
    )
