"""A day's comparison, page by page: the bill against our orders and CSMS, then what we and CSMS
have of that day that the bill has not. Memory does not grow with the bill.

What stands in the bill of the day before or after is no difference: midnight falls differently in
each book.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from backends.ports import Difference, Mismatch, Order, Refund, Taking
from jobs.reconciling import comparing
from jobs.reconciling.books import AT_ONCE, Books, Entry, entries
from jobs.reconciling.lines import lines
from jobs.reconciling.mending import Mending
from jobs.reconciling.paper import Paper
from jobs.reconciling.trade_bill import SHANGHAI

ONE_DAY = timedelta(days=1)
TAKEN_IN = "taken in: WeChat says that it is paid"


@dataclass(frozen=True, slots=True)
class Found:
    """What a page has come to. `handled`: of these, open and on their way without a person."""

    looked_at: int
    differences: Sequence[Difference]
    handled: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    """`mending` None: nothing is changed."""

    books: Books
    day: date
    mending: Mending | None

    def pages(self, paper: Paper) -> Iterator[Found]:
        yield from self._bill(paper)
        yield from self._orders()
        yield from self._takings()
        yield from self._refunds()

    def _bill(self, paper: Paper) -> Iterator[Found]:
        after = ""
        while rows := self.books.statements.page(self.day, after, AT_ONCE):
            after = rows[-1].order_no
            page, settled = entries(self.books, self.day, rows), list[Difference]()
            if self.mending and (settled := list(_taken_in(page, self.mending))):
                page = entries(self.books, self.day, rows)
            for entry in page:
                for line in lines(entry):
                    paper.add(line)
            found = [one for entry in page for one in comparing.differences(entry)]
            listed, handled = self._handed_over(page, found)
            yield Found(len(rows), [*settled, *listed], handled)

    def _handed_over(
        self, page: Sequence[Entry], found: Sequence[Difference]
    ) -> tuple[list[Difference], int]:
        if self.mending is None or not found:
            return list(found), 0
        orders = {entry.order_no: entry.order for entry in page}
        listed, handled = list[Difference](), 0
        for one in found:
            order, what = orders[one.order_no], ""
            if order and one.mismatch is Mismatch.CSMS_UNPOSTED:
                what = self.mending.hand_over(order, one.key.partition(":")[2])
            handled += bool(what)
            listed.append(replace(one, detail=f"{one.detail}: {what}") if what else one)
        return listed, handled

    def _orders(self) -> Iterator[Found]:
        """What we have for paid, and WeChat has not."""
        after, (since, until) = "", self._span
        while page := self.books.orders.paid_between(since, until, after, AT_ONCE):
            after = page[-1].order_no
            known = self.books.statements.paid_orders(self._near, [one.order_no for one in page])
            short = [self._short(order) for order in page if order.order_no not in known]
            yield Found(0, short)

    def _takings(self) -> Iterator[Found]:
        """What CSMS has posted, and WeChat has not."""
        after, (since, until) = "", self._span
        while page := self.books.takings.between(since, until, after, AT_ONCE):
            after = page[-1].pay_no
            numbers = sorted({one.transaction_id for one in page})
            known = self.books.statements.paid_transactions(self._near, numbers)
            yield Found(0, [self._extra(one) for one in page if one.transaction_id not in known])

    def _refunds(self) -> Iterator[Found]:
        """What we have for given back, and WeChat has in no bill."""
        after, (since, until) = "", self._span
        while page := self.books.refunds.succeeded_between(since, until, after, AT_ONCE):
            after = page[-1].refund_no
            known = self.books.statements.refunded([one.refund_no for one in page])
            yield Found(0, [self._kept(one) for one in page if one.refund_no not in known])

    @property
    def _span(self) -> tuple[datetime, datetime]:
        begins = datetime.combine(self.day, time(), SHANGHAI)
        return begins, begins + ONE_DAY

    @property
    def _near(self) -> Sequence[date]:
        return (self.day - ONE_DAY, self.day, self.day + ONE_DAY)

    def _short(self, order: Order) -> Difference:
        return Difference(
            self.day,
            Mismatch.SHORT,
            order.order_no,
            order.order_no,
            order.transaction_id,
            ours_fen=order.amount_fen,
            detail="paid with us, in no bill of these days",
        )

    def _extra(self, taking: Taking) -> Difference:
        return Difference(
            self.day,
            Mismatch.CSMS_EXTRA,
            taking.pay_no,
            transaction_id=taking.transaction_id,
            csms_fen=taking.amount_fen,
            detail="posted at CSMS, in no bill of these days",
        )

    def _kept(self, refund: Refund) -> Difference:
        return Difference(
            self.day,
            Mismatch.SHORT,
            refund.refund_no,
            refund.order_no,
            ours_fen=-refund.amount_fen,
            detail="given back with us, in no bill",
        )


def _taken_in(page: Sequence[Entry], mending: Mending) -> Iterator[Difference]:
    """What WeChat has told and we have missed."""
    for entry in page:
        missed = entry.payments and entry.order and not entry.booked
        if missed and mending.take_in(entry.order_no):
            for one in comparing.differences(entry):
                if one.mismatch is Mismatch.LONG and one.key == entry.order_no:
                    yield replace(one, settled=TAKEN_IN)
        for row in entry.refund_rows:
            refund = entry.refunds.get(row.refund_no)
            arrived = row.state == "SUCCESS" and refund and refund.state in comparing.UNDER_WAY
            if arrived and refund and mending.give_back(refund):
                for one in comparing.differences(entry):
                    if one.key == row.refund_no:
                        yield replace(one, settled=TAKEN_IN)
