"""What the notices of a reminder hold. Here are those that both CSMS's events and planners tell,
with the same key and view whoever was first; what only a planner tells stands in its file.

Days and amounts are texts, as in the events (docs/contracts/csms.md).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from backends.ports import Bill, Binding, Lane, Notice, SpotCheck
from dialogs.masking import masked_account

BILL_IS_NEWS = timedelta(days=30)
VISIT_IS_NEWS = timedelta(days=14)


def about_account(
    kind: str, key: str, to: Binding, view: Mapping[str, Any], lane: Lane, until: datetime
) -> Notice:
    """Every reminder of an account says which."""
    shown = {"shown": masked_account(to.acct_no), **view}
    return Notice(kind, key, to.openid, to.acct_no, shown, lane, valid_until=until)


def end_of(day: date, now: datetime) -> datetime:
    """In the zone of `now`."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=now.tzinfo)


def bill_opened(
    to: Binding,
    *,
    bill_no: str,
    period: str,
    volume_m3: str,
    amount: str,
    due_date: str,
    opened_at: datetime,
) -> Notice:
    view = {
        "bill_no": bill_no,
        "period": period,
        "volume_m3": volume_m3,
        "amount": amount,
        "due_date": due_date,
    }
    until = opened_at + BILL_IS_NEWS
    return about_account("bill_opened", bill_no, to, view, Lane.BILL, until)


def what_is_owed(bill: Bill, owed: Sequence[Bill]) -> dict[str, Any]:
    """`owed`: all bills of its account with something left to pay. Nobody is to take what is left
    of this one for all that they owe."""
    total = sum((one.owed for one in owed), Decimal(0))
    return {"amount": str(bill.owed), "owed_total": str(total), "owed_bills": len(owed)}


def spot_check_drawn(to: Binding, *, check_no: str, answer_by: str, now: datetime) -> Notice:
    return _spot_check("spot_check_drawn", to, check_no, answer_by, now)


def spot_check_due(to: Binding, check: SpotCheck, now: datetime) -> Notice:
    return _spot_check("spot_check_due", to, check.check_no, check.answer_by.isoformat(), now)


def visit_due(to: Binding, *, visit_no: str, reason: str, now: datetime) -> Notice:
    view = {"visit_no": visit_no, "reason": reason}
    return about_account("visit_due", visit_no, to, view, Lane.REMINDER, now + VISIT_IS_NEWS)


def _spot_check(kind: str, to: Binding, check_no: str, answer_by: str, now: datetime) -> Notice:
    view = {"check_no": check_no, "answer_by": answer_by}
    until = end_of(date.fromisoformat(answer_by), now)
    return about_account(kind, check_no, to, view, Lane.REMINDER, until)
