"""What the billing system has that is due, in memory."""

from collections.abc import Iterable, Sequence
from datetime import date

from backends.ports import Account, Bill, Mark, Meter, SpotCheck, Visit
from tests.fakes.switches import Switches


class FakeDueLists(Switches):
    """Its lists may be changed while somebody walks along them, as CSMS does. `all_bills` holds
    paid ones too, and no reversed ones."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        bills: Iterable[Bill] = (),
        *,
        meters: Iterable[Meter] = (),
        visits: Iterable[Visit] = (),
        spot_checks: Iterable[SpotCheck] = (),
    ) -> None:
        super().__init__()
        self._accounts = {account.acct_no: account for account in accounts}
        self.all_bills = list(bills)
        self.all_meters = list(meters)
        self.all_visits = list(visits)
        self.checks_open = list(spot_checks)

    def bills_due(self, since: Mark, last: date, limit: int) -> tuple[Bill, ...]:
        self._obey()
        owed = [bill for bill in self.all_bills if _is_owed(bill) and bill.due_date <= last]
        owed.sort(key=lambda bill: (bill.due_date, bill.bill_no))
        return tuple(b for b in owed if (b.due_date, b.bill_no) > (since.on, since.key))[:limit]

    def bills_opened(self, since: Mark, limit: int) -> tuple[Bill, ...]:
        self._obey()
        opened = sorted(self.all_bills, key=lambda bill: (bill.opened_on, bill.bill_no))
        return tuple(b for b in opened if (b.opened_on, b.bill_no) > (since.on, since.key))[:limit]

    def still_owed(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        self._obey()
        return tuple(b for b in self.all_bills if b.acct_no in acct_nos and _is_owed(b))

    def meters_to_read(self, since: Mark, last: date, limit: int) -> tuple[Meter, ...]:
        self._obey()
        by_hand = [meter for meter in self.all_meters if not meter.remote]
        planned = sorted(
            (meter.next_reading_on, meter.meter_code, meter)
            for meter in by_hand
            if meter.next_reading_on is not None and meter.next_reading_on <= last
        )
        behind = (since.on, since.key)
        return tuple(meter for on, code, meter in planned if (on, code) > behind)[:limit]

    def visits_due(self, after: str, limit: int) -> tuple[Visit, ...]:
        self._obey()
        found = [v for v in self.all_visits if v.state == "due" and v.visit_no > after]
        return tuple(sorted(found, key=lambda visit: visit.visit_no))[:limit]

    def visits_on(self, on: date, after: str, limit: int) -> tuple[Visit, ...]:
        self._obey()
        booked = [v for v in self.all_visits if v.state == "booked" and v.on == on]
        booked.sort(key=lambda visit: visit.visit_no)
        return tuple(visit for visit in booked if visit.visit_no > after)[:limit]

    def spot_checks_open(self, after: str, limit: int) -> tuple[SpotCheck, ...]:
        self._obey()
        found = [check for check in self.checks_open if check.check_no > after]
        return tuple(sorted(found, key=lambda check: check.check_no))[:limit]

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        self._obey()
        wanted = dict.fromkeys(acct_nos)
        return tuple(self._accounts[no] for no in wanted if no in self._accounts)


def _is_owed(bill: Bill) -> bool:
    return bill.status in ("open", "partly") and bill.owed > 0
