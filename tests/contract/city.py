"""Four streets of a city, small enough to know by heart: what the Csms contract is tested on."""

from datetime import date
from decimal import Decimal

from backends.ports import Account, Bill

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


def bill(acct_no: str, period: str, amount: str, **changes: object) -> Bill:
    values: dict[str, object] = {
        "bill_no": f"B{period.replace('-', '')}{acct_no}1",
        "acct_no": acct_no,
        "period": period,
        "volume_m3": Decimal("18.000"),
        "amount": Decimal(amount),
        "paid": Decimal("0.00"),
        "late_fee": Decimal("0.00"),
        "late_fee_as_of": AS_OF,
        "due_date": date.fromisoformat(f"{period}-25"),
    }
    return Bill(**(values | changes))  # type: ignore[arg-type]


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
    bill(LIN, "2026-09", "80.10", paid=Decimal("80.00"), late_fee=Decimal("1.15")),
    bill(LIN, "2026-07", "62.10", paid=Decimal("62.10")),
    bill(LIN, "2026-11", "999.00"),
    bill(CLOSED_ACCT, "2026-10", "33.30"),
    bill(ALI, "2026-10", "1234567890.12"),
    bill(COMPANY, "2026-10", "0.00", volume_m3=Decimal("0.000")),
)
REVERSED = (BILLS[4].bill_no,)
