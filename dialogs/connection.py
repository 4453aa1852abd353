"""报装: an application for a new connection, filled in in the chat and looked through by our own
staff before it is handed over.

One that was returned comes back with all that was filled in, so that only what was wrong is put
right; unless its private values are gone by then.
"""

from typing import Any

from backends.ports import Submission, SubmissionKind, SubmissionState
from dialogs import consents, private
from dialogs.connections import form
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, choice_from
from dialogs.identity.form import LIVES, returned
from dialogs.identity.summary import submit_or_change
from dialogs.submissions import submit

LONGEST_SAYING = 120
CHANGES = {field: field for field in form.FIELDS}


def opening(turn: Turn, _: None) -> Go:
    """`parent_no` in the data: an application that was returned is made anew."""
    if not turn.policy.takes_documents:
        return Go("closed", show={"hotline": turn.policy.hotline})
    before = returned(turn, (SubmissionKind.CONNECTION,))
    keep = {**form.blank(), **(_filled_in(turn, before) if before else {})}
    if not consents.given(turn, consents.CONNECTION):
        return Go("new", keep=keep)
    return Go("put_right" if keep["whole"] else "consented", keep=keep)


def consent(turn: Turn, answer: str) -> Go:
    if answer == "decline":
        return Go("declined")
    agreed = consents.agreed(turn, consents.CONNECTION)
    filled_in = turn.data["whole"]
    return Go("put_right" if filled_in else "agreed", effects=(agreed,), forget_path=True)


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change":
        return Go("change")
    if answer != "submit":
        return form.change(turn, answer)
    data = turn.data
    made = submit(
        turn,
        SubmissionKind.CONNECTION,
        {
            "kind": data["kind"],
            "address": data["address"],
            "details": data["details"],
            "documents": ["other"] * len(data["photos"]),
        },
        photo_ids=tuple(data["photos"]),
        parent_no=data["parent_no"],
        state=SubmissionState.IN_REVIEW,
        sealed=data["private"],
    )
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _filled_in(turn: Turn, before: Submission) -> dict[str, Any]:
    """What was applied for the last time, as far as it is still there; and why it came back."""
    text = str((before.result or {}).get("text") or "")[:LONGEST_SAYING]
    sealed = private.taken_over(turn, before.sealed)
    if sealed is None:
        return {"parent_no": before.number, "returned": text}
    return {
        **sealed,
        **{name: before.payload[name] for name in ("kind", "address", "details")},
        "photos": list(before.photo_ids),
        "whole": True,
        "parent_no": before.number,
        "returned": text,
    }


CONNECTION = Dialog(
    name="connection",
    revision=1,
    lives=LIVES,
    opens=Opening(
        opening,
        {"closed": "closed", "new": "consent", "consented": "kind", "put_right": form.SUMMARY},
    ),
    steps={
        "consent": Step(
            reads=choice("agree", "decline"),
            decide=consent,
            leads_to={"agreed": "kind", "put_right": form.SUMMARY, "declined": "declined"},
        ),
        **form.steps(),
        "confirm": Step(
            reads=submit_or_change(form.changes),
            decide=confirmation,
            leads_to={"submitted": "submitted", "change": "change", **CHANGES},
        ),
        "change": Step(reads=choice_from(form.changes), decide=form.change, leads_to=CHANGES),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "declined": Exit.CANCELLED,
        "closed": Exit.FAILED,
    },
)
