"""The statements of the adapter. No OFFSET, no dialect's own words: keys and IN lists only."""

from collections.abc import Sequence

from sqlalchemy import Select, literal_column, select, true
from sqlalchemy.sql.expression import ColumnElement

from backends.csms.tables import account, bill

IN_LIST = 500
"""SQL Server takes 2,100 parameters, old SQLite 999."""

ACCOUNT_COLUMNS: tuple[ColumnElement[object], ...] = (
    account.c.acct_no,
    account.c.owner_name,
    account.c.address,
    account.c.use_class,
    account.c.status,
    account.c.people_count,
    account.c.meter_code,
    account.c.prepaid_balance,
)
BILL_COLUMNS: tuple[ColumnElement[object], ...] = (
    bill.c.bill_no,
    bill.c.acct_no,
    bill.c.period,
    bill.c.volume,
    bill.c.amount,
    bill.c.paid_amount,
    bill.c.late_fee,
    bill.c.late_fee_as_of,
    bill.c.due_date,
)


def facts_of(acct_no: str) -> Select[*tuple[object, ...]]:
    """Always one row, and both views are searched, whether the account exists or not."""
    newest = (
        select(bill.c.amount)
        .where(bill.c.acct_no == acct_no, bill.c.status != "reversed")
        .order_by(bill.c.period.desc(), bill.c.opened_at.desc(), bill.c.bill_no.desc())
        .limit(1)
        .subquery("newest")
    )
    asked = select(literal_column("1").label("asked")).subquery("asked")
    found = asked.outerjoin(account, account.c.acct_no == acct_no).outerjoin(newest, true())
    return select(
        *ACCOUNT_COLUMNS, account.c.mobile, newest.c.amount.label("last_bill_amount")
    ).select_from(found)


def accounts_of(acct_nos: Sequence[str]) -> Select[*tuple[object, ...]]:
    return select(*ACCOUNT_COLUMNS).where(account.c.acct_no.in_(acct_nos))


def open_bills_of(acct_nos: Sequence[str]) -> Select[*tuple[object, ...]]:
    return select(*BILL_COLUMNS).where(
        bill.c.acct_no.in_(acct_nos), bill.c.status.in_(("open", "partly"))
    )


def probes() -> tuple[Select[*tuple[object, ...]], ...]:
    """Each names every column of the contract and finds no row."""
    return (
        select(account).where(account.c.acct_no == ""),
        select(bill).where(bill.c.acct_no == ""),
    )
