"""Rows of the exchange database become values of the ports, here only.

A column that breaks the contract (no amount, text for a number) raises; the adapter reports it.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from sqlalchemy import Row

from backends.csms.proof import CLOSED, Facts
from backends.ports import Account, Bill

T = TypeVar("T")

FEN = Decimal("0.01")
LITRE = Decimal("0.001")


def to_account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(
        acct_no=_code(row.acct_no),
        owner_name=_text(row.owner_name) or "",
        address=_text(row.address) or "",
        use_class=_code(row.use_class),
        status=_code(row.status),
        people_count=int(row.people_count),
        meter_code=_text(row.meter_code),
        prepaid_balance=_exact(row.prepaid_balance, FEN),
    )


def to_facts(row: Row[*tuple[Any, ...]]) -> Facts:
    """All empty, and closed, where the account does not exist."""
    known = row.last_bill_amount
    return Facts(
        status=_text(row.status) or CLOSED,
        owner_name=_text(row.owner_name),
        last_bill_amount=None if known is None else _exact(known, FEN),
        meter_code=_text(row.meter_code),
        mobile=_text(row.mobile),
    )


def to_bill(row: Row[*tuple[Any, ...]]) -> Bill:
    return Bill(
        bill_no=_code(row.bill_no),
        acct_no=_code(row.acct_no),
        period=_code(row.period),
        volume_m3=_exact(row.volume, LITRE),
        amount=_exact(row.amount, FEN),
        paid=_exact(row.paid_amount, FEN),
        late_fee=_exact(row.late_fee, FEN),
        late_fee_as_of=_given(row.late_fee_as_of),
        due_date=_given(row.due_date),
    )


def _exact(value: Decimal | None, step: Decimal) -> Decimal:
    """To the contract's scale: a view that computes may deliver more digits than it declares."""
    return _given(value).quantize(step, rounding=ROUND_HALF_UP)


def _code(value: str | None) -> str:
    """CHAR columns arrive padded with blanks."""
    return _given(value).rstrip()


def _text(value: str | None) -> str | None:
    """Blank means that nothing is on file."""
    return (value or "").strip() or None


def _given(value: T | None) -> T:
    if value is None:
        raise ValueError("a column that the contract calls NOT NULL is empty")
    return value
