"""Reminders of payment 缴费提醒: of bills that fall due within three days and are not paid yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import Bill, Binding, DueLists, Ledger, Mark, Notice, Topic
from dialogs.accounts import SEE_BILLS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import bill_due

AUDIENCE = Audience(SEE_BILLS, Topic.DUE)
DAYS_BEFORE = 3


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

        def notice(bill: Bill, to: Binding) -> Notice:
            return bill_due(to, bill, now)

        bills = walked(page, _mark, Mark(today))
        return told(self.ledger, AUDIENCE, bills, notice, wanted=lambda bill: bill.owed > 0)


def _mark(bill: Bill) -> Mark:
    return Mark(bill.due_date, bill.bill_no)
