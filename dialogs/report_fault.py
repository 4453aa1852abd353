"""报修: what is wrong, where, photos, and whether it is known already; a report for the hotline.

Nothing need be bound. Whoever reports a burst has the hotline's number before the next question.
"""

from collections.abc import Mapping
from typing import Any

from backends.ports import PhotoPurpose, Place, Submission, SubmissionKind
from dialogs import photos
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.inbound import Kind
from dialogs.engine.readers import (
    SentPhoto,
    choice,
    choice_in_words,
    confirm,
    photo,
    place,
    remark,
)
from dialogs.faults import fault_places
from dialogs.faults.fault_types import FAULT_TYPES, INDOOR
from dialogs.submissions import submit

MOST_PHOTOS = 3


def opening(turn: Turn, heard: str | None) -> Go:
    if not turn.policy.takes_faults:
        return Go("closed", show={"hotline": turn.policy.hotline})
    start: dict[str, Any] = {
        "hotline": turn.policy.hotline,
        "accounts": [],
        "place": None,
        "photos": [],
        "details": None,
    }
    if heard is None:
        return Go("asked", keep=start)
    return _with_fault(turn, heard, start)


def kind(turn: Turn, answer: str) -> Go:
    return _with_fault(turn, answer, {})


def side(turn: Turn, answer: str) -> Go:
    if answer == "after":
        return Go("indoor", keep={"side": answer})
    return _ask_where(turn, {"side": answer})


def indoor(turn: Turn, answer: str) -> Go:
    if answer == "stop":
        return Go("not_reported")
    return _ask_where(turn, {"fault": INDOOR, "side": "after"})


def where(turn: Turn, answer: Place | str) -> Go:
    there = fault_places.kept(turn, answer)
    keep = {"place": there, "join": ""}
    earlier = fault_places.just_reported(turn, turn.data["fault"], there)
    if earlier:
        return Go("again", keep={**keep, "earlier": _earlier(turn, earlier)})
    return _look_around(turn, keep)


def again(turn: Turn, answer: str) -> Go:
    if answer == "same":
        return Go("already")
    return _look_around(turn, {"place": turn.data["place"]})


def outage(turn: Turn, answer: str) -> Go:
    if answer == "enough":
        return Go("explained")
    return Go("nearby") if turn.data["ticket"] else _go_on(turn, {})


def nearby(turn: Turn, answer: str) -> Go:
    return _go_on(turn, {"join": turn.data["ticket"]["ticket_no"] if answer == "join" else ""})


def pictures(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    if not isinstance(answer, SentPhoto):
        return Go("enough")
    acct_no = turn.data["place"]["acct_no"]
    kept = photos.take_any(turn, answer, PhotoPurpose.FAULT, acct_no)
    if isinstance(kept, Bad):
        return kept
    taken = [*turn.data["photos"], kept.photo.photo_id]
    full = len(taken) >= MOST_PHOTOS
    return Go("enough" if full else "another", keep={"photos": taken}, effects=(kept,))


def details(_: Turn, answer: str) -> Go:
    return Go("given", keep={"details": answer})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change_kind":
        return Go("change_kind")
    if answer == "change_place":
        return Go("change_place")
    if answer == "change_details":
        return Go("change_details")
    made = submit(
        turn,
        SubmissionKind.FAULT,
        _payload(turn),
        acct_no=turn.data["place"]["acct_no"],
        photo_ids=tuple(turn.data["photos"]),
    )
    show = {"number": made.submission.number, "away": turn.data.get("away", False)}
    return Go("submitted", show=show, effects=(made,))


def _with_fault(turn: Turn, fault: str, keep: Mapping[str, Any]) -> Go:
    keep = {**keep, "fault": fault, "side": "", "join": ""}
    if fault == INDOOR:
        return Go("indoor", keep=keep)
    if FAULT_TYPES[fault].asks_side:
        return Go("side", keep=keep)
    return _ask_where(turn, keep)


def _ask_where(turn: Turn, keep: Mapping[str, Any]) -> Go:
    return Go("where", keep={**keep, "accounts": fault_places.own(turn)})


def _look_around(turn: Turn, keep: Mapping[str, Any]) -> Go:
    known = fault_places.known_there(turn, turn.data["fault"], keep["place"])
    if known["outage"]:
        return Go("outage", keep={**keep, **known})
    if known["ticket"]:
        return Go("nearby", keep={**keep, **known})
    return _go_on(turn, {**keep, **known})


def _go_on(turn: Turn, keep: Mapping[str, Any]) -> Go:
    """Whoever came back from the summary has answered the rest already."""
    if turn.data["details"] is not None:
        return Go("summed_up", keep=keep)
    return Go("photos" if turn.policy.takes_photos else "details", keep=keep)


def _earlier(turn: Turn, report: Submission) -> dict[str, str]:
    return {"number": report.number, "at": fault_places.minute(turn, report.created_at)}


def _payload(turn: Turn) -> dict[str, Any]:
    there = fault_places.whole(turn, turn.data["place"])
    return {
        "fault": turn.data["fault"],
        "urgency": FAULT_TYPES[turn.data["fault"]].urgency,
        "side": turn.data["side"],
        "place": {"text": there.text, "lat": there.latitude, "lon": there.longitude},
        "details": turn.data["details"],
        "join": turn.data["join"],
    }


REST = {"photos": "photos", "details": "details", "summed_up": "confirm"}
LOOKED = {"outage": "outage", "nearby": "nearby", **REST}
REPORT_FAULT = Dialog(
    name="report_fault",
    revision=1,
    welcomes=(Kind.IMAGE, Kind.LOCATION),
    opens=Opening(
        opening,
        {"closed": "closed", "asked": "kind", "indoor": "indoor", "side": "side", "where": "place"},
        hears="kind",
    ),
    steps={
        "kind": Step(
            reads=choice_in_words(*FAULT_TYPES),
            decide=kind,
            leads_to={"indoor": "indoor", "side": "side", "where": "place"},
        ),
        "side": Step(
            reads=choice("before", "after", "unknown"),
            decide=side,
            leads_to={"indoor": "indoor", "where": "place"},
        ),
        "indoor": Step(
            reads=choice("go_on", "stop"),
            decide=indoor,
            leads_to={"where": "place", "not_reported": "not_reported"},
        ),
        "place": Step(
            reads=place(fault_places.choices, fault_places.read, reasons=("address",)),
            decide=where,
            leads_to={"again": "again", **LOOKED},
        ),
        "again": Step(
            reads=choice("another", "same"),
            decide=again,
            leads_to={"already": "already", **LOOKED},
        ),
        "outage": Step(
            reads=choice("enough", "report"),
            decide=outage,
            leads_to={"explained": "explained", "nearby": "nearby", **REST},
        ),
        "nearby": Step(reads=choice("join", "another"), decide=nearby, leads_to=REST),
        "photos": Step(
            reads=photo("done"),
            decide=pictures,
            leads_to={"another": "photos", "enough": "details"},
            refuses=photos.FLAWS,
        ),
        "details": Step(reads=remark("skip"), decide=details, leads_to={"given": "confirm"}),
        "confirm": Step(
            reads=confirm("submit", "change_kind", "change_place", "change_details"),
            decide=confirmation,
            leads_to={
                "submitted": "submitted",
                "change_kind": "kind",
                "change_place": "place",
                "change_details": "details",
            },
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "explained": Exit.COMPLETED,
        "already": Exit.COMPLETED,
        "not_reported": Exit.CANCELLED,
        "closed": Exit.FAILED,
    },
)
