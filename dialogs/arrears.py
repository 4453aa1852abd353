"""查欠费: what is owed on the citizen's accounts, bill by bill and in total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from backends.ports import Bill
from dialogs import accounts
from dialogs.billing import bill_accounts, orders
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    own = accounts.mine(turn)
    if not own:
        return accounts.bind_first("arrears")
    seen = tuple(one for one in own if one.role in accounts.SEE_BILLS)
    if not seen:
        return bill_accounts.for_readers(turn)
    listed = accounts.listed(turn, seen)
    if len(listed) > 1:
        return Go("several", keep={"accounts": listed})
    return _owed(turn, listed)


def which(turn: Turn, answer: str) -> Go:
    listed = turn.data["accounts"]
    if answer != accounts.ALL:
        listed = [account for account in listed if account["acct_no"] == answer]
    return _owed(turn, listed)


def _owed(turn: Turn, listed: list[dict[str, str]]) -> Go:
    bills = turn.ask.csms.unpaid_bills([account["acct_no"] for account in listed])
    if not bills:
        return Go("nothing_owed", show={"accounts": listed})
    held = orders.held(turn, bills)
    by_account: dict[str, list[Bill]] = {}
    for bill in bills:
        by_account.setdefault(bill.acct_no, []).append(bill)
    owing = [
        {**account, **_account_view(turn, by_account[account["acct_no"]], held)}
        for account in listed
        if account["acct_no"] in by_account
    ]
    clear = [account for account in listed if account["acct_no"] not in by_account]
    unpaid = _unpaid(bills, held)
    as_of = max((bill.late_fee_as_of for bill in unpaid if bill.late_fee), default=None)
    return Go(
        "owed",
        show={
            "owing": owing,
            "clear": clear,
            "total": _sum(unpaid),
            "count": len(unpaid),
            "late_fee_as_of": as_of,
            **_next_step(turn, unpaid),
        },
    )


def _unpaid(bills: Sequence[Bill], held: Mapping[str, str]) -> list[Bill]:
    """Without those that are paid already and only not posted yet."""
    return [bill for bill in bills if held.get(bill.bill_no) != orders.PAID]


def _sum(bills: Sequence[Bill]) -> Decimal:
    return sum((bill.owed for bill in bills), Decimal(0))


def _next_step(turn: Turn, unpaid: Sequence[Bill]) -> dict[str, bool]:
    """`pays`: whether it is here that they can be paid, and by this citizen."""
    payable = {one.acct_no for one in accounts.mine(turn, accounts.PAY)}
    mine = any(bill.acct_no in payable for bill in unpaid)
    return {"pays": mine and turn.policy.takes_payments}


def _account_view(turn: Turn, bills: list[Bill], held: Mapping[str, str]) -> dict[str, Any]:
    return {
        "bills": [_bill_view(turn, bill, held.get(bill.bill_no, "")) for bill in bills],
        "subtotal": _sum(_unpaid(bills, held)),
    }


def _bill_view(turn: Turn, bill: Bill, held: str) -> dict[str, Any]:
    return {
        "held": held,
        "period": bill.period,
        "volume": bill.volume_m3,
        "amount": bill.amount,
        "paid": bill.paid,
        "late_fee": bill.late_fee,
        "owed": bill.owed,
        "due_date": bill.due_date,
        "overdue": bill.due_date < turn.today,
    }


ARREARS = Dialog(
    name="arrears",
    revision=2,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "owed": "owed",
            "nothing_owed": "nothing_owed",
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.SEE_BILLS, accounts.choices_or_all),
            decide=which,
            leads_to={"owed": "owed", "nothing_owed": "nothing_owed"},
        ),
    },
    ends={
        "owed": Exit.COMPLETED,
        "nothing_owed": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
