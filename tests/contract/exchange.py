"""An exchange database as a utility would build it: base tables of its own, views over them.

`publish` makes it behind a URL from the values of the ports that tests are written in. Beside each
payment, reading, slot, real name and spot check it lays one that citizens must not see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import Table, create_engine, text

from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Meter,
    Payment,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)
from tests.contract import exchange_schema as schema

AT = datetime(2026, 11, 1, 3, 0)  # noqa: DTZ001 - as CSMS keeps it, Shanghai time without a zone
WAIVED = Decimal("0.10")
AREA, ELSEWHERE = "EAST", "WEST"

Row = dict[str, object]


class Details(TypedDict, total=False):
    """What the utility knows beside accounts and bills, named as the double takes it."""

    lines: Mapping[str, Sequence[BillLine]]
    payments: Sequence[Payment]
    tiers: Sequence[TierUsage]
    meters: Sequence[Meter]
    readings: Sequence[Reading]
    visits: Sequence[Visit]
    slots: Sequence[VisitSlot]
    contacts: Sequence[Contact]
    real_names: Sequence[RealName]
    spot_checks: Sequence[SpotCheck]


def publish(
    url: str,
    some_accounts: Iterable[Account],
    some_bills: Iterable[Bill],
    *,
    mobiles: Mapping[str, str],
    reversed_bills: Sequence[str] = (),
    details: Details | None = None,
) -> None:
    contacts = {one.acct_no: one for one in (details or {}).get("contacts", ())}
    rows = {
        schema.accounts: [
            _account(one, mobiles.get(one.acct_no), contacts.get(one.acct_no))
            for one in some_accounts
        ],
        schema.bills: [_bill(bill, bill.bill_no in reversed_bills) for bill in some_bills],
        **_detail_rows(details or {}),
    }
    engine = create_engine(url)
    with engine.begin() as connection:
        schema.base.create_all(connection)
        for view in schema.VIEWS:
            connection.execute(text(view))
        for table, of_table in rows.items():
            if of_table:
                connection.execute(table.insert(), of_table)
    engine.dispose()


def _detail_rows(details: Details) -> dict[Table, list[Row]]:
    paid = details.get("payments", ())
    counted = details.get("readings", ())
    free = details.get("slots", ())
    return {
        schema.lines: [
            _line(bill_no, position, line)
            for bill_no, of_bill in details.get("lines", {}).items()
            for position, line in reversed([*enumerate(of_bill, start=1)])
        ],
        schema.payments: [
            *(_payment(one, one.state) for one in paid),
            *(_payment(replace(one, pay_no=f"{one.pay_no}X"), "created") for one in paid),
        ],
        schema.paid_bills: [row for one in paid for row in _paid_bills(one)],
        schema.tiers: [_tier(usage) for usage in details.get("tiers", ())],
        schema.meters: [_meter(meter) for meter in details.get("meters", ())],
        schema.readings: [
            _reading(reading, state) for reading in counted for state in ("withdrawn", "counted")
        ],
        schema.visits: [_visit(visit) for visit in details.get("visits", ())],
        schema.slots: [
            *(_slot(slot, slot.slot_no, AREA, taken=1) for slot in free),
            *(_slot(slot, f"{slot.slot_no}X", AREA, taken=2) for slot in free),
            *(_slot(slot, f"{slot.slot_no}Y", ELSEWHERE, taken=0) for slot in free),
        ],
        **_holder_rows(details),
    }


def _holder_rows(details: Details) -> dict[Table, list[Row]]:
    names, asked = details.get("real_names", ()), details.get("spot_checks", ())
    return {
        schema.holders: [
            *(_holder(one, one.since, current=True) for one in names),
            *(_holder(one, date(1999, 9, 9), current=False) for one in names),
        ],
        schema.checks: [
            *(_check(one, one.check_no, "open") for one in asked),
            *(_check(one, f"{one.check_no}X", "answered") for one in asked),
            *(_check(one, f"{one.check_no}Y", "closed") for one in asked),
        ],
    }


def _account(account: Account, mobile: str | None, contact: Contact | None) -> Row:
    """The mailbox that a masked address was made of is the test's own: `mailbox`."""
    known = asdict(account) | {"owner_name": account.owner_name or None}
    return known | {
        "mobile": mobile,
        "email": mailbox(contact.email) if contact and contact.email else None,
        "bill_by": "paper" if contact is None or contact.paper else "wechat",
        "updated_at": AT,
    }


