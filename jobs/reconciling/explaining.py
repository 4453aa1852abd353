"""Open differences are looked at again: what a later day's bill, a late posting or a refund
explains is settled; what may still be explained waits; the rest is for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backends.ports import ITSELF, Difference, Listed, Mismatch
from jobs.reconciling import booked
from jobs.reconciling.books import AT_ONCE, PAID, Books

ONE_DAY = timedelta(days=1)
MOST_LOOKED_AT = 20_000
"""Nobody works through more; `counts` still counts them all."""

IN_A_BILL = "in the bill of a day beside"
PAID_SINCE = "paid with us by now"
POSTED_SINCE = "CSMS has it as we do by now"


@dataclass(frozen=True, slots=True)
class Explaining:
    books: Books

    def explain(self, now: datetime) -> int:
        """How many of those that stay open may still be explained by the next day's bill."""
        statements, waiting, after = self.books.statements, 0, 0
        for _ in range(MOST_LOOKED_AT // AT_ONCE):
            page = statements.open_differences(after, AT_ONCE)
            if not page:
                break
            after = page[-1].difference_id
            settled = {listed.difference_id: why for listed, why in self._settled(page)}
            for difference_id, why in settled.items():
                statements.resolve(difference_id, ITSELF, why, now)
            left = [one.difference for one in page if one.difference_id not in settled]
            waiting += self._waiting(left)
        return waiting

    def _waiting(self, left: Sequence[Difference]) -> int:
        may_wait = [one for one in left if _may_wait(one)]
        if not may_wait:
            return 0
        matched = self.books.statements.matched_days(min(one.day for one in may_wait))
        return sum(one.day + ONE_DAY not in matched for one in may_wait)

    def _settled(self, page: Sequence[Listed]) -> Iterator[tuple[Listed, str]]:
        yield from self._in_a_bill(page)
        yield from self._with_us(page)

    def _in_a_bill(self, page: Sequence[Listed]) -> Iterator[tuple[Listed, str]]:
        for day in sorted({one.difference.day for one in page}):
            its = [one for one in page if one.difference.day == day]
            for one in its:
                if self._is_in(one.difference, _near(day)):
                    yield one, IN_A_BILL

    def _is_in(self, found: Difference, days: Sequence[date]) -> bool:
        statements = self.books.statements
        if found.mismatch is Mismatch.SHORT:
            if found.key != found.order_no:
                return bool(statements.refunded([found.key]))
            return bool(statements.paid_orders(days, [found.order_no]))
        if _may_wait(found):
            return bool(statements.paid_transactions(days, [found.transaction_id]))
        return False

    def _with_us(self, page: Sequence[Listed]) -> Iterator[tuple[Listed, str]]:
        numbers = {one.difference.order_no for one in page} - {""}
        orders = self.books.orders.of_numbers(sorted(numbers))
        with_csms = self.books.booked(list(orders.values()))
        for one in page:
            found = one.difference
            order, its = orders.get(found.order_no), with_csms.get(found.order_no)
            if order is None or its is None or order.state not in PAID:
                continue
            if found.mismatch is Mismatch.LONG and found.key == found.order_no:
                same = (order.transaction_id, order.amount_fen)
                if same == (found.transaction_id, found.theirs_fen):
                    yield one, PAID_SINCE
            elif _is_of_item(found) and not _stays(found, its):
                yield one, POSTED_SINCE


def _may_wait(found: Difference) -> bool:
    """What CSMS has beyond an order that is in the bill no other bill explains."""
    extra = found.mismatch is Mismatch.CSMS_EXTRA and not found.order_no
    return extra or found.mismatch is Mismatch.SHORT


def _near(day: date) -> Sequence[date]:
    return (day - ONE_DAY, day, day + ONE_DAY)


def _is_of_item(found: Difference) -> bool:
    return found.key.startswith(f"{found.order_no}:")


def _stays(found: Difference, its: booked.Booked) -> bool:
    again = booked.differences(found.day, its)
    return any(
        (one.mismatch, one.key, one.settled) == (found.mismatch, found.key, "") for one in again
    )
