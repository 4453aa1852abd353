"""What can be paid now, as 缴费 remembers and shows it (dialogs/pay.py): bills as dictionaries,
each with the place of its account in the dialog's `accounts`, amounts as text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from backends.ports import Bill, Binding
from dialogs import accounts
from dialogs.engine.definition import Turn

MOST_BILLS = 20
MOST_HELD = 5  # that are named; to remember more beside the bills would be too much
CLOSED = "closed"


def listed(own: Sequence[Binding], free: Sequence[Bill]) -> dict[str, Any]:
    """The oldest bills, each account's together. `at`: the place of its account."""
    oldest = sorted(free, key=lambda bill: (bill.period, bill.due_date, bill.bill_no))
    kept = {bill.bill_no for bill in oldest[:MOST_BILLS]}
    taken = [bill for bill in free if bill.bill_no in kept]
    owing = {bill.acct_no for bill in taken}
    names = [
        {"acct_no": one.acct_no, "shown": accounts.shown(one)}
        for one in own
        if one.acct_no in owing
    ]
    places = {name["acct_no"]: place for place, name in enumerate(names)}
    as_of = max((bill.late_fee_as_of for bill in taken if bill.late_fee), default=None)
    return {
        "accounts": names,
        "bills": [_bill(bill, places[bill.acct_no]) for bill in taken],
        "owing": len(free),
        "late_fee_as_of": as_of.isoformat() if as_of else "",
    }


def _bill(bill: Bill, at: int) -> dict[str, Any]:
    return {
        "bill_no": bill.bill_no,
        "at": at,
        "period": bill.period,
        "owed": f"{bill.owed:.2f}",
        "late_fee": f"{bill.late_fee:.2f}",
    }


def being_paid(
    own: Sequence[Binding], unpaid: Sequence[Bill], held: Mapping[str, str]
) -> list[dict[str, str]]:
    shown = {one.acct_no: accounts.shown(one) for one in own}
    found = [bill for bill in unpaid if bill.bill_no in held]
    return [
        {"shown": shown[bill.acct_no], "period": bill.period, "why": held[bill.bill_no]}
        for bill in found[:MOST_HELD]
    ]


def picked(bills: Sequence[Mapping[str, Any]], chosen: Sequence[str]) -> dict[str, Any]:
    marked = [{**bill, "picked": bill["bill_no"] in chosen} for bill in bills]
    owed = [Decimal(bill["owed"]) for bill in marked if bill["picked"]]
    return {"bills": marked, "count": len(owed), "total": f"{sum(owed):.2f}"}


def prepayable(turn: Turn, own: Sequence[Binding]) -> list[dict[str, str]]:
    """Accounts with their prepaid balance. A closed one has none."""
    known = {one.acct_no: one for one in turn.ask.csms.accounts([one.acct_no for one in own])}
    able = tuple(one for one in own if one.acct_no in known and known[one.acct_no].status != CLOSED)
    return [
        {**line, "balance": f"{known[line['acct_no']].prepaid_balance:.2f}"}
        for line in accounts.listed(turn, able)
    ]
