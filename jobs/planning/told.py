"""What each reminder and its notice hold: the same key and view, whether CSMS's event or a planner
has seen it first. Days and amounts are texts, as in the events (docs/contracts/csms.md)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from backends.ports import Bill, Binding, Lane, Meter, Notice, SpotCheck, Visit
from dialogs.masking import masked_account

BILL_IS_NEWS = timedelta(days=30)
VISIT_IS_NEWS = timedelta(days=14)


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
        "shown": masked_account(to.acct_no),
        "bill_no": bill_no,
        "period": period,
        "volume_m3": volume_m3,
        "amount": amount,
        "due_date": due_date,
    }
    until = opened_at + BILL_IS_NEWS
    return _notice("bill_opened", bill_no, to, view, Lane.BILL, until)


def bill_due(to: Binding, bill: Bill, owed: Sequence[Bill], now: datetime) -> Notice:
    """`owed`: as for `what_is_owed`."""
    view = {
        "shown": masked_account(to.acct_no),
        "bill_no": bill.bill_no,
        "period": bill.period,
        "due_date": bill.due_date.isoformat(),
        **what_is_owed(bill, owed),
    }
    until = end_of(bill.due_date, now)
    return _notice("bill_due", bill.bill_no, to, view, Lane.REMINDER, until)


def what_is_owed(bill: Bill, owed: Sequence[Bill]) -> dict[str, Any]:
    """`owed`: all bills of its account with something left to pay. Nobody is to take what is left
    of this one for all that they owe."""
    total = sum((one.owed for one in owed), Decimal(0))
    return {"amount": str(bill.owed), "owed_total": str(total), "owed_bills": len(owed)}


def reading_due(to: Binding, meter: Meter, on: date, last: date, now: datetime) -> Notice:
    """`last`: the last day of the cycle on which a self reading is taken."""
    view = {
        "shown": masked_account(to.acct_no),
        "on": on.isoformat(),
        "until": last.isoformat(),
        "visit": meter.visit_due,
    }
    key = f"{meter.meter_code}:{meter.last_read_on.isoformat()}"
    return _notice("reading_due", key, to, view, Lane.REMINDER, end_of(last, now))


def spot_check_drawn(to: Binding, *, check_no: str, answer_by: str, now: datetime) -> Notice:
    return _spot_check("spot_check_drawn", to, check_no, answer_by, now)


def spot_check_due(to: Binding, check: SpotCheck, now: datetime) -> Notice:
    return _spot_check("spot_check_due", to, check.check_no, check.answer_by.isoformat(), now)


def visit_due(to: Binding, *, visit_no: str, reason: str, now: datetime) -> Notice:
    view = {"shown": masked_account(to.acct_no), "visit_no": visit_no, "reason": reason}
    return _notice("visit_due", visit_no, to, view, Lane.REMINDER, now + VISIT_IS_NEWS)


def visit_tomorrow(to: Binding, visit: Visit, on: date, now: datetime) -> Notice:
    view = {
        "shown": masked_account(to.acct_no),
        "visit_no": visit.visit_no,
        "on": on.isoformat(),
        "band": visit.band,
    }
    key = f"{visit.visit_no}:{on.isoformat()}"
    return _notice("visit_tomorrow", key, to, view, Lane.REMINDER, end_of(on, now))


def end_of(day: date, now: datetime) -> datetime:
    """In the zone of `now`."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=now.tzinfo)


def _spot_check(kind: str, to: Binding, check_no: str, answer_by: str, now: datetime) -> Notice:
    view = {
        "shown": masked_account(to.acct_no),
        "check_no": check_no,
        "answer_by": answer_by,
    }
    until = end_of(date.fromisoformat(answer_by), now)
    return _notice(kind, check_no, to, view, Lane.REMINDER, until)


def _notice(
    kind: str, key: str, to: Binding, view: Mapping[str, Any], lane: Lane, until: datetime
) -> Notice:
    return Notice(kind, key, to.openid, to.acct_no, view, lane, valid_until=until)
