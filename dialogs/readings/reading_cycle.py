"""How a meter stands in its cycle: too early for a self reading 自抄, open, read, sent back.

A self reading is taken around the reading day of the route. One that was sent back may be retaken
a little longer, since the reason comes only after somebody has looked at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backends.ports import Meter, Submission, SubmissionKind, SubmissionState
from dialogs.engine.definition import Go, Turn
from dialogs.readings import own_meters, reading_check

GUIDE = "/guide/meter-photo"
STANDINGS = {
    "open": "photo",
    "visit_due": "visit_due",
    "no_day": "no_day",
    "submitted_before": "submitted_before",
    "too_early": "too_early",
    "too_late": "too_late",
    "no_meter": "no_meter",
}
RETAKE = timedelta(days=3)
REASON_KEPT = 60  # characters of what a reviewer wrote


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a cycle on which a self reading is taken, both ends included."""

    opens: date
    due: date
    closes: date


def window(turn: Turn, reading_day: date) -> Window:
    policy = turn.policy
    return Window(
        opens=reading_day - timedelta(days=policy.reading_days_before),
        due=reading_day,
        closes=reading_day + timedelta(days=policy.reading_days_after),
    )


def open_first(turn: Turn, meters: Sequence[Meter]) -> list[Meter]:
    """Those that can be read now ahead of the others."""
    return sorted(meters, key=lambda meter: not _is_open(turn, meter))


def begin(turn: Turn, meter: Meter) -> Go:
    """How it stands with the meter today."""
    shown = own_meters.shown(turn, meter)
    if meter.visit_due:
        wanted = {"acct_no": meter.acct_no}
        return Go("visit_due", show=shown, then="book_visit", hand_over=wanted)
    if meter.next_reading_on is None:
        return Go("no_day", show=shown)
    days = window(turn, meter.next_reading_on)
    earlier = latest(turn, meter.acct_no, meter.meter_code, days.opens)
    if earlier and stands(earlier):
        return Go("submitted_before", show={**shown, **standing(turn, earlier)})
    if turn.today < days.opens:
        return Go("too_early", show={**shown, "opens": days.opens, "closes": days.closes})
    until = _closes(turn, days, earlier)
    if turn.today > until:
        return Go("too_late", show={**shown, "closes": until, "hotline": turn.policy.hotline})
    about = {
        "acct_no": meter.acct_no,
        "meter_code": meter.meter_code,
        "known": reading_check.as_data(known(turn, meter)),
        "opens": days.opens.isoformat(),
        "closes": until.isoformat(),
        "late": turn.today > days.due,
        "returned": _why_returned(earlier),
        "guide_url": f"{turn.policy.public_url}{GUIDE}",
    }
    return Go("open", keep={**shown, **about})


def latest(turn: Turn, acct_no: str, meter_code: str, opens: date) -> Submission | None:
    """The newest self reading of the meter in the cycle, whoever of the family made it."""
    since = datetime.combine(opens, time.min, tzinfo=turn.now.tzinfo)
    made = turn.ask.records.submissions_for(acct_no, SubmissionKind.READING, since)
    return next((one for one in made if one.payload.get("meter_code") == meter_code), None)


def stands(submission: Submission) -> bool:
    """Whether the cycle has its reading: it was not sent back."""
    return submission.state is not SubmissionState.RETURNED


def standing(turn: Turn, submission: Submission) -> dict[str, str]:
    """Its number is only for who made it."""
    own = submission.openid == turn.openid
    return {"number": submission.number if own else "", "state": submission.state.value}


def _closes(turn: Turn, days: Window, returned: Submission | None) -> date:
    if returned is None:
        return days.closes
    told_at = returned.updated_at or returned.created_at
    return max(days.closes, told_at.astimezone(turn.now.tzinfo).date() + RETAKE)


def _why_returned(returned: Submission | None) -> dict[str, str] | None:
    if returned is None:
        return None
    told = returned.result or {}
    words = str(told.get("text") or "")[:REASON_KEPT]
    return {"reason": str(told.get("reason") or "other"), "text": words}


def _is_open(turn: Turn, meter: Meter) -> bool:
    if meter.next_reading_on is None:
        return False
    days = window(turn, meter.next_reading_on)
    return days.opens <= turn.today <= days.closes


def known(turn: Turn, meter: Meter) -> reading_check.Known:
    since = turn.today - timedelta(days=reading_check.HISTORY_DAYS)
    readings = turn.ask.csms.readings(meter.acct_no, since)
    return reading_check.known_of(meter, readings, turn.today)
