"""账单方式: whether an account's owner gets the bill on paper too, or in the chat only.

Either way can be chosen again at any time: who needs paper is never left without it.
"""

from backends.ports import BillType, BindingChanged, SubmissionKind
from dialogs import accounts
from dialogs.accounts import Account
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, confirm
from dialogs.submissions import on_its_way, submit

SUBMIT = "submit"


def opening(turn: Turn, _: None) -> Go:
    return accounts.choose(turn, "bill_type", accounts.MANAGE, _present, accounts.not_allowed)


def which(turn: Turn, answer: str) -> Go:
    return _present(turn, accounts.chosen(turn, answer))


def wanted(turn: Turn, answer: str) -> Go | Bad:
    if answer == turn.data["present"] and not turn.data["pending"]:
        return Bad("same")
    return Go("chosen", keep={"wanted": answer})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer != SUBMIT:
        return Go("other")
    acct_no, bill_type = turn.data["acct_no"], BillType(turn.data["wanted"])
    if not accounts.may_still(turn, acct_no, accounts.MANAGE):
        return accounts.not_allowed(turn)
    made = submit(
        turn,
        SubmissionKind.BILL_TYPE,
        {"paper": bill_type is BillType.WECHAT_AND_PAPER},
        acct_no=acct_no,
    )
    changed = BindingChanged(turn.openid, acct_no, turn.now, bill_type=bill_type)
    return Go("submitted", effects=(changed, made), show={"number": made.submission.number})


def _present(turn: Turn, account: Account) -> Go:
    """How the bill is delivered now is CSMS's to say."""
    acct_no = account["acct_no"]
    contact = turn.ask.csms.contact(acct_no)
    if contact is None:
        return Go("gone", show={"shown": account["shown"]})
    present = BillType.WECHAT_AND_PAPER if contact.paper else BillType.WECHAT_ONLY
    return Go(
        "found",
        keep={
            **accounts.settled_on(account),
            "present": present.value,
            "pending": on_its_way(turn, acct_no, SubmissionKind.BILL_TYPE),
        },
        forget_path=True,
    )


BILL_TYPE = Dialog(
    name="bill_type",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            "found": "wanted",
            "gone": "gone",
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.MANAGE),
            decide=which,
            leads_to={"found": "wanted", "gone": "gone"},
        ),
        "wanted": Step(
            reads=choice(*BillType),
            decide=wanted,
            leads_to={"chosen": "confirm"},
            refuses=("same",),
        ),
        "confirm": Step(
            reads=confirm(SUBMIT, "other"),
            decide=confirmation,
            leads_to={"submitted": "submitted", "other": "wanted", "not_allowed": "not_allowed"},
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
        "gone": Exit.FAILED,
    },
)
