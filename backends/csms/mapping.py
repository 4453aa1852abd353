"""Rows on accounts, bills and payments become values of the ports."""

from decimal import Decimal

from backends.csms.cells import FEN, LITRE, AnyRow, code, exact, flag, given, moment, text, whole
from backends.csms.proof import CLOSED, Facts
from backends.ports import Account, Bill, BillLine, PaidBill, Payment, TierUsage

PRICE = Decimal("0.0001")


def to_account(row: AnyRow) -> Account:
    return Account(
        acct_no=code(row.acct_no),
        owner_name=text(row.owner_name) or "",
        address=text(row.address) or "",
        use_class=code(row.use_class),
        status=code(row.status),
        people_count=whole(row.people_count),
        meter_code=text(row.meter_code),
        prepaid_balance=exact(row.prepaid_balance, FEN),
    )


def to_facts(row: AnyRow) -> Facts:
    """All empty, and closed, where the account does not exist."""
    known = row.last_bill_amount
    return Facts(
        status=text(row.status) or CLOSED,
        owner_name=text(row.owner_name),
        last_bill_amount=None if known is None else exact(known, FEN),
        meter_code=text(row.meter_code),
        mobile=text(row.mobile),
    )


def to_bill(row: AnyRow) -> Bill:
    return Bill(
        bill_no=code(row.bill_no),
        acct_no=code(row.acct_no),
        period=code(row.period),
        period_from=given(row.period_from),
        period_to=given(row.period_to),
        prev_value=None if row.prev_value is None else whole(row.prev_value),
        value=None if row.value is None else whole(row.value),
        volume_m3=exact(row.volume, LITRE),
        amount=exact(row.amount, FEN),
        paid=exact(row.paid_amount, FEN),
        late_fee=exact(row.late_fee, FEN),
        late_fee_as_of=given(row.late_fee_as_of),
        opened_on=given(row.opened_at).date(),
        due_date=given(row.due_date),
        status=code(row.status),
        estimated=flag(row.is_estimated),
        corrects_bill_no=text(row.corrects_bill_no) or "",
    )


def to_line(row: AnyRow) -> tuple[str, BillLine]:
    """With the number of its bill."""
    return code(row.bill_no), BillLine(
        fee_item=code(row.fee_item),
        tier_no=whole(row.tier_no),
        volume_m3=exact(row.volume, LITRE),
        unit_price=exact(row.unit_price, PRICE),
        amount=exact(row.amount, FEN),
    )


def to_payment(row: AnyRow) -> tuple[Payment, PaidBill | None]:
    """The payment without its bills, and one of them: None where it paid none (a prepayment)."""
    paid = Payment(
        pay_no=code(row.pay_no),
        acct_no=code(row.acct_no),
        channel=code(row.channel),
        amount=exact(row.amount, FEN),
        paid_at=moment(row.paid_at),
        state=code(row.state),
        bills=(),
    )
    if row.period is None:
        return paid, None
    return paid, PaidBill(code(row.period), exact(row.principal, FEN), exact(row.late_fee, FEN))


def to_tier_usage(row: AnyRow) -> TierUsage:
    return TierUsage(
        acct_no=code(row.acct_no),
        use_class=code(row.use_class),
        tier_period=code(row.tier_period),
        since=given(row.since),
        as_of=given(row.as_of),
        used_m3=exact(row.used, LITRE),
        tier1_upto_m3=None if row.tier1_upto is None else exact(row.tier1_upto, LITRE),
        tier2_upto_m3=None if row.tier2_upto is None else exact(row.tier2_upto, LITRE),
    )
