"""Opened bills 账单推送: CSMS's events tell of them at once, this of those that none told of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from backends.ports import Bill, Binding, DueLists, Ledger, Mark, Notice, Topic
from dialogs.accounts import SEE_BILLS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import bill_opened

AUDIENCE = Audience(SEE_BILLS, Topic.BILL)
DAYS_BACK = 3


@dataclass(frozen=True, slots=True)
class OpenedBills:
    """One that is paid already, out of a prepaid balance say, asks nobody to pay."""

    due: DueLists
    ledger: Ledger
    days_back: int = DAYS_BACK

    def pages(self, now: datetime) -> Iterator[Page]:
        first = Mark(now.date() - timedelta(days=self.days_back))

        def notice(bill: Bill, to: Binding) -> Notice:
            return bill_opened(
                to,
                bill_no=bill.bill_no,
                period=bill.period,
                volume_m3=str(bill.volume_m3),
                amount=str(bill.amount),
                due_date=bill.due_date.isoformat(),
                opened_at=datetime.combine(bill.opened_on, time.min, tzinfo=now.tzinfo),
            )

        bills = walked(self.due.bills_opened, _mark, first)
        return told(self.ledger, AUDIENCE, bills, notice, wanted=_is_to_pay)


def _mark(bill: Bill) -> Mark:
    return Mark(bill.opened_on, bill.bill_no)


def _is_to_pay(bill: Bill) -> bool:
    return bill.status in ("open", "partly") and bill.owed > 0
