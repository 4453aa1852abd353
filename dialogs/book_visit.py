"""上门抄表: a time at which the utility comes to read the meter, chosen, moved once, or kept."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from backends.ports import Submission, SubmissionKind, Visit
from dialogs import accounts
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, choice_from, confirm
from dialogs.masking import brief_address
from dialogs.readings import own_meters, visit_slots
from dialogs.submissions import ANSWERED_WITHIN, ON_ITS_WAY, submit

BOOKED = "booked"
NONE_FITS = "none_fits"
FREE_RESCHEDULES = 1


def opening(turn: Turn, _: None) -> Go:
    """`acct_no` in the data: another dialog has found that this account wants a visit; with a
    `reason`, whether CSMS has made one due or not."""
    if not turn.ask.records.bindings(turn.openid):
        return accounts.bind_first("book_visit")
    own = own_meters.may_read(turn)
    if not own:
        return Go("not_allowed")
    wanted = turn.data.get("acct_no", "")
    asked = [binding for binding in own if wanted in ("", binding.acct_no)]
    visits = _visits(turn, [binding.acct_no for binding in asked])
    if asked and wanted and turn.data.get("reason"):
        visits.setdefault(wanted, _asked_for(wanted, turn.data["reason"]))
    with_visit = tuple(binding for binding in asked if binding.acct_no in visits)
    if not with_visit:
        return Go("nothing_due", show=_help(turn))
    listed = [
        {**one, "address": brief_address(one["address"], of=len(with_visit))}
        for one in accounts.listed(turn, with_visit)
    ]
    if len(listed) > 1:
        return Go("several", keep={"accounts": listed})
    return _begin(turn, listed[0], visits[listed[0]["acct_no"]])


def which(turn: Turn, acct_no: str) -> Go:
    account = next(one for one in turn.data["accounts"] if one["acct_no"] == acct_no)
    visit = _visits(turn, [acct_no]).get(acct_no)
    return _begin(turn, account, visit) if visit else Go("nothing_due", show=_help(turn))


def booked(turn: Turn, answer: str) -> Go:
    return Go("keep") if answer == "keep" else _slots(turn, turn.data)


def slot(turn: Turn, answer: str) -> Go:
    if answer == NONE_FITS:
        return Go("none_fits", show=_help(turn))
    chosen = next(one for one in turn.data["slots"] if one["slot_no"] == answer)
    return Go("chosen", keep={"slot": chosen, "taken": False})


def confirmation(turn: Turn, answer: str) -> Go | Bad:
    if answer == "other":
        return Go("other")
    if not accounts.may_still(turn, turn.data["acct_no"], accounts.READ_METERS):
        return Bad("ended")
    visit, chosen = turn.data["visit"], turn.data["slot"]
    moves = visit["state"] == BOOKED
    made = submit(
        turn,
        SubmissionKind.VISIT_CHANGE if moves else SubmissionKind.VISIT,
        {"visit_no": visit["visit_no"], "reason": visit["reason"], **chosen},
        acct_no=turn.data["acct_no"],
    )
    number = made.submission.number
    # A message that is replayed finds its own request: it is told the same again.
    if turn.ask.records.submission(number) is None:
        if earlier := _on_its_way(turn, turn.data["acct_no"], visit["visit_no"]):
            return Go("came_first", show=_pending(turn, earlier))
        free = turn.ask.csms.visit_slots(turn.data["acct_no"], date.fromisoformat(chosen["on"]))
        if chosen["slot_no"] not in {one.slot_no for one in free}:
            return _slots(turn, {**turn.data, "taken": True})
    return Go("requested", effects=(made,), show={"number": number, "moves": moves})


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The template writes them out with the day of the week."""
    slots = tuple((one["slot_no"], f"{one['on']} {one['band']}") for one in data["slots"])
    return (*slots, (NONE_FITS, ""))


