"""The statements of the adapter, built once. No OFFSET and no dialect's own words."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, literal_column, select, true

from backends.csms.tables import account, bill

IN_LIST = 500
"""SQL Server takes 2,100 parameters, old SQLite 999."""

_ACCT_NO = bindparam("acct_no", type_=account.c.acct_no.type)
_ACCT_NOS: BindParameter[Sequence[str]] = bindparam("acct_nos", expanding=True)
_ACCOUNT_COLUMNS = (
    account.c.acct_no,
    account.c.owner_name,
    account.c.address,
    account.c.use_class,
    account.c.status,
    account.c.people_count,
    account.c.meter_code,
    account.c.prepaid_balance,
)

_newest_bill = (
    select(bill.c.amount)
    .where(bill.c.acct_no == _ACCT_NO, bill.c.status != "reversed")
    .order_by(bill.c.period.desc(), bill.c.opened_at.desc(), bill.c.bill_no.desc())
    .limit(1)
    .subquery("newest")
)
_asked = select(literal_column("1").label("asked")).subquery("asked")

FACTS = select(
    *_ACCOUNT_COLUMNS, account.c.mobile, _newest_bill.c.amount.label("last_bill_amount")
).select_from(
    _asked.outerjoin(account, account.c.acct_no == _ACCT_NO).outerjoin(_newest_bill, true())
)
"""Always one row, and both views are searched, whether the account exists or not."""

ACCOUNTS = select(*_ACCOUNT_COLUMNS).where(account.c.acct_no.in_(_ACCT_NOS))

OPEN_BILLS = select(
    bill.c.bill_no,
    bill.c.acct_no,
    bill.c.period,
    bill.c.volume,
    bill.c.amount,
    bill.c.paid_amount,
    bill.c.late_fee,
    bill.c.late_fee_as_of,
    bill.c.due_date,
).where(bill.c.acct_no.in_(_ACCT_NOS), bill.c.status.in_(("open", "partly")))

PROBES = (
    select(account).where(account.c.acct_no == ""),
    select(bill).where(bill.c.acct_no == ""),
)
"""Each names every column of the contract and finds no row."""
