"""The billing system (CSMS 营业收费系统) as conversations ask it: reads of the exchange database
前置库 (docs/contracts/csms.md). What citizens want of it goes through `requests`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from backends.ports.holders import Contact, RealName, SpotCheck


class ProofFactor(StrEnum):
    """What, beside the account number, shows that an account is the citizen's own. DOCUMENTS:
    papers that CSMS has approved; a citizen cannot type those."""

    OWNER_NAME = "owner_name"
    LAST_BILL_AMOUNT = "last_bill_amount"
    METER_CODE = "meter_code"
    MOBILE = "mobile"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Account:
    """A water account 户号, as CSMS knows it. `use_class`: RES, RES_COMBINED, NONRES, SPECIAL."""

    acct_no: str
    owner_name: str
    address: str
    use_class: str
    status: str
    people_count: int
    meter_code: str | None
    prepaid_balance: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill 账单 for one `period` (账务年月, 'YYYY-MM'). `late_fee` has accrued up to
    `late_fee_as_of`; waived late fees are already taken off. `status`: open, partly, paid or
    written_off. `estimated`: of an estimated reading 估抄; `corrects_bill_no` names the reversed
    bill that this one replaces ('' for none). `prev_value` and `value` are the dial's readings in
    whole m³, None where the bill is not of one meter's reading."""

    bill_no: str
    acct_no: str
    period: str
    period_from: date
    period_to: date
    prev_value: int | None
    value: int | None
    volume_m3: Decimal
    amount: Decimal
    paid: Decimal
    late_fee: Decimal
    late_fee_as_of: date
    opened_on: date
    due_date: date
    status: str
    estimated: bool
    corrects_bill_no: str

    @property
    def principal_owed(self) -> Decimal:
        return self.amount - self.paid

    @property
    def owed(self) -> Decimal:
        return self.principal_owed + self.late_fee

    @property
    def days(self) -> int:
        return (self.period_to - self.period_from).days + 1


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line 账单明细: `amount` is `volume_m3` × `unit_price`, rounded half up to the fen.
    `fee_item`: WATER, SEWAGE, RESOURCE, REFUSE. `tier_no` 1, 2, 3, or 0 on the whole volume."""

    fee_item: str
    tier_no: int
    volume_m3: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidBill:
    period: str
    principal: Decimal
    late_fee: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment 缴费记录 with the bills it paid. `state`: paid, refunded or reversed."""

    pay_no: str
    acct_no: str
    channel: str
    amount: Decimal
    paid_at: datetime
    state: str
    bills: tuple[PaidBill, ...]


@dataclass(frozen=True, slots=True)
class TierUsage:
    """How far the account is in its tiers 阶梯. `used_m3` since `since`, up to `as_of` (the day
    of the last reading). The bounds are None where one price holds for all."""

    acct_no: str
    use_class: str
    tier_period: str
    since: date
    as_of: date
    used_m3: Decimal
    tier1_upto_m3: Decimal | None
    tier2_upto_m3: Decimal | None


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter 水表 now in use. `digits`: black wheels, whole m³. `remote`: reads itself. `q3_m3_h`:
    permanent flow of its bore, the most that can run for long. `next_reading_on`: the route's
    reading day of the cycle under way, None when there is none planned. `self_streak`: self
    readings accepted in a row; `visit_due`: the next reading must be taken on site."""

    meter_code: str
    acct_no: str
    digits: int
    remote: bool
    q3_m3_h: Decimal
    last_value: int
    last_read_on: date
    next_reading_on: date | None
    self_streak: int
    visit_due: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading 抄表记录 that was billed. `source`: reader, remote, self_wechat, estimate or
    system."""

    acct_no: str
    meter_code: str
    period: str
    prev_value: int
    prev_date: date
    value: int
    read_on: date
    volume_m3: Decimal
    source: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """An on-site visit 上门抄表. `state`: due, booked, done, missed or cancelled. `band` is like
    '09:00-11:00'. `reschedules`: how often it was moved."""

    visit_no: str
    acct_no: str
    reason: str
    state: str
    on: date | None
    band: str
    reschedules: int


@dataclass(frozen=True, slots=True)
class VisitSlot:
    slot_no: str
    on: date
    band: str


class Csms(Protocol):
    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        """The account when it exists, is open and `answer` fits; None in every other case,
        so that nobody learns whether an account exists."""
        ...

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        """The accounts of these numbers in the order given; unknown numbers are left out."""
        ...

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        """Bills with something left to pay, by account (in the order given), oldest first."""
        ...

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        """All bills but reversed ones from that accounting month on, newest first."""
        ...

    def bill_lines(self, bill_nos: Sequence[str]) -> Mapping[str, tuple[BillLine, ...]]:
        """bill_no → its lines, as printed. Unknown numbers are left out."""
        ...

    def payments(self, acct_no: str, since: date) -> tuple[Payment, ...]:
        """Newest first."""
        ...

    def tier_usage(self, acct_no: str) -> TierUsage | None: ...

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        """The meters in use, by account (in the order given), then meter code."""
        ...

    def readings(self, acct_no: str, since: date) -> tuple[Reading, ...]:
        """Newest first."""
        ...

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        """Those due or booked, oldest first."""
        ...

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        """Free slots for the account's area, soonest first, at most twelve."""
        ...

    def contact(self, acct_no: str) -> Contact | None: ...

    def real_name(self, acct_no: str) -> RealName | None:
        """None for an account whose holder was never verified."""
        ...

    def spot_checks(self, acct_nos: Sequence[str]) -> tuple[SpotCheck, ...]:
        """Those that wait for a photo, by account (in the order given), oldest first."""
        ...

    def ping(self) -> None:
        """Returns when the database answers a query on the contract's views."""
        ...
