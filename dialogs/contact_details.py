"""联系方式: the mobile and the e-mail by which the utility reaches an account's owner, changed.

What is typed is sealed at once: the record, the submission and the reply know it masked only.
"""

from typing import Any

from backends.ports import SubmissionKind
from dialogs import accounts, parsers, private
from dialogs.accounts import Account
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.readers import choice, confirm, text
from dialogs.submissions import on_its_way, submit

MOBILE, EMAIL, BOTH, NO_EMAIL = "mobile", "email", "both", "no_email"


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.takes_documents:
        return Go("closed", show=_help(turn))
    return accounts.choose(turn, "contact_details", accounts.MANAGE, _on_file, accounts.not_allowed)


def which(turn: Turn, answer: str) -> Go:
    return _on_file(turn, accounts.chosen(turn, answer))


def on_file(turn: Turn, answer: str) -> Go | Bad:
    """What was typed before the way back is forgotten."""
    keep = {**private.NOTHING, "both": answer == BOTH, "removes": answer == NO_EMAIL}
    if answer != NO_EMAIL:
        return Go("email" if answer == EMAIL else "mobile", keep=keep)
    if not turn.data["on_file"][EMAIL]:
        return Bad("no_email")
    return Go("complete", keep=keep)


def read_mobile(_: Turn, typed: str) -> Ok | Bad:
    return parsers.mobile(typed)


def mobile(turn: Turn, number: str) -> Go:
    wants_email = turn.data["both"] and EMAIL not in turn.data["masked"]
    keep = private.added(turn, mobile=number)
    return Go("email" if wants_email else "complete", keep=keep)


def read_email(_: Turn, typed: str) -> Ok | Bad:
    return parsers.email(typed)


def email(turn: Turn, address: str) -> Go:
    return Go("complete", keep={**private.added(turn, email=address), "removes": False})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer != "submit":
        return Go("mobile" if answer == "change_mobile" else "email")
    acct_no = turn.data["acct_no"]
    if not accounts.may_still(turn, acct_no, accounts.MANAGE):
        return accounts.not_allowed(turn)
    new = private.added(turn, email="") if turn.data["removes"] else turn.data
    made = submit(
        turn,
        SubmissionKind.CONTACT,
        {"changes": [name for name in (MOBILE, EMAIL) if name in new["masked"]]},
        acct_no=acct_no,
        sealed=new["private"],
    )
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _on_file(turn: Turn, account: Account) -> Go:
    contact = turn.ask.csms.contact(account["acct_no"])
    if contact is None:
        return Go("gone", show={"shown": account["shown"]})
    return Go(
        "found",
        keep={
            **accounts.settled_on(account),
            "on_file": {MOBILE: contact.mobile, EMAIL: contact.email},
            "pending": on_its_way(turn, account["acct_no"], SubmissionKind.CONTACT),
        },
        forget_path=True,
    )


def _help(turn: Turn) -> dict[str, Any]:
    return {"hotline": turn.policy.hotline}


CONTACT_DETAILS = Dialog(
    name="contact_details",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "closed": "closed",
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            "found": "on_file",
            "gone": "gone",
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.MANAGE),
            decide=which,
            leads_to={"found": "on_file", "gone": "gone"},
        ),
        "on_file": Step(
            reads=choice(MOBILE, EMAIL, BOTH, NO_EMAIL),
            decide=on_file,
            leads_to={"mobile": "mobile", "email": "email", "complete": "confirm"},
            refuses=("no_email",),
        ),
        "mobile": Step(
            reads=text(read_mobile, reasons=("mobile",)),
            decide=mobile,
            leads_to={"email": "email", "complete": "confirm"},
        ),
        "email": Step(
            reads=text(read_email, reasons=("email",)),
            decide=email,
            leads_to={"complete": "confirm"},
        ),
        "confirm": Step(
            reads=confirm("submit", "change_mobile", "change_email"),
            decide=confirmation,
            leads_to={
                "submitted": "submitted",
                "mobile": "mobile",
                "email": "email",
                "not_allowed": "not_allowed",
            },
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
        "gone": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
