"""历史账单: the bills of two years, newest first; one of them line by line."""

from collections.abc import Mapping
from typing import Any

from backends.ports import Bill
from dialogs import accounts
from dialogs.billing import bill_accounts, history
from dialogs.billing.bill_accounts import Account
from dialogs.billing.sheet import WRITTEN_OFF, sheet
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice_from

PAID, OWED, GIVEN_UP = "paid", "owed", "written_off"


def opening(turn: Turn, _: None) -> Go:
    return bill_accounts.choose(turn, "bill_history", _listed)


def which(turn: Turn, answer: str) -> Go:
    return _listed(turn, bill_accounts.chosen(turn, answer))


def _listed(turn: Turn, account: Account) -> Go:
    found = history.listed(turn, history.bills(turn, account["acct_no"]))
    if not found:
        return Go("no_bills", show={"account": account})
    kept = [[bill.bill_no, bill.period, f"{bill.amount:.2f}", _state(bill)] for bill in found]
    # The other accounts are forgotten: two years of bills and ten addresses are too much at once.
    return Go("listed", keep={"accounts": [], "account": account, "bills": kept}, forget_path=True)


def _state(bill: Bill) -> str:
    if bill.status == WRITTEN_OFF:
        return GIVEN_UP
    return OWED if bill.owed > 0 else PAID


def bill_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((bill_no, period) for bill_no, period, *_ in data["bills"])


def pick(turn: Turn, answer: str) -> Go:
    account = turn.data["account"]
    allowed = accounts.may_still(turn, account["acct_no"], accounts.SEE_BILLS)
    found = history.bills(turn, account["acct_no"]) if allowed else ()
    for bill in found:
        if bill.bill_no == answer:
            view = sheet(turn, account, bill, history.before(bill, found))
            return Go("picked", show={"sheet": view})
    return Go("gone")


BILL_HISTORY = Dialog(
    name="bill_history",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "listed": "bills",
            "no_bills": "no_bills",
        },
    ),
    steps={
        "which": Step(
            reads=bill_accounts.one_of(),
            decide=which,
            leads_to={"listed": "bills", "no_bills": "no_bills"},
        ),
        "bills": Step(
            reads=choice_from(bill_choices),
            decide=pick,
            leads_to={"picked": "bill", "gone": "gone"},
        ),
    },
    ends={
        "bill": Exit.COMPLETED,
        "gone": Exit.FAILED,
        "no_bills": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
