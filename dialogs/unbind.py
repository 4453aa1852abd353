"""解绑: the citizen's link to an account ends at once; or the real name on file is cancelled,
which CSMS decides. Who means the one often says the other, so both are offered where possible.

While CSMS is away a link can be ended all the same; only that is offered then.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import BindingEnded, Role, Submission, SubmissionKind, SubmissionState
from dialogs import accounts
from dialogs.accounts import Account
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, confirm, remark
from dialogs.submissions import submit

DECIDED = (SubmissionState.DONE, SubmissionState.RETURNED)
REQUESTS_LIVE = timedelta(days=90)


def opening(turn: Turn, _: None) -> Go:
    own = accounts.mine(turn)
    if not own:
        return Go("nothing_bound")
    listed = accounts.listed(turn, own)
    if len(listed) > 1:
        return Go("several", keep={"accounts": listed})
    return _begin(turn, listed[0])


def which(turn: Turn, acct_no: str) -> Go:
    return _begin(turn, accounts.chosen(turn, acct_no))


def way(turn: Turn, answer: str) -> Go:
    if answer == "unlink":
        return Go("unlink")
    if pending := _under_way(turn, turn.data["acct_no"]):
        return Go("under_way", show={"number": pending.number})
    return Go("cancel_real_name")


def unlink(turn: Turn, answer: str) -> Go:
    if answer == "keep":
        return Go("kept")
    ended = BindingEnded(turn.openid, turn.data["acct_no"], turn.now)
    return Go("unlinked", effects=(ended,))


def reason(turn: Turn, answer: str) -> Go:
    keep = {"reason": answer}
    return Go("details" if turn.data["details"] is None else "corrected", keep=keep)


def details(_: Turn, answer: str) -> Go:
    return Go("given", keep={"details": answer})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change_reason":
        return Go("change_reason")
    if answer == "change_details":
        return Go("change_details")
    data = turn.data
    if not accounts.may_still(turn, data["acct_no"], accounts.MANAGE):
        return accounts.not_allowed(turn)
    made = submit(
        turn,
        SubmissionKind.CANCEL_REAL_NAME,
        {"reason": data["reason"], "details": data["details"]},
        acct_no=data["acct_no"],
    )
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _begin(turn: Turn, account: Account) -> Go:
    acct_no = account["acct_no"]
    owner = accounts.may_still(turn, acct_no, (Role.OWNER,))
    invited = [one for one in turn.ask.records.bound_to(acct_no) if one.invited_by == turn.openid]
    keep: Mapping[str, Any] = {
        **{name: account[name] for name in ("acct_no", "shown", "address")},
        "family": len(invited),
        "details": None,
    }
    if owner and _has_real_name(turn, acct_no):
        return Go("both", keep=keep)
    return Go("unlink", keep=keep)


def _has_real_name(turn: Turn, acct_no: str) -> bool:
    try:
        return turn.ask.csms.real_name(acct_no) is not None
    except BackendUnavailable:
        return False


def _under_way(turn: Turn, acct_no: str) -> Submission | None:
    kind, since = SubmissionKind.CANCEL_REAL_NAME, turn.now - REQUESTS_LIVE
    found = turn.ask.records.submissions_for(acct_no, kind, since)
    own = (one for one in found if one.openid == turn.openid and one.state not in DECIDED)
    return next(own, None)


_BEGUN = {"both": "way", "unlink": "unlink"}
UNBIND = Dialog(
    name="unbind",
    revision=1,
    private=True,
    opens=Opening(opening, {"nothing_bound": "nothing_bound", "several": "which", **_BEGUN}),
    steps={
        "which": Step(reads=accounts.one_of(), decide=which, leads_to=_BEGUN),
        "way": Step(
            reads=choice("unlink", "cancel_real_name"),
            decide=way,
            leads_to={
                "unlink": "unlink",
                "cancel_real_name": "reason",
                "under_way": "under_way",
            },
        ),
        "unlink": Step(
            reads=confirm("unlink", "keep"),
            decide=unlink,
            leads_to={"unlinked": "unlinked", "kept": "kept"},
        ),
        "reason": Step(
            reads=choice("sold", "tenant_left", "wrong_account", "privacy", "other"),
            decide=reason,
            leads_to={"details": "details", "corrected": "confirm"},
        ),
        "details": Step(reads=remark("skip"), decide=details, leads_to={"given": "confirm"}),
        "confirm": Step(
            reads=confirm("submit", "change_reason", "change_details"),
            decide=confirmation,
            leads_to={
                "submitted": "submitted",
                "change_reason": "reason",
                "change_details": "details",
                "not_allowed": "not_allowed",
            },
        ),
    },
    ends={
        "unlinked": Exit.COMPLETED,
        "kept": Exit.CANCELLED,
        "submitted": Exit.COMPLETED,
        "under_way": Exit.COMPLETED,
        "nothing_bound": Exit.COMPLETED,
        "not_allowed": Exit.FAILED,
    },
)
