"""The questions that the dialogs about an account's holder share, from the name to the summary, and
what has been applied for already."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from backends.ports import Submission, SubmissionKind, SubmissionState
from dialogs import photos, private
from dialogs.engine.definition import Decide, Step, Turn
from dialogs.engine.readers import choice_from, text
from dialogs.engine.readers import photo as a_photo
from dialogs.identity import meter_handover, papers, person, summary

APPLICATIONS = (SubmissionKind.REAL_NAME, SubmissionKind.TRANSFER, SubmissionKind.OVERRIDE)
DECIDED = (SubmissionState.DONE, SubmissionState.RETURNED)
APPLICATIONS_LIVE = timedelta(days=90)
# Papers have to be found first, and the meter may be down in the cellar.
LIVES = timedelta(hours=2)
LONGEST_SAYING = 120
SUMMARY = "confirm"
CHANGES = {
    "name": "name",
    "id_no": "id_no",
    "mobile": "mobile",
    "meter_photo": "meter_photo",
    "meter_code": "meter_code",
    "reading": "reading",
    "id_photos": "id_front",
    "property": "property",
    "household": "household",
}


def steps(id_no: Decide, after_id_no: Mapping[str, str]) -> dict[str, Step]:
    """All but the summary itself. `id_no` decides whether a meter is handed over."""
    return {
        "name": Step(
            reads=text(person.read_name, reasons=("name",)),
            decide=person.name,
            leads_to=_to("id_no"),
        ),
        "id_no": Step(
            reads=text(person.read_id_no, reasons=person.ID_REASONS),
            decide=id_no,
            leads_to={**after_id_no, "corrected": SUMMARY},
        ),
        "mobile": Step(
            reads=text(person.read_mobile, reasons=("mobile",)),
            decide=person.mobile,
            leads_to=_to("meter_photo"),
        ),
        **_meter(),
        **_papers(),
        "change": Step(reads=choice_from(summary.changes), decide=summary.change, leads_to=CHANGES),
    }


def under_way(turn: Turn, acct_no: str) -> Submission | None:
    """The citizen's own application for the account that has not been decided yet."""
    since = turn.now - APPLICATIONS_LIVE
    for kind in APPLICATIONS:
        for one in turn.ask.records.submissions_for(acct_no, kind, since):
            if one.openid == turn.openid and one.state not in DECIDED:
                return one
    return None


def returned(turn: Turn, kinds: Collection[SubmissionKind], acct_no: str = "") -> Submission | None:
    """The application that this one is made in the place of (`parent_no` in the data): the
    citizen's own, and sent back."""
    number = turn.data.get("parent_no", "")
    found = turn.ask.records.submission(number) if number else None
    if found is None or found.openid != turn.openid or found.kind not in kinds:
        return None
    right = found.state is SubmissionState.RETURNED and acct_no in ("", found.acct_no)
    return found if right else None


def begun(turn: Turn, before: Submission | None, *, meter: bool) -> dict[str, Any]:
    """The data of the form at its beginning. `before`: an application that was returned; all that
    was filled in is filled in again, as far as it is still kept, and it says why it came back."""
    empty = {**summary.blank(meter=meter), "parent_no": "", "returned": None}
    if before is None:
        return empty
    result = before.result or {}
    said = str(result.get("text") or "")[:LONGEST_SAYING]
    why = {"reason": str(result.get("reason") or "other"), "text": said}
    keep = {**empty, "parent_no": before.number, "returned": why}
    documents = list(before.payload.get("documents", ()))
    sealed = private.taken_over(turn, before.sealed)
    if sealed is None or not papers.complete(documents, before.photo_ids, meter=meter):
        return keep
    filled_in = {**sealed, "documents": documents, "photos": list(before.photo_ids), "whole": True}
    return {**keep, **filled_in, **(handed_over(before.payload) if meter else {})}


def handed_over(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of the payload, what says how the meter stands."""
    return {
        "meter_code": data["meter_code"],
        "value": data["value"],
        "read_on": data["read_on"],
    }


def _meter() -> dict[str, Step]:
    return {
        "meter_photo": Step(
            reads=a_photo(),
            decide=meter_handover.photo,
            leads_to=_to("meter_code"),
            refuses=photos.REFUSALS,
            picture="meter_sample",
        ),
        "meter_code": Step(
            reads=text(meter_handover.read_code, reasons=("meter_code",)),
            decide=meter_handover.code,
            leads_to=_to("reading"),
        ),
        "reading": Step(
            reads=text(meter_handover.read_reading, reasons=("number",)),
            decide=meter_handover.reading,
            leads_to=_to("id_front"),
        ),
    }


def _papers() -> dict[str, Step]:
    return {
        "id_front": Step(
            reads=a_photo(),
            decide=papers.id_front,
            leads_to={"front": "id_back"},
            refuses=photos.FLAWS,
        ),
        "id_back": Step(
            reads=a_photo(),
            decide=papers.id_back,
            leads_to=_to("property"),
            refuses=(*photos.FLAWS, "same_as_front"),
        ),
        "property": Step(
            reads=a_photo("done"),
            decide=papers.property_,
            leads_to={"another": "property", **_to("household")},
            refuses=(*photos.FLAWS, "none_yet"),
        ),
        "household": Step(
            reads=a_photo("done"),
            decide=papers.household,
            leads_to={"another": "household", **_to(SUMMARY)},
            refuses=photos.FLAWS,
        ),
    }


def _to(state: str) -> dict[str, str]:
    return {"given": state, "corrected": SUMMARY}
