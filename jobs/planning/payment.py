"""Reminders of payment 缴费提醒: of bills that fall due within three days and are not paid yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import Bill, Binding, DueLists, Lane, Ledger, Mark, Notice, Topic
from dialogs.accounts import SEE_BILLS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import about_account, end_of, what_is_owed

AUDIENCE = Audience(SEE_BILLS, Topic.DUE)
DAYS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class _Due:
    """`owed`: all bills of its account with something left to pay."""

    bill: Bill
    owed: tuple[Bill, ...]

    @property
    def acct_no(self) -> str:
        return self.bill.acct_no


@dataclass(frozen=True, slots=True)
class PaymentReminders:
    """On the days after the third too: what a day without this job has left out is made up for."""

    due: DueLists
    ledger: Ledger
    days_before: int = DAYS_BEFORE

    def pages(self, now: datetime) -> Iterator[Page]:
        today = now.date()
        last = today + timedelta(days=self.days_before)

        def page(behind: Mark, limit: int) -> tuple[Bill, ...]:
            return self.due.bills_due(behind, last, limit)

        def notice(due: _Due, to: Binding) -> Notice:
            bill = due.bill
            view = {
                "bill_no": bill.bill_no,
                "period": bill.period,
                "due_date": bill.due_date.isoformat(),
                **what_is_owed(bill, due.owed),
            }
            until = end_of(bill.due_date, now)
            return about_account("bill_due", bill.bill_no, to, view, Lane.REMINDER, until)

        bills = self._with_all_owed(walked(page, _mark, Mark(today)))
        return told(self.ledger, AUDIENCE, bills, notice, wanted=lambda due: due.bill.owed > 0)

    def _with_all_owed(self, portions: Iterator[Sequence[Bill]]) -> Iterator[Sequence[_Due]]:
        """A bill that is paid between the two looks at CSMS is counted as it was in the first."""
        for bills in portions:
            owed: dict[str, dict[str, Bill]] = {}
            now_owed = self.due.still_owed([bill.acct_no for bill in bills])
            for bill in (*now_owed, *bills):
                owed.setdefault(bill.acct_no, {})[bill.bill_no] = bill
            yield [_Due(bill, tuple(owed[bill.acct_no].values())) for bill in bills]


def _mark(bill: Bill) -> Mark:
    return Mark(bill.due_date, bill.bill_no)
