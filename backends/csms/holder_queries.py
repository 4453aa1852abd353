"""The statements on who holds an account, and on what the utility wants of them, built once."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, select

from backends.csms.tables import account, real_name, spot_check

_ACCT_NO = bindparam("acct_no", type_=account.c.acct_no.type)
_ACCT_NOS: BindParameter[Sequence[str]] = bindparam("acct_nos", expanding=True)

CONTACT = select(account.c.acct_no, account.c.mobile, account.c.email, account.c.paper_bill).where(
    account.c.acct_no == _ACCT_NO
)

REAL_NAME = select(real_name).where(real_name.c.acct_no == _ACCT_NO)

SPOT_CHECKS = select(spot_check).where(
    spot_check.c.acct_no.in_(_ACCT_NOS), spot_check.c.state == "open"
)

PROBES = (
    select(real_name).where(real_name.c.acct_no == ""),
    select(spot_check).where(spot_check.c.acct_no == ""),
)
"""Each names every column of the contract and finds no row."""