def _begin(turn: Turn, account: Mapping[str, str], visit: Visit) -> Go:
    """How it stands with the account's visit."""
    about = {
        "acct_no": account["acct_no"],
        "shown": account["shown"],
        "address": account["address"],
        "visit": {
            "visit_no": visit.visit_no,
            "reason": visit.reason,
            "state": visit.state,
            "on": visit.on.isoformat() if visit.on else "",
            "band": visit.band,
        },
        "taken": False,
    }
    if pending := _on_its_way(turn, visit.acct_no, visit.visit_no):
        return Go("on_its_way", show={**about, **_pending(turn, pending)})
    if visit.state != BOOKED:
        return _slots(turn, about)
    if visit.reschedules >= FREE_RESCHEDULES:
        return Go("booked_for_good", show={**about, **_help(turn)})
    return Go("booked", keep=about)


def _slots(turn: Turn, about: Mapping[str, Any]) -> Go:
    """From tomorrow on; the time that is booked already is no other one."""
    tomorrow = turn.today + timedelta(days=1)
    present = (about["visit"]["on"], about["visit"]["band"])
    free = [
        one
        for one in turn.ask.csms.visit_slots(about["acct_no"], tomorrow)
        if (one.on.isoformat(), one.band) != present
    ]
    if not free:
        return Go("no_slots", show={**about, **_help(turn)})
    slots = [
        {"slot_no": one.slot_no, "on": one.on.isoformat(), "band": one.band}
        for one in visit_slots.offered(free)
    ]
    return Go("slots", keep={**about, "slots": slots})


def _asked_for(acct_no: str, reason: str) -> Visit:
    """A visit that the citizen wishes for: CSMS gives it a number when it is booked."""
    return Visit("", acct_no, reason, "due", None, "", 0)


def _visits(turn: Turn, acct_nos: Sequence[str]) -> dict[str, Visit]:
    """The oldest of each account that has one."""
    found: dict[str, Visit] = {}
    for acct_no in acct_nos:
        for visit in turn.ask.csms.visits(acct_no)[:1]:
            found[acct_no] = visit
    return found


def _on_its_way(turn: Turn, acct_no: str, visit_no: str) -> Submission | None:
    """The family's request about this visit that has not been answered yet."""
    since = turn.now - ANSWERED_WITHIN
    for kind in (SubmissionKind.VISIT, SubmissionKind.VISIT_CHANGE):
        for one in turn.ask.records.submissions_for(acct_no, kind, since):
            if one.state in ON_ITS_WAY and one.payload.get("visit_no") == visit_no:
                return one
    return None


def _pending(turn: Turn, pending: Submission) -> dict[str, str]:
    """Its number is only for who made it."""
    own = pending.openid == turn.openid
    return {
        "number": pending.number if own else "",
        "on": str(pending.payload.get("on", "")),
        "band": str(pending.payload.get("band", "")),
    }


def _help(turn: Turn) -> dict[str, str]:
    return {"hotline": turn.policy.hotline}


_STANDINGS = {
    "slots": "slot",
    "no_slots": "no_slots",
    "booked": "booked",
    "booked_for_good": "booked_for_good",
    "on_its_way": "on_its_way",
    "nothing_due": "nothing_due",
}

BOOK_VISIT = Dialog(
    name="book_visit",
    revision=1,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            **_STANDINGS,
        },
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(accounts.READ_METERS),
            decide=which,
            leads_to=_STANDINGS,
        ),
        "booked": Step(
            reads=choice("change", "keep"),
            decide=booked,
            leads_to={"keep": "kept", "slots": "slot", "no_slots": "no_slots"},
        ),
        "slot": Step(
            reads=choice_from(choices),
            decide=slot,
            leads_to={"chosen": "confirm", "none_fits": "none_fits"},
        ),
        "confirm": Step(
            reads=confirm("book", "other"),
            decide=confirmation,
            leads_to={
                "other": "slot",
                "requested": "requested",
                "came_first": "on_its_way",
                "slots": "slot",
                "no_slots": "no_slots",
            },
            refuses=("ended",),
        ),
    },
    ends={
        "requested": Exit.COMPLETED,
        "kept": Exit.COMPLETED,
        "booked_for_good": Exit.COMPLETED,
        "on_its_way": Exit.COMPLETED,
        "nothing_due": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
        "none_fits": Exit.FAILED,
        "no_slots": Exit.FAILED,
        "not_allowed": Exit.FAILED,
    },
)
