"""当月账单: the newest bill of an account, line by line."""

from dialogs.billing import bill_accounts, history
from dialogs.billing.bill_accounts import Account
from dialogs.billing.sheet import sheet
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    return bill_accounts.choose(turn, "latest_bill", _shown)


def which(turn: Turn, answer: str) -> Go:
    return _shown(turn, bill_accounts.chosen(turn, answer))


def _shown(turn: Turn, account: Account) -> Go:
    found = history.bills(turn, account["acct_no"])
    if not found:
        return Go("no_bills", show={"account": account})
    newest = found[0]
    view = sheet(turn, account, newest, history.before(newest, found))
    this_month = newest.period == f"{turn.today.year}-{turn.today.month:02d}"
    return Go("shown", show={"sheet": view, "this_month": this_month})


LATEST_BILL = Dialog(
    name="latest_bill",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "shown": "bill",
            "no_bills": "no_bills",
        },
    ),
    steps={
        "which": Step(
            reads=bill_accounts.one_of(),
            decide=which,
            leads_to={"shown": "bill", "no_bills": "no_bills"},
        ),
    },
    ends={
        "bill": Exit.COMPLETED,
        "no_bills": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
