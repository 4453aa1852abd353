"""A handful of accounts that tests talk about. 3100000017 owes one bill, 3100000025 several,
3100000033 nothing, 3100000041 many; 3100000058 has no owner name; 3100000066 is closed."""

from datetime import date
from decimal import Decimal

from backends.ports import Account, Bill

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
    return Bill(
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
