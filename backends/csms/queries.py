"""The statements on accounts, bills and payments, built once. No OFFSET and no dialect's own words.

Those on meters and visits are in `meter_queries`, on who holds an account in `holder_queries`.
"""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, literal_column, select, true

from backends.csms.tables import account, bill, bill_line, payment, payment_bill, tier

IN_LIST = 500
"""SQL Server takes 2,100 parameters, old SQLite 999."""

_ACCT_NO = bindparam("acct_no", type_=account.c.acct_no.type)
_ACCT_NOS: BindParameter[Sequence[str]] = bindparam("acct_nos", expanding=True)
_BILL_NOS: BindParameter[Sequence[str]] = bindparam("bill_nos", expanding=True)
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

_BILLS = select(
    bill.c.bill_no,
    bill.c.acct_no,
    bill.c.period,
    bill.c.period_from,
    bill.c.period_to,
    bill.c.prev_value,
    bill.c.value,
    bill.c.volume,
    bill.c.amount,
    bill.c.paid_amount,
    bill.c.late_fee,
    bill.c.late_fee_as_of,
    bill.c.opened_at,
    bill.c.due_date,
    bill.c.status,
    bill.c.is_estimated,
    bill.c.corrects_bill_no,
)

OPEN_BILLS = _BILLS.where(bill.c.acct_no.in_(_ACCT_NOS), bill.c.status.in_(("open", "partly")))

BILLS = _BILLS.where(
    bill.c.acct_no == _ACCT_NO,
    bill.c.period >= bindparam("since_period", type_=bill.c.period.type),
    bill.c.status != "reversed",
).order_by(bill.c.period.desc(), bill.c.opened_at.desc(), bill.c.bill_no.desc())

BILL_LINES = (
    select(bill_line)
    .where(bill_line.c.bill_no.in_(_BILL_NOS))
    .order_by(bill_line.c.bill_no, bill_line.c.line_no)
)

PAYMENTS = (
    select(
        payment,
        payment_bill.c.period,
        payment_bill.c.principal,
        payment_bill.c.late_fee,
    )
    .select_from(payment.outerjoin(payment_bill, payment_bill.c.pay_no == payment.c.pay_no))
    .where(
        payment.c.acct_no == _ACCT_NO,
        payment.c.paid_at >= bindparam("since", type_=payment.c.paid_at.type),
    )
    .order_by(
        payment.c.paid_at.desc(),
        payment.c.pay_no.desc(),
        payment_bill.c.period,
        payment_bill.c.bill_no,
    )
)
"""One row per bill that a payment paid, the rows of a payment one after the other."""

TIERS = select(tier).where(tier.c.acct_no == _ACCT_NO)

PROBES = (
    select(account).where(account.c.acct_no == ""),
    select(bill).where(bill.c.acct_no == ""),
    select(bill_line).where(bill_line.c.bill_no == ""),
    select(payment).where(payment.c.acct_no == ""),
    select(payment_bill).where(payment_bill.c.pay_no == ""),
    select(tier).where(tier.c.acct_no == ""),
)
"""Each names every column of the contract and finds no row."""
