"""Two more accounts of the town, for what bills say: 3100000074 has two years of bills, one in two
months; 3100000082 has tiers by the month and no bill yet.

Of 3100000074: the price rose in June 2026; the bill of June 2026 was of an estimated reading, that
of April replaces a reversed one; October went into the second tier and is owed.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from backends.ports import Account, Bill, BillLine, PaidBill, Payment, TierUsage
from dialogs.billing.tariff import Price, Tariff, charges, split

BILLED, BY_THE_MONTH = "3100000074", "3100000082"
SHANGHAI = ZoneInfo("Asia/Shanghai")
RAISED_ON = date(2026, 6, 1)
BOUNDS = (Decimal(220), Decimal(300))


def _prices(*water: str) -> tuple[Price, ...]:
    of_tiers = (Price("WATER", n, Decimal(price)) for n, price in enumerate(water, start=1))
    return (*of_tiers, Price("SEWAGE", 0, Decimal("1.70"), Decimal("0.9")))


OLD = Tariff("RES", date(2013, 8, 1), "year", BOUNDS, _prices("1.92", "3.30", "4.30"))
NEW = Tariff("RES", RAISED_ON, "year", BOUNDS, _prices("2.13", "3.66", "4.77"))
VOLUMES = {
    2024: {8: 22, 10: 24, 12: 24},
    2025: {2: 24, 4: 26, 6: 24, 8: 30, 10: 24, 12: 24},
    2026: {2: 36, 4: 40, 6: 40, 8: 48, 10: 72},
}
ACCOUNTS = tuple(
    Account(
        acct_no=acct_no,
        owner_name=owner,
        address=address,
        use_class="RES",
        status="active",
        people_count=3,
        meter_code=f"SH210000{acct_no[-6:]}",
        prepaid_balance=Decimal("0.00"),
    )
    for acct_no, owner, address in (
        (BILLED, "周建国", "云川市湖滨路3号5幢401室"),
        (BY_THE_MONTH, "吴敏", "云川市湖滨路5号2幢202室"),
    )
)


def _history() -> tuple[list[Bill], dict[str, tuple[BillLine, ...]]]:
    bills, lines = list[Bill](), {}
    value = 500
    for year, months in VOLUMES.items():
        used = 0
        for month, volume in months.items():
            bill = _bill(year, month, value, volume)
            tariff = NEW if bill.period_from >= RAISED_ON else OLD
            charged = charges(tariff, split(Decimal(volume), Decimal(used), BOUNDS))
            amount = sum((line.amount for line in charged), Decimal("0.00"))
            owed = (year, month) == (2026, 10)
            bills.append(replace(bill, amount=amount, paid=Decimal(0) if owed else amount))
            lines[bill.bill_no] = charged
            value, used = value + volume, used + volume
    return bills, lines


def _bill(year: int, month: int, value: int, volume: int) -> Bill:
    month_before, year_before = (12, year - 1) if month == 2 else (month - 2, year)
    month_due, year_due = (1, year + 1) if month == 12 else (month + 1, year)
    owed = (year, month) == (2026, 10)
    return Bill(
        bill_no=f"B{year}{month:02d}{BILLED}1",
        acct_no=BILLED,
        period=f"{year}-{month:02d}",
        period_from=date(year_before, month_before, 25),
        period_to=date(year, month, 24),
        prev_value=value,
        value=value + volume,
        volume_m3=Decimal(volume),
        amount=Decimal(0),
        paid=Decimal(0),
        late_fee=Decimal("0.00"),
        late_fee_as_of=date(2026, 11, 21),
        opened_on=date(year, month, 28),
        due_date=date(year_due, month_due, 20),
        status="open" if owed else "paid",
        estimated=(year, month) == (2026, 6),
        corrects_bill_no="B0" if (year, month) == (2026, 4) else "",
    )


BILLS, LINES = _history()


def _payment(pay_no: str, day: date, channel: str, state: str, *paid: PaidBill) -> Payment:
    amount = sum((bill.principal + bill.late_fee for bill in paid), Decimal(0))
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI)
    return Payment(pay_no, BILLED, channel, amount, at, state, paid)


def _paid(period: str, late_fee: str = "0.00") -> PaidBill:
    amount = next(bill.amount for bill in BILLS if bill.period == period)
    return PaidBill(period, amount, Decimal(late_fee))


PAYMENTS = (
    _payment("P71", date(2026, 9, 8), "wechat_account", "paid", _paid("2026-08")),
    _payment(
        "P72", date(2026, 7, 6), "counter", "paid", _paid("2026-04", "1.06"), _paid("2026-06")
    ),
    _payment("P73", date(2026, 7, 5), "agent", "reversed", _paid("2026-06")),
    _payment("P74", date(2026, 3, 2), "bank_debit", "paid", _paid("2026-02")),
    _payment("P75", date(2024, 9, 2), "alipay", "paid", _paid("2024-08")),
)
TIERS = (
    TierUsage(
        BILLED, "RES", "year", date(2026, 1, 1), date(2026, 10, 24), Decimal("236.000"), *BOUNDS
    ),
    TierUsage(
        BY_THE_MONTH, "RES", "month", date(2026, 9, 25), date(2026, 10, 24), Decimal("18.500"),
        Decimal(22), Decimal(30),
    ),
)  # fmt: skip
