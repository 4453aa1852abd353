"""The billing system in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from backends.csms.proof import Facts, fits
from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Meter,
    Payment,
    ProofFactor,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)
from tests.fakes.switches import Switches


class FakeCsms(Switches):
    """`bills` holds paid ones too; `reversed_bills` names the numbers of cancelled ones. The
    rest is answered as it was given, by account."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        bills: Iterable[Bill] = (),
        *,
        mobiles: Mapping[str, str] | None = None,
        reversed_bills: Iterable[str] = (),
        lines: Mapping[str, Sequence[BillLine]] | None = None,
        payments: Iterable[Payment] = (),
        tiers: Iterable[TierUsage] = (),
        meters: Iterable[Meter] = (),
        readings: Iterable[Reading] = (),
        visits: Iterable[Visit] = (),
        slots: Iterable[VisitSlot] = (),
        contacts: Iterable[Contact] = (),
        real_names: Iterable[RealName] = (),
        spot_checks: Iterable[SpotCheck] = (),
    ) -> None:
        super().__init__()
        reversed_nos = set(reversed_bills)
        self._accounts = {account.acct_no: account for account in accounts}
        self._bills = [bill for bill in bills if bill.bill_no not in reversed_nos]
        self._mobiles = dict(mobiles or {})
        self._lines = {bill_no: tuple(of_bill) for bill_no, of_bill in (lines or {}).items()}
        self._payments = tuple(payments)
        self._tiers = {usage.acct_no: usage for usage in tiers}
        self.meters_in_use = list(meters)
        self._readings = tuple(readings)
        self.visits_due = list(visits)
        self._slots = tuple(slots)
        self.contacts = {contact.acct_no: contact for contact in contacts}
        self.real_names = {verified.acct_no: verified for verified in real_names}
        self.checks_open = list(spot_checks)

    def settle(self, bill_no: str) -> None:
        """The bill has been paid in full."""
        self._bills = [
            replace(bill, paid=bill.amount, late_fee=Decimal("0.00"), status="paid")
            if bill.bill_no == bill_no
            else bill
            for bill in self._bills
        ]

    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        self._obey()
        account = self._accounts.get(acct_no)
        facts = Facts() if account is None else self._facts(account)
        return account if fits(facts, factor, answer) else None

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        self._obey()
        wanted = dict.fromkeys(acct_nos)
        return tuple(self._accounts[no] for no in wanted if no in self._accounts)

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        self._obey()
        rank = {no: position for position, no in enumerate(dict.fromkeys(acct_nos))}
        unpaid = [bill for bill in self._bills if bill.acct_no in rank and _is_unpaid(bill)]
        unpaid.sort(key=lambda bill: (rank[bill.acct_no], bill.period, bill.due_date, bill.bill_no))
        return tuple(unpaid)

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        self._obey()
        found = [b for b in self._bills if b.acct_no == acct_no and b.period >= since_period]
        found.sort(key=lambda bill: (bill.period, bill.opened_on, bill.bill_no), reverse=True)
        return tuple(found)

    def bill_lines(self, bill_nos: Sequence[str]) -> Mapping[str, tuple[BillLine, ...]]:
        self._obey()
        return {number: self._lines[number] for number in bill_nos if number in self._lines}

    def payments(self, acct_no: str, since: date) -> tuple[Payment, ...]:
        self._obey()
        found = [p for p in self._payments if p.acct_no == acct_no and p.paid_at.date() >= since]
        return tuple(sorted(found, key=lambda one: (one.paid_at, one.pay_no), reverse=True))

    def tier_usage(self, acct_no: str) -> TierUsage | None:
        self._obey()
        return self._tiers.get(acct_no)

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        self._obey()
        rank = {no: position for position, no in enumerate(dict.fromkeys(acct_nos))}
        found = [meter for meter in self.meters_in_use if meter.acct_no in rank]
        return tuple(sorted(found, key=lambda meter: (rank[meter.acct_no], meter.meter_code)))

    def readings(self, acct_no: str, since: date) -> tuple[Reading, ...]:
        self._obey()
        found = [r for r in self._readings if r.acct_no == acct_no and r.read_on >= since]
        found.sort(key=lambda one: (one.read_on, one.period, one.meter_code), reverse=True)
        return tuple(found)

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        self._obey()
        open_ones = ("due", "booked")
        found = [v for v in self.visits_due if v.acct_no == acct_no and v.state in open_ones]
        return tuple(sorted(found, key=lambda visit: visit.visit_no))

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        self._obey()
        known = acct_no in self._accounts
        found = [slot for slot in self._slots if known and slot.on >= since]
        return tuple(sorted(found, key=lambda slot: (slot.on, slot.band, slot.slot_no))[:12])

    def contact(self, acct_no: str) -> Contact | None:
        self._obey()
        if acct_no not in self._accounts:
            return None
        return self.contacts.get(acct_no, Contact(acct_no, mobile="", email="", paper=True))

    def real_name(self, acct_no: str) -> RealName | None:
        self._obey()
        return self.real_names.get(acct_no)

    def spot_checks(self, acct_nos: Sequence[str]) -> tuple[SpotCheck, ...]:
        self._obey()
        rank = {no: position for position, no in enumerate(dict.fromkeys(acct_nos))}
        found = [check for check in self.checks_open if check.acct_no in rank]
        found.sort(key=lambda check: (rank[check.acct_no], check.drawn_on, check.check_no))
        return tuple(found)

    def _facts(self, account: Account) -> Facts:
        bills = [bill for bill in self._bills if bill.acct_no == account.acct_no]
        newest = max(bills, key=lambda b: (b.period, b.opened_on, b.bill_no), default=None)
        return Facts(
            status=account.status,
            owner_name=account.owner_name,
            last_bill_amount=newest.amount if newest else None,
            meter_code=account.meter_code,
            mobile=self._mobiles.get(account.acct_no),
        )


def _is_unpaid(bill: Bill) -> bool:
    return bill.status in ("open", "partly") and bill.owed > 0
