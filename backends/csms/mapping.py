"""Rows of the exchange database become values of the ports, here only.

A column that breaks the contract (no amount, text for a number) raises; the adapter reports it.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Row

from backends.csms.proof import CLOSED, Facts
from backends.ports import Account, Bill

FEN = Decimal("0.01")
LITRE = Decimal("0.001")


def to_account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(
        acct_no=row.acct_no.rstrip(),
        owner_name=(row.owner_name or "").strip(),
        address=row.address.strip(),
        use_class=row.use_class.rstrip(),
        status=row.status.rstrip(),
        people_count=int(row.people_count),
        meter_code=_text(row.meter_code),
        prepaid_balance=_exact(row.prepaid_balance, FEN),
    )


def to_candidate(row: Row[*tuple[Any, ...]]) -> tuple[Facts, Account | None]:
    """The account whose ownership is in question, and what proves it."""
    known = row.last_bill_amount
    facts = Facts(
        status=(row.status or CLOSED).rstrip(),
        owner_name=_text(row.owner_name),
        last_bill_amount=None if known is None else _exact(known, FEN),
        meter_code=_text(row.meter_code),
        mobile=_text(row.mobile),
    )
    return facts, (None if row.acct_no is None else to_account(row))


def to_bill(row: Row[*tuple[Any, ...]]) -> Bill:
    return Bill(
        bill_no=row.bill_no.rstrip(),
        acct_no=row.acct_no.rstrip(),
        period=row.period.rstrip(),
        volume_m3=_exact(row.volume, LITRE),
        amount=_exact(row.amount, FEN),
        paid=_exact(row.paid_amount, FEN),
        late_fee=_exact(row.late_fee, FEN),
        late_fee_as_of=row.late_fee_as_of,
        due_date=row.due_date,
    )


def _exact(value: Decimal, step: Decimal) -> Decimal:
    """To the contract's scale: a view that computes may deliver more digits than it declares."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def _text(value: str | None) -> str | None:
    """CHAR columns arrive padded with blanks; blank means that nothing is on file."""
    return (value or "").strip() or None
