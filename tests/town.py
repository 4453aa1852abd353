"""A handful of accounts that tests talk about. 3100000017 owes one bill, 3100000025 several,
3100000033 nothing, 3100000041 many; 3100000058 has no owner name; 3100000066 is closed.

On 2026-11-22, the tests' day, the meter of …017 is read in two days: its self reading is open. That
of …025 has been self-read six times and wants a visit; …033 has a remote meter; …041 is read
in December; …058 is read tomorrow and has no history. Two more, for their bills, in tests.billed.

The names of …025 and …033 were verified; …025 may still transfer with benefit twice this year, …033
no more. A spot check waits for a photo of the meter of …017.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Meter,
    Nearby,
    OpenTicket,
    Outage,
    PaidBill,
    Payment,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)
from tests import billed
from tests.fakes import FakeCsms

OWES_ONE, OWES_SEVERAL, OWES_NOTHING, OWES_MANY, NAMELESS, CLOSED = (
    "3100000017",
    "3100000025",
    "3100000033",
    "3100000041",
    "3100000058",
    "3100000066",
)


def _account(
    acct_no: str, owner: str, address: str, meter_code: str, status: str = "active"
) -> Account:
    return Account(
        acct_no=acct_no,
        owner_name=owner,
        address=address,
        use_class="RES",
        status=status,
        people_count=3,
        meter_code=meter_code,
        prepaid_balance=Decimal("0.00"),
    )


def _bill(
    acct_no: str, period: str, amount: str, due: date, *, paid: str = "0.00", late: str = "0.00"
) -> Bill:
    year, month = map(int, period.split("-"))
    owed = Decimal(amount) - Decimal(paid)
    status = "open" if owed == Decimal(amount) else "partly" if owed else "paid"
    return Bill(
        period_from=date(year, month, 1),
        period_to=date(year, month, 28),
        prev_value=400,
        value=412,
        opened_on=date(year, month, 28),
        status=status,
        estimated=False,
        corrects_bill_no="",
        bill_no=f"B{period.replace('-', '')}{acct_no}",
        acct_no=acct_no,
        period=period,
        volume_m3=Decimal("12.000"),
        amount=Decimal(amount),
        paid=Decimal(paid),
        late_fee=Decimal(late),
        late_fee_as_of=date(2026, 11, 21),
        due_date=due,
    )


ACCOUNTS = (
    _account(OWES_ONE, "张伟", "云川市滨河路12号3单元501室", "SH210000000017"),
    _account(OWES_SEVERAL, "欧阳娜娜", "云川市人民东路88弄6号1201室", "SH210000000025"),
    _account(OWES_NOTHING, "李静", "云川市建设大道606号书香城2幢302室", "SH210000000033"),
    _account(OWES_MANY, "云川市朝阳贸易有限公司", "云川市青年路450号", "SH210000000041"),
    _account(NAMELESS, "", "云川市港口路1号", "SH210000000058"),
    _account(CLOSED, "王芳", "云川市学府路9号", "SH210000000066", status="closed"),
)
_NEW_YEAR = date(2026, 1, 1)
MOBILES = {OWES_ONE: "13800001234", OWES_SEVERAL: "13900005678"}
BILLS = (
    _bill(OWES_ONE, "2026-10", "56.70", date(2026, 12, 5)),
    _bill(OWES_SEVERAL, "2026-05", "41.40", date(2026, 7, 5), late="2.86"),
    _bill(OWES_SEVERAL, "2026-07", "62.10", date(2026, 9, 5), paid="20.00", late="1.62"),
    _bill(OWES_SEVERAL, "2026-09", "44.85", date(2026, 11, 5), late="0.36"),
    _bill(OWES_NOTHING, "2026-09", "27.60", date(2026, 11, 5), paid="27.60"),
    *(
        _bill(OWES_MANY, f"{2023 + n // 12}-{n % 12 + 1:02d}", "100.00", _NEW_YEAR, late="9.99")
        for n in range(30)
    ),
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _meter(acct_no: str, reading_on: date, **changes: object) -> Meter:
    values: dict[str, object] = {
        "meter_code": f"SH210000{acct_no[-6:]}",
        "acct_no": acct_no,
        "digits": 5,
        "remote": False,
        "q3_m3_h": Decimal("2.5"),
        "last_value": 1234,
        "last_read_on": date(2026, 10, 24),
        "next_reading_on": reading_on,
        "self_streak": 0,
        "visit_due": False,
    }
    return Meter(**(values | changes))  # type: ignore[arg-type]


METERS = (
    _meter(OWES_ONE, date(2026, 11, 24), self_streak=2),
    _meter(OWES_SEVERAL, date(2026, 11, 23), self_streak=6, visit_due=True),
    _meter(OWES_NOTHING, date(2026, 11, 24), remote=True),
    _meter(OWES_MANY, date(2026, 12, 10), q3_m3_h=Decimal("6.3")),
    _meter(NAMELESS, date(2026, 11, 23), last_value=0, digits=4),
)


def _readings(acct_no: str, last: int, volumes: tuple[int, ...]) -> list[Reading]:
    """Monthly ones, the newest first, up to October 2026."""
    found, value = [], last
    for back, volume in enumerate(volumes):
        month = 10 - back
        year, month = (2026, month) if month > 0 else (2025, month + 12)
        before = (year, month - 1) if month > 1 else (year - 1, 12)
        found.append(
            Reading(
                acct_no=acct_no,
                meter_code=f"SH210000{acct_no[-6:]}",
                period=f"{year}-{month:02d}",
                prev_value=value - volume,
                prev_date=date(*before, 24),
                value=value,
                read_on=date(year, month, 24),
                volume_m3=Decimal(volume),
                source="self_wechat" if back < 2 else "reader",
                estimated=False,
            )
        )
        value -= volume
    return found


READINGS = (
    *_readings(OWES_ONE, 1234, (12, 11, 13, 14, 12, 10, 11, 12, 13, 12, 11, 12, 12)),
    *_readings(OWES_SEVERAL, 1234, (9, 10, 9, 8, 9, 10)),
)
LINES = {
    bill.bill_no: (
        BillLine("WATER", 1, Decimal("12.000"), Decimal("3.1950"), Decimal("38.34")),
        BillLine("SEWAGE", 0, Decimal("10.800"), Decimal("1.7000"), Decimal("18.36")),
    )
    for bill in BILLS
    if bill.amount == Decimal("56.70")
}
PAYMENTS = (
    Payment(
        pay_no="P1",
        acct_no=OWES_NOTHING,
        channel="wechat_account",
        amount=Decimal("27.60"),
        paid_at=datetime(2026, 10, 30, 9, 12, tzinfo=SHANGHAI),
        state="paid",
        bills=(PaidBill("2026-09", Decimal("27.60"), Decimal("0.00")),),
    ),
    Payment(
        pay_no="P2",
        acct_no=OWES_SEVERAL,
        channel="counter",
        amount=Decimal("20.00"),
        paid_at=datetime(2026, 8, 3, 15, 0, tzinfo=SHANGHAI),
        state="paid",
        bills=(PaidBill("2026-07", Decimal("20.00"), Decimal("0.00")),),
    ),
)
TIERS = (
    TierUsage(
        acct_no=OWES_ONE,
        use_class="RES",
        tier_period="year",
        since=date(2026, 1, 1),
        as_of=date(2026, 10, 24),
        used_m3=Decimal("120.000"),
        tier1_upto_m3=Decimal("220.000"),
        tier2_upto_m3=Decimal("300.000"),
    ),
    TierUsage(
        acct_no=OWES_MANY,
        use_class="NONRES",
        tier_period="year",
        since=date(2026, 1, 1),
        as_of=date(2026, 10, 24),
        used_m3=Decimal("900.000"),
        tier1_upto_m3=None,
        tier2_upto_m3=None,
    ),
)
VISITS = (
    Visit("V1", OWES_SEVERAL, "self6", "due", None, "", 0),
    Visit("V2", OWES_MANY, "self6", "booked", date(2026, 11, 30), "09:00-11:00", 0),
)
SLOTS = (
    VisitSlot("S1", date(2026, 11, 25), "09:00-11:00"),
    VisitSlot("S2", date(2026, 11, 26), "18:00-20:00"),
    VisitSlot("S3", date(2026, 11, 28), "14:00-16:00"),
)
CONTACTS = (
    Contact(OWES_ONE, mobile="138****1234", email="z***@example.com", paper=True),
    Contact(OWES_SEVERAL, mobile="139****5678", email="", paper=False),
)
REAL_NAMES = (
    RealName(OWES_SEVERAL, "欧*", date(2024, 5, 6), benefits_used=0, benefits_allowed=2),
    RealName(OWES_NOTHING, "李*", date(2026, 3, 9), benefits_used=2, benefits_allowed=2),
)
SPOT_CHECKS = (
    SpotCheck(
        check_no="C1",
        acct_no=OWES_ONE,
        meter_code="SH210000000017",
        drawn_on=date(2026, 11, 18),
        answer_by=date(2026, 11, 25),
    ),
)


def town_csms() -> FakeCsms:
    """All of it, behind the port."""
    return FakeCsms(
        (*ACCOUNTS, *billed.ACCOUNTS),
        (*BILLS, *billed.BILLS),
        mobiles=MOBILES,
        lines={**LINES, **billed.LINES},
        payments=(*PAYMENTS, *billed.PAYMENTS),
        tiers=(*TIERS, *billed.TIERS),
        meters=METERS,
        readings=READINGS,
        visits=VISITS,
        slots=SLOTS,
        contacts=CONTACTS,
        real_names=REAL_NAMES,
        spot_checks=SPOT_CHECKS,
    )


# What the hotline knows of 人民东路: an outage, and a leak somebody has reported.
NEARBY = Nearby(
    outages=(
        Outage(
            outage_no="T1",
            kind="emergency",
            area="人民东路（青年路至港口路）",
            reason="管道抢修",
            starts_at=datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI),
            ends_at=datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI),
        ),
    ),
    tickets=(
        OpenTicket(
            ticket_no="WO2026112200001",
            fault="LEAK_PUBLIC",
            place="人民东路88弄门口",
            opened_at=datetime(2026, 11, 22, 10, 30, tzinfo=SHANGHAI),
            distance_m=60,
        ),
    ),
)
