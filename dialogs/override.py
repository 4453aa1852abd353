"""变更申请: the house has been bought, and who sold it has not let go of the account. Papers and
the meter show whose it is; staff decide, and what they decide overwrites the real name on file.

The account need not be bound, so nothing is asked of CSMS: whether it exists, has another owner or
owes money, the answers are one and the same.
"""

from backends.ports import Role, Submission, SubmissionKind
from dialogs import account_facts, accounts, consents, private
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.identity import form, papers, summary
from dialogs.masking import masked_account
from dialogs.submissions import submit

KINDS = (SubmissionKind.OVERRIDE,)


def opening(turn: Turn, _: None) -> Go:
    """`parent_no` in the data: an application that was returned is made anew, for its account."""
    if not turn.policy.takes_documents:
        return Go("closed", show={"hotline": turn.policy.hotline})
    returned = form.returned(turn, KINDS)
    if returned and (pending := form.under_way(turn, returned.acct_no)):
        return _under_way(pending)
    keep = {
        **form.begun(turn, returned, meter=True),
        "digits": turn.policy.account_no_digits,
        "acct_no": returned.acct_no if returned else "",
        "shown": masked_account(returned.acct_no) if returned else "",
    }
    if not consents.given(turn, consents.REAL_NAME):
        return Go("new", keep=keep)
    if keep["whole"]:
        return Go("put_right", keep=keep)
    return Go("again" if returned else "consented", keep=keep)


def account_no(turn: Turn, number: str) -> Go | Bad:
    if any(one.acct_no == number for one in accounts.mine(turn, (Role.OWNER,))):
        return Bad("own")
    if pending := form.under_way(turn, number):
        return _under_way(pending)
    begun = form.begun(turn, form.returned(turn, KINDS, number), meter=True)
    return Go("given", keep={**begun, "acct_no": number, "shown": masked_account(number)})


def id_no(turn: Turn, number: str) -> Go:
    return summary.given(turn, private.added(turn, id_no=number))


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change":
        return Go("change")
    if answer != "submit":
        return summary.change(turn, answer)
    data = turn.data
    documents, photo_ids = papers.in_order(turn)
    made = submit(
        turn,
        SubmissionKind.OVERRIDE,
        {"documents": documents, **form.handed_over(data)},
        acct_no=data["acct_no"],
        photo_ids=photo_ids,
        parent_no=data["parent_no"],
        sealed=data["private"],
    )
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _under_way(pending: Submission) -> Go:
    shown = masked_account(pending.acct_no)
    return Go("under_way", show={"shown": shown, "number": pending.number})


OVERRIDE = Dialog(
    name="override",
    revision=2,
    lives=form.LIVES,
    opens=Opening(
        opening,
        {
            "closed": "closed",
            "new": "consent",
            "consented": "account_no",
            "again": "name",
            "put_right": form.SUMMARY,
            "under_way": "under_way",
        },
    ),
    steps={
        "consent": consents.step(consents.REAL_NAME, "account_no"),
        "account_no": Step(
            reads=account_facts.NUMBER,
            decide=account_no,
            leads_to={"given": "name", "under_way": "under_way"},
            refuses=("own",),
        ),
        **form.steps(id_no, {"given": "mobile"}),
        "confirm": Step(
            reads=summary.submit_or_change(),
            decide=confirmation,
            leads_to={"submitted": "submitted", "change": "change", **form.CHANGES},
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "under_way": Exit.COMPLETED,
        "declined": Exit.CANCELLED,
        "closed": Exit.FAILED,
    },
)
