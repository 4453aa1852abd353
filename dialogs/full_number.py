"""完整户号: the whole number of an account, which every way to pay asks for. It is masked wherever
else it is shown: who pays is told it when they ask, and nobody else.
"""

from dialogs import accounts
from dialogs.accounts import Account
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    return accounts.choose(turn, "full_number", accounts.PAY, _told, accounts.not_allowed)


def which(turn: Turn, answer: str) -> Go:
    return _told(turn, accounts.chosen(turn, answer))


def _told(_: Turn, account: Account) -> Go:
    return Go("told", show={"number": account["acct_no"], "address": account["address"]})


FULL_NUMBER = Dialog(
    name="full_number",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            "told": "number",
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.PAY),
            decide=which,
            leads_to={"told": "number"},
        ),
    },
    ends={
        "number": Exit.COMPLETED,
        "not_allowed": Exit.FAILED,
        "not_bound": Exit.INTERRUPTED,
    },
)
