"""An exchange database as a utility would build it: base tables of its own, views over them.

`publish` makes it behind a URL from the values of the ports that tests are written in.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Unicode,
    create_engine,
    text,
)

from backends.ports import Account, Bill

base = MetaData()
AT = datetime(2026, 11, 1, 3, 0)  # noqa: DTZ001 - as CSMS keeps it, Shanghai time without a zone

accounts = Table(
    "cis_account",
    base,
    Column("acct_no", String(10), primary_key=True),
    Column("owner_name", Unicode(100)),
    Column("address", Unicode(200), nullable=False),
    Column("use_class", String(12), nullable=False),
    Column("status", String(16), nullable=False),
    Column("people_count", Integer, nullable=False),
    Column("meter_code", String(14)),
    Column("mobile", String(11)),
    Column("prepaid_balance", Numeric(12, 2), nullable=False),
    Column("updated_at", DateTime, nullable=False),
)
bills = Table(
    "cis_bill",
    base,
    Column("bill_no", String(32), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("period", String(7), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("paid_amount", Numeric(12, 2), nullable=False),
    Column("late_fee_accrued", Numeric(12, 2), nullable=False),
    Column("late_fee_waived", Numeric(12, 2), nullable=False),
    Column("late_fee_as_of", Date, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("status", String(12), nullable=False),
)
VIEWS = (
    "CREATE VIEW wx_account AS SELECT acct_no, owner_name, address, use_class, status, "
    "people_count, meter_code, mobile, prepaid_balance, updated_at FROM cis_account",
    "CREATE VIEW wx_bill AS SELECT bill_no, acct_no, period, period_from, period_to, volume, "
    "amount, paid_amount, late_fee_accrued - late_fee_waived AS late_fee, late_fee_as_of, "
    "opened_at, due_date, status FROM cis_bill",
)
WAIVED = Decimal("0.10")


def publish(
    url: str,
    some_accounts: Iterable[Account],
    some_bills: Iterable[Bill],
    *,
    mobiles: Mapping[str, str],
    reversed_bills: Sequence[str] = (),
) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        base.create_all(connection)
        for view in VIEWS:
            connection.execute(text(view))
        rows = [_account_row(account, mobiles.get(account.acct_no)) for account in some_accounts]
        connection.execute(accounts.insert(), rows)
        connection.execute(
            bills.insert(), [_bill_row(bill, bill.bill_no in reversed_bills) for bill in some_bills]
        )
    engine.dispose()


def _account_row(account: Account, mobile: str | None) -> dict[str, object]:
    return {
        "acct_no": account.acct_no,
        "owner_name": account.owner_name or None,
        "address": account.address,
        "use_class": account.use_class,
        "status": account.status,
        "people_count": account.people_count,
        "meter_code": account.meter_code,
        "mobile": mobile,
        "prepaid_balance": account.prepaid_balance,
        "updated_at": AT,
    }


def _bill_row(bill: Bill, is_reversed: bool) -> dict[str, object]:
    """The late fee is split, so that the view has to compute it."""
    return {
        "bill_no": bill.bill_no,
        "acct_no": bill.acct_no,
        "period": bill.period,
        "period_from": date.fromisoformat(f"{bill.period}-01"),
        "period_to": date.fromisoformat(f"{bill.period}-28"),
        "volume": bill.volume_m3,
        "amount": bill.amount,
        "paid_amount": bill.paid,
        "late_fee_accrued": bill.late_fee + WAIVED,
        "late_fee_waived": WAIVED,
        "late_fee_as_of": bill.late_fee_as_of,
        "opened_at": AT,
        "due_date": bill.due_date,
        "status": _status(bill, is_reversed),
    }


def _status(bill: Bill, is_reversed: bool) -> str:
    if is_reversed:
        return "reversed"
    if bill.paid == 0:
        return "open"
    return "paid" if bill.owed <= 0 else "partly"
