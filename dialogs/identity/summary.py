"""Forms with a summary at their end, from which each field can be put right on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backends.ports import Effect
from dialogs import private
from dialogs.engine.definition import Bad, Choices, Go, Ok, Reader, Turn
from dialogs.engine.readers import confirm
from dialogs.engine.wording import Wording

PERSON, PAPERS = ("name", "id_no"), ("id_photos", "property", "household")
HANDED_OVER = ("mobile", "meter_photo", "meter_code", "reading")
FIELDS = (*PERSON, *HANDED_OVER, *PAPERS)


def blank(*, meter: bool) -> dict[str, Any]:
    """The data of a form in which nothing is filled in. `meter`: one is handed over with it.
    `photos`: ids, `documents`: what each shows; `redo`: the papers that the next photo replaces;
    `whole`: all has been filled in."""
    return {
        **private.NOTHING,
        "meter": meter,
        "photos": [],
        "documents": [],
        "front": "",
        "redo": "",
        "whole": False,
    }


def given(turn: Turn, keep: Mapping[str, Any], effects: Sequence[Effect] = ()) -> Go:
    """Who has come from the summary goes back to it."""
    if turn.data["whole"]:
        return Go("corrected", keep=keep, effects=tuple(effects))
    return Go("given", keep=keep, effects=tuple(effects))


def changes(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Without data: all of them, whose words are wording."""
    left_out = HANDED_OVER if data["meter"] is False else ()
    return tuple((field, "") for field in FIELDS if field not in left_out)


def change(turn: Turn, field: str) -> Go:
    del turn
    match field:
        case "name":
            return Go("name")
        case "id_no":
            return Go("id_no")
        case "mobile":
            return Go("mobile")
        case "meter_photo":
            return Go("meter_photo")
        case "meter_code":
            return Go("meter_code")
        case "reading":
            return Go("reading")
        case "id_photos":
            return Go("id_photos")
        case "property":
            return Go("property", keep={"redo": "property"})
    return Go("household", keep={"redo": "household"})


def submit_or_change(changes: Choices = changes) -> Reader:
    """提交, 修改; or at once what is to be changed, in the words of the list of changes: 改姓名."""
    asked = confirm("submit", "change")

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        chosen = asked.read(turn, wording, where)
        if isinstance(chosen, Ok) or chosen.reason != "choice":
            return chosen
        names = wording.options[f"{where.split('.')[0]}.change"]
        named = (field for field, _ in changes(turn.data) if turn.inbound.word in names[field])
        field = next(named, "")
        return Ok(field) if field else chosen

    return replace(asked, read=read)
