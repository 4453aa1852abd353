"""Four streets of a city, small enough to know by heart: what the Csms contract is tested on."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Meter,
    PaidBill,
    Payment,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)
from tests.contract.exchange import Details

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = date(2026, 11, 1)
LIN, NO_NAME, CLOSED_ACCT, ALI, COMPANY = (
    "0100000017",
    "0100000025",
    "0100000033",
    "0100000041",
    "0100000058",
)
MISSING = "0199999999"


def account(acct_no: str, owner_name: str, **changes: object) -> Account:
    values: dict[str, object] = {
        "acct_no": acct_no,
        "owner_name": owner_name,
        "address": "滨江路１２号３单元𠮷",
        "use_class": "RES",
        "status": "active",
        "people_count": 3,
        "meter_code": "0126" + acct_no,
        "prepaid_balance": Decimal("0.00"),
    }
    return Account(**(values | changes))  # type: ignore[arg-type]


def bill(
    acct_no: str, period: str, amount: str, paid: Decimal = Decimal("0.00"), **changes: object
) -> Bill:
    values: dict[str, object] = {
        "bill_no": f"B{period.replace('-', '')}{acct_no}1",
        "acct_no": acct_no,
        "period": period,
        "period_from": date.fromisoformat(f"{period}-03"),
        "period_to": date.fromisoformat(f"{period}-27"),
        "prev_value": 400,
        "value": 418,
        "volume_m3": Decimal("18.000"),
        "amount": Decimal(amount),
        "paid": paid,
        "late_fee": Decimal("0.00"),
        "late_fee_as_of": AS_OF,
        "opened_on": date.fromisoformat(f"{period}-28"),
        "due_date": date.fromisoformat(f"{period}-25"),
        "status": _status(Decimal(amount), paid),
        "estimated": False,
        "corrects_bill_no": "",
    }
    return Bill(**(values | changes))  # type: ignore[arg-type]


def _status(amount: Decimal, paid: Decimal) -> str:
    if paid == 0:
        return "open"
    return "paid" if paid == amount else "partly"


def reading(acct_no: str, period: str, value: int, **changes: object) -> Reading:
    values: dict[str, object] = {
        "acct_no": acct_no,
        "meter_code": "0126" + acct_no,
        "period": period,
        "prev_value": value - 18,
        "prev_date": date(2026, 1, 1),
        "value": value,
        "read_on": date.fromisoformat(f"{period}-24"),
        "volume_m3": Decimal("18.000"),
        "source": "reader",
        "estimated": False,
    }
    return Reading(**(values | changes))  # type: ignore[arg-type]


ACCOUNTS = (
    account(LIN, "林晓", prepaid_balance=Decimal("0.07")),
    account(NO_NAME, "", meter_code=None),
    account(CLOSED_ACCT, "王老五", status="closed"),
    account(ALI, "阿依古丽·买买提", status="stopped_arrears"),
    account(COMPANY, "LINJIANG（林江）Foods", use_class="NONRES"),
)
MOBILES = {LIN: "13812345678", CLOSED_ACCT: "13900000000"}
BILLS = (
    bill(LIN, "2026-10", "56.70"),
    bill(LIN, "2026-08", "0.30", late_fee=Decimal("0.20")),
    bill(LIN, "2026-09", "80.10", Decimal("80.00"), late_fee=Decimal("1.15")),
    bill(LIN, "2026-07", "62.10", Decimal("62.10")),
    bill(LIN, "2026-11", "999.00"),
    bill(CLOSED_ACCT, "2026-10", "33.30"),
    bill(ALI, "2026-10", "1234567890.12"),
    bill(COMPANY, "2026-10", "0.00", volume_m3=Decimal("0.000")),
    # Estimated and issued, reversed, and issued anew; and one beside it that is of no reading.
    bill(COMPANY, "2026-09", "70.00", bill_no="B1", opened_on=date(2026, 9, 20), estimated=True),
    bill(
        COMPANY, "2026-09", "66.00", Decimal("66.00"), bill_no="B2", corrects_bill_no="B1",
        opened_on=date(2026, 9, 30),
    ),
    bill(
        COMPANY, "2026-09", "12.00", bill_no="B3", opened_on=date(2026, 9, 30), prev_value=None,
        value=None, status="written_off",
    ),
    bill(COMPANY, "2026-09", "1.00", Decimal("0.40"), bill_no="B4", opened_on=date(2026, 9, 29)),
    bill(COMPANY, "2025-11", "20.00", Decimal("20.00"), estimated=True),
    bill(COMPANY, "2025-10", "30.00", Decimal("30.00")),
)  # fmt: skip
REVERSED = (BILLS[4].bill_no, "B1")

LINES = {
    "B2": (
        BillLine("WATER", 1, Decimal("12.000"), Decimal("3.1950"), Decimal("38.34")),
        BillLine("WATER", 2, Decimal("6.000"), Decimal("4.6100"), Decimal("27.66")),
        BillLine("SEWAGE", 0, Decimal("16.200"), Decimal("0.0000"), Decimal("0.00")),
    ),
    "B4": (BillLine("WATER", 0, Decimal("0.333"), Decimal("3.0000"), Decimal("1.00")),),
}


def payment(
    pay_no: str, acct_no: str, amount: str, paid_at: datetime, *bills: PaidBill, state: str = "paid"
) -> Payment:
    at = paid_at.replace(tzinfo=SHANGHAI)
    return Payment(pay_no, acct_no, "wechat_account", Decimal(amount), at, state, bills)


PAYMENTS = (
    payment("P0", LIN, "5.00", datetime(2026, 6, 30, 23, 59, 59)),  # noqa: DTZ001
    payment("P1", LIN, "5.00", datetime(2026, 7, 1)),  # noqa: DTZ001
    payment(
        "P2", LIN, "143.25", datetime(2026, 10, 2, 23, 30, 5),  # noqa: DTZ001
        PaidBill("2026-07", Decimal("62.10"), Decimal("0.00")),
        PaidBill("2026-09", Decimal("80.00"), Decimal("1.15")),
    ),
    payment(
        "P3", LIN, "62.10", datetime(2026, 10, 2, 23, 30, 5),  # noqa: DTZ001
        PaidBill("2026-07", Decimal("62.10"), Decimal("0.00")),
        state="refunded",
    ),
    payment("P4", COMPANY, "66.00", datetime(2026, 10, 8, 9, 0)),  # noqa: DTZ001
)  # fmt: skip
TIERS = (
    TierUsage(
        acct_no=LIN,
        use_class="RES",
        tier_period="year",
        since=date(2026, 1, 1),
        as_of=date(2026, 10, 24),
        used_m3=Decimal("180.500"),
        tier1_upto_m3=Decimal("220.000"),
        tier2_upto_m3=Decimal("300.000"),
    ),
    TierUsage(COMPANY, "NONRES", "year", date(2026, 1, 1), AS_OF, Decimal("0.000"), None, None),
)
_METER = Meter(
    meter_code="01260100000017",
    acct_no=LIN,
    digits=5,
    remote=False,
    q3_m3_h=Decimal("2.50"),
    last_value=418,
    last_read_on=date(2026, 10, 24),
    next_reading_on=date(2026, 11, 24),
    self_streak=6,
    visit_due=True,
)
METERS = (
    _METER,
    replace(
        _METER, meter_code="00990100000017", digits=4, last_value=0, self_streak=0,
        next_reading_on=None,
    ),
    replace(
        _METER, meter_code="01260100000041", acct_no=ALI, remote=True, visit_due=False,
        q3_m3_h=Decimal("6.30"),
    ),
)  # fmt: skip
READINGS = (
    reading(LIN, "2026-09", 400, source="self_wechat"),
    reading(LIN, "2026-10", 418, source="estimate", estimated=True),
    reading(LIN, "2026-07", 364),
    reading(LIN, "2026-08", 382, read_on=date(2026, 8, 20), volume_m3=Decimal("18.000")),
    reading(ALI, "2026-10", 99999),
)
VISITS = (
    Visit("V3", LIN, "self6", "booked", date(2026, 11, 30), "09:00-11:00", 1),
    Visit("V1", LIN, "self6", "done", date(2026, 1, 30), "09:00-11:00", 0),
    Visit("V2", LIN, "no_read", "due", None, "", 0),
    Visit("V4", LIN, "no_read", "cancelled", None, "", 0),
    Visit("V5", LIN, "no_read", "missed", date(2026, 2, 1), "14:00-16:00", 0),
    Visit("V6", ALI, "dispute", "due", None, "", 0),
)
SLOTS = tuple(
    VisitSlot(f"S{day:02}{band[:2]}", date(2026, 11, day), band)
    for day in (28, 23, 25, 24, 26, 27, 30, 29)
    for band in ("18:00-20:00", "09:00-11:00")
)
CONTACTS = (
    Contact(LIN, mobile="138****5678", email="z***@example.com", paper=False),
    Contact(NO_NAME, mobile="", email="", paper=True),
)
REAL_NAMES = (
    RealName(LIN, "林*", date(2024, 5, 6), benefits_used=0, benefits_allowed=2),
    RealName(COMPANY, "LI***ds", date(2026, 3, 9), benefits_used=2, benefits_allowed=2),
)
SPOT_CHECKS = (
    SpotCheck("C3", LIN, "01260100000017", date(2026, 11, 18), date(2026, 11, 25)),
    SpotCheck("C2", LIN, "00990100000017", date(2026, 11, 18), date(2026, 11, 25)),
    SpotCheck("C9", LIN, "01260100000017", date(2026, 11, 2), date(2026, 11, 9)),
    SpotCheck("C1", ALI, "01260100000041", date(2026, 11, 20), date(2026, 11, 27)),
)
DETAILS: Details = {
    "lines": LINES,
    "payments": PAYMENTS,
    "tiers": TIERS,
    "meters": METERS,
    "readings": READINGS,
    "visits": VISITS,
    "slots": SLOTS,
    "contacts": CONTACTS,
    "real_names": REAL_NAMES,
    "spot_checks": SPOT_CHECKS,
}
