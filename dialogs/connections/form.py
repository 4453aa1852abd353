"""The questions of a connection application, from what is wanted to the papers: each answer goes on
to the next question, or back to the summary once all has been answered."""

import re
from collections.abc import Mapping
from typing import Any

from backends.ports import PhotoPurpose, Place
from dialogs import parsers, photos, private
from dialogs.engine.definition import Bad, Go, Ok, Step, Turn
from dialogs.engine.readers import SentPhoto, choice, photo, place, remark, text
from dialogs.identity import id_numbers
from dialogs.identity.person import ID_REASONS
from dialogs.identity.summary import given

KINDS = ("res_single", "shop", "temp", "one_meter", "bore")
FIELDS = ("kind", "name", "id_no", "address", "mobile", "documents", "details")
MOST_PHOTOS = 9
SHORTEST_ADDRESS, LONGEST_ADDRESS = 6, 100
SUMMARY = "confirm"
# A mobile or an identity number: asked for on its own, and kept sealed.
_PRIVATE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?!\d)")
# No identity number begins with 9, or has another letter than an X.
_COMPANY = re.compile(r"^9|[A-WYZ]")


def blank() -> dict[str, Any]:
    """`whole`: all has been answered. `redo`: the next photo replaces those there are."""
    return {
        **private.NOTHING,
        "kind": "",
        "address": "",
        "details": "",
        "photos": [],
        "redo": False,
        "whole": False,
        "parent_no": "",
        "returned": "",
    }


def kind(turn: Turn, answer: str) -> Go:
    return given(turn, {"kind": answer})


def name(turn: Turn, answer: str) -> Go:
    return given(turn, private.added(turn, name=answer))


def id_no(turn: Turn, answer: str) -> Go:
    return given(turn, private.added(turn, id_no=answer))


def address(turn: Turn, answer: Place) -> Go | Bad:
    """A pin without words names no door; what it says on a map is kept, where it lies is not."""
    if len(answer.text) < SHORTEST_ADDRESS:
        return Bad("address")
    return given(turn, {"address": answer.text[:LONGEST_ADDRESS]})


def mobile(turn: Turn, answer: str) -> Go:
    return given(turn, private.added(turn, mobile=answer))


def documents(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    if not isinstance(answer, SentPhoto):
        return given(turn, {"redo": False}) if turn.data["photos"] else Bad("none_yet")
    before = [] if turn.data["redo"] else turn.data["photos"]
    taken = photos.take_any(turn, answer, PhotoPurpose.DOCUMENT, "")
    if isinstance(taken, Bad):
        return taken
    kept = [*before, taken.photo.photo_id]
    keep = {"photos": kept, "redo": False}
    if len(kept) >= MOST_PHOTOS:
        return given(turn, keep, (taken,))
    return Go("another", keep=keep, effects=(taken,))


def details(turn: Turn, answer: str) -> Go | Bad:
    if _is_private(turn.inbound.original or turn.inbound.text):
        return Bad("private")
    return Go("given", keep={"details": answer, "whole": True})


def read_name(turn: Turn, typed: str) -> Ok | Bad:
    """Of a person or of a company, with its capitals."""
    return parsers.owner_name(turn.inbound.original or typed)


def read_id_no(turn: Turn, typed: str) -> Ok | Bad:
    """An identity number, or a company's unified code."""
    if _COMPANY.search(typed.strip().upper()):
        return id_numbers.unified_code(typed)
    return id_numbers.id_number(typed, turn.today)


def read_address(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    if _is_private(typed):
        return Bad("private")
    if len(typed) > LONGEST_ADDRESS:
        return Bad("too_long")
    if not any(letter.isalpha() for letter in typed) or len(typed) < SHORTEST_ADDRESS:
        return Bad("address")
    return Ok(Place(typed))


def read_mobile(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    return parsers.mobile(typed)


def changes(_: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field, "") for field in FIELDS)


def change(turn: Turn, field: str) -> Go:
    """New papers take the place of all there were, once the first has come."""
    del turn
    match field:
        case "kind":
            return Go("kind")
        case "name":
            return Go("name")
        case "id_no":
            return Go("id_no")
        case "address":
            return Go("address")
        case "mobile":
            return Go("mobile")
        case "documents":
            return Go("documents", keep={"redo": True})
    return Go("details")


def steps() -> dict[str, Step]:
    return {
        "kind": Step(reads=choice(*KINDS), decide=kind, leads_to=_to("name")),
        "name": Step(reads=text(read_name, reasons=("name",)), decide=name, leads_to=_to("id_no")),
        "id_no": Step(
            reads=text(
                read_id_no,
                reasons=(*ID_REASONS, "code", "code_check"),
            ),
            decide=id_no,
            leads_to=_to("address"),
        ),
        "address": Step(
            reads=place(_no_choices, read_address, reasons=("address", "private")),
            decide=address,
            leads_to=_to("mobile"),
            refuses=("address",),
        ),
        "mobile": Step(
            reads=text(read_mobile, reasons=("mobile",)),
            decide=mobile,
            leads_to=_to("documents"),
        ),
        "documents": Step(
            reads=photo("done"),
            decide=documents,
            leads_to={"another": "documents", **_to("details")},
            refuses=(*photos.FLAWS, "none_yet"),
        ),
        "details": Step(
            reads=remark("skip"), decide=details, leads_to={"given": SUMMARY}, refuses=("private",)
        ),
    }


def _is_private(said: str) -> bool:
    return bool(_PRIVATE.search(re.sub(r"[ -]", "", said)))


def _no_choices(_: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return ()


def _to(state: str) -> dict[str, str]:
    return {"given": state, "corrected": SUMMARY}
