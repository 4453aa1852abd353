"""A submission as its citizen sees it: what it was, how far it is, what was said, and what can
still be done about it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from backends.ports import Submission, SubmissionKind, SubmissionState
from dialogs.engine.definition import Turn
from dialogs.faults.fault_places import minute
from dialogs.masking import listed_address, masked_account

# Shown with what they are about, never on their own.
FOLDED = (SubmissionKind.URGE, SubmissionKind.FAULT_PHOTO, SubmissionKind.RATING)
# One for each bill that was paid: 缴费 and 缴费记录 say how those stand.
UNLISTED = (*FOLDED, SubmissionKind.PAYMENT)
OPEN = (SubmissionState.QUEUED, SubmissionState.DELIVERED, SubmissionState.IN_PROGRESS)
WAITING = (SubmissionState.IN_REVIEW, *OPEN, SubmissionState.STUCK)
TICKETS = (SubmissionKind.FAULT, SubmissionKind.COMPLAINT, SubmissionKind.CONSULT)
VISITS = (SubmissionKind.VISIT, SubmissionKind.VISIT_CHANGE)
# Which dialog puts right what was returned.
MADE_ANEW = {
    SubmissionKind.CONNECTION: "connection",
    SubmissionKind.REAL_NAME: "real_name",
    SubmissionKind.TRANSFER: "real_name",
    SubmissionKind.OVERRIDE: "override",
}
NEEDS_A_VISIT, REJECTED = "field", "rejected"
LISTED, LOOKED_AT, FOLLOWERS, STAGES = 10, 60, 3, 10
LONGEST_SAYING, LONGEST_TEXT = 60, 120
URGED_AGAIN_AFTER = timedelta(hours=2)
SAID = (
    *("state", "reason", "value", "volume_m3", "ticket_no", "on", "band"),
    *("since", "promised_on"),
)

URGE, PHOTO, RATE, RETAKE, RESCHEDULE, VISIT, RESUBMIT = WAYS = (
    *("urge", "photo", "rate", "retake", "reschedule"),
    *("visit", "resubmit"),
)


def listed(turn: Turn) -> list[Submission]:
    """The last ten, those still under way first."""
    own = turn.ask.records.submissions(turn.openid, LOOKED_AT)
    latest = [one for one in own if one.kind not in UNLISTED][:LISTED]
    return sorted(latest, key=lambda one: one.state not in WAITING)


def own(turn: Turn, number: str) -> Submission | None:
    """The citizen's own, or what it is about; somebody else's does not exist."""
    found = turn.ask.records.submission(number)
    if found and found.openid == turn.openid and found.kind in FOLDED:
        found = turn.ask.records.submission(found.parent_no)
    return found if found and found.openid == turn.openid else None


def followers(turn: Turn, submission: Submission) -> list[Submission]:
    """What the citizen has sent about it, newest first."""
    found = turn.ask.records.submissions(turn.openid, LOOKED_AT)
    return [one for one in found if one.parent_no == submission.number]


def to_rate(turn: Turn) -> Submission | None:
    """The ticket that was done last of those that are not rated yet."""
    made = turn.ask.records.submissions(turn.openid, LOOKED_AT)
    rated = {one.parent_no for one in made if one.kind is SubmissionKind.RATING}
    done = [
        one
        for one in made
        if one.kind in TICKETS and one.state is SubmissionState.DONE and one.number not in rated
    ]
    return max(done, key=lambda one: one.updated_at or one.created_at, default=None)


def ways(turn: Turn, submission: Submission, after: Sequence[Submission]) -> list[str]:
    """What can be done about it now, as codes of `WAYS`."""
    followed = {one.kind for one in after}
    match submission.kind:
        case SubmissionKind.FAULT if submission.state in OPEN:
            return [URGE, PHOTO] if turn.policy.takes_photos else [URGE]
        case SubmissionKind.COMPLAINT | SubmissionKind.CONSULT if submission.state in OPEN:
            return [URGE]
        case kind if kind in TICKETS and submission.state is SubmissionState.DONE:
            return [] if SubmissionKind.RATING in followed else [RATE]
        case SubmissionKind.READING if submission.state is SubmissionState.RETURNED:
            return [] if SubmissionKind.READING in followed else [RETAKE]
        case SubmissionKind.SPOT_CHECK if submission.state is SubmissionState.RETURNED:
            return [] if SubmissionKind.SPOT_CHECK in followed else [RETAKE]
        case SubmissionKind.SPOT_CHECK if _said(submission).get("state") == NEEDS_A_VISIT:
            return [VISIT]
        case kind if kind in MADE_ANEW and _can_be_put_right(submission):
            return [] if followed & MADE_ANEW.keys() else [RESUBMIT]
        case SubmissionKind.VISIT | SubmissionKind.VISIT_CHANGE if _is_to_come(turn, submission):
            return [] if SubmissionKind.VISIT_CHANGE in followed else [RESCHEDULE]
    return []


def last_urge(after: Sequence[Submission]) -> Submission | None:
    return next((one for one in after if one.kind is SubmissionKind.URGE), None)


def line(turn: Turn, submission: Submission) -> dict[str, str]:
    """For the list."""
    return {
        "number": submission.number,
        "kind": submission.kind.value,
        "fault": str(submission.payload.get("fault", "")),
        "at": minute(turn, submission.created_at),
        "state": submission.state.value,
    }


def whole(turn: Turn, submission: Submission, after: Sequence[Submission]) -> dict[str, Any]:
    payload = submission.payload
    updated = submission.updated_at or submission.created_at
    return {
        **line(turn, submission),
        "updated": minute(turn, updated),
        "shown": masked_account(submission.acct_no) if submission.acct_no else "",
        "place": listed_address(_place(payload)),
        "value": _plain(payload.get("value")),
        "on": _plain(payload.get("on")),
        "band": _plain(payload.get("band")),
        "what": _plain(payload.get("kind")),
        "said": {
            **{name: _plain(_said(submission).get(name)) for name in SAID},
            "text": _plain(_said(submission).get("text"), LONGEST_TEXT),
        },
        "stages": _stages(submission),
        "joined": bool(_said(submission).get("joined")),
        "after": [_follower(turn, one) for one in after if one.kind in FOLDED][:FOLLOWERS],
    }


def _follower(turn: Turn, one: Submission) -> dict[str, str]:
    return {
        "kind": one.kind.value,
        "at": minute(turn, one.created_at),
        "score": _plain(one.payload.get("score")),
    }


def _place(payload: Mapping[str, Any]) -> str:
    """Of a fault, or of a connection that is applied for."""
    place = payload.get("place") or {}
    return str(place.get("text") or payload.get("address") or "")


def _stages(submission: Submission) -> list[list[str]]:
    """[stage, day] of the last ones that a connection application has passed."""
    told = _said(submission).get("stages") or ()
    return [[_plain(one.get("stage")), _plain(one.get("at"))[:10]] for one in told][-STAGES:]


def _can_be_put_right(submission: Submission) -> bool:
    """Returned, and not for good."""
    rejected = _said(submission).get("state") == REJECTED
    return submission.state is SubmissionState.RETURNED and not rejected


def _is_to_come(turn: Turn, visit: Submission) -> bool:
    """Booked, and not for today: nobody can be sent elsewhere on the day."""
    if visit.state is not SubmissionState.DONE:
        return False
    on = _plain(_said(visit).get("on") or visit.payload.get("on"))
    try:
        return date.fromisoformat(on) > turn.today
    except ValueError:
        return False


def _said(submission: Submission) -> Mapping[str, Any]:
    return submission.result or {}


def _plain(value: Any, longest: int = LONGEST_SAYING) -> str:
    return "" if value is None else str(value)[:longest]