def mailbox(masked: str) -> str:
    return masked.replace("***", "hang.wei")


def _holder(verified: RealName, since: date, *, current: bool) -> Row:
    return {
        "acct_no": verified.acct_no,
        "verified_on": since,
        "name": verified.holder.replace("*", "𠮷") if current else "前任",
        "is_current": int(current),
        "benefits": verified.benefits_used,
    }


def _check(check: SpotCheck, check_no: str, state: str) -> Row:
    return asdict(check) | {"check_no": check_no, "sample_kind": "random", "state": state}


def _bill(bill: Bill, is_reversed: bool) -> Row:
    """The late fee is split, so that the view has to compute it."""
    return {
        "bill_no": bill.bill_no,
        "acct_no": bill.acct_no,
        "period": bill.period,
        "period_from": bill.period_from,
        "period_to": bill.period_to,
        "volume": bill.volume_m3,
        "amount": bill.amount,
        "paid_amount": bill.paid,
        "late_fee_accrued": bill.late_fee + WAIVED,
        "late_fee_waived": WAIVED,
        "late_fee_as_of": bill.late_fee_as_of,
        "opened_at": datetime.combine(bill.opened_on, time(23, 30)),
        "due_date": bill.due_date,
        "status": "reversed" if is_reversed else bill.status,
        "prev_value": bill.prev_value,
        "value": bill.value,
        "quality": "estimated" if bill.estimated else "normal",
        "corrects_bill_no": bill.corrects_bill_no or None,
    }


def _line(bill_no: str, position: int, line: BillLine) -> Row:
    known = asdict(line)
    return known | {"bill_no": bill_no, "line_no": position, "volume": known.pop("volume_m3")}


def _payment(payment: Payment, state: str) -> Row:
    return {
        "pay_no": payment.pay_no,
        "acct_no": payment.acct_no,
        "channel": payment.channel,
        "amount": payment.amount,
        "paid_at": payment.paid_at.replace(tzinfo=None),
        "state": state,
    }


def _paid_bills(payment: Payment) -> list[Row]:
    return [
        asdict(paid) | {"pay_no": payment.pay_no, "bill_no": f"B{paid.period}{position}"}
        for position, paid in reversed([*enumerate(payment.bills)])
    ]


def _tier(usage: TierUsage) -> Row:
    known = asdict(usage)
    for column in ("used", "tier1_upto", "tier2_upto"):
        known[column] = known.pop(f"{column}_m3")
    return known


def _meter(meter: Meter) -> Row:
    known = asdict(meter)
    known["technique"] = "nb" if known.pop("remote") else "mechanical"
    known["visit_due"] = int(meter.visit_due)
    return known | {"area": AREA, "q3": known.pop("q3_m3_h")}


def _reading(reading: Reading, state: str) -> Row:
    known = asdict(reading)
    known["is_estimated"] = int(known.pop("estimated"))
    known["volume"] = known.pop("volume_m3")
    return known | {"state": state}


def _visit(visit: Visit) -> Row:
    known = asdict(visit)
    return known | {"slot_on": known.pop("on"), "band": visit.band or None}


def _slot(slot: VisitSlot, slot_no: str, area: str, *, taken: int) -> Row:
    return {
        "slot_no": slot_no,
        "area": area,
        "slot_on": slot.on,
        "band": slot.band,
        "places": 2,
        "taken": taken,
    }
