"""A submission's number as citizens ask for it: W2611250481273, 进度W…, 评价W…."""

import re
from dataclasses import dataclass

from dialogs.engine.definition import Bad, Choices, Ok, Reader, Turn
from dialogs.engine.readers import choice_from
from dialogs.engine.wording import Wording
from dialogs.submissions import as_number

RATES = "评价"
HEARS = re.compile(r"^(?:(?:查|查询|查看)?(?:办理)?(?:进度|评价):?w?\d{6,20}|w\d{6,20})$")
_ASKED = re.compile(r"^[^\dw]*?(?P<what>进度|评价)?:?(?P<number>w?[\d-]{6,24})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` is empty when what was typed is none; `rates`: it is to be rated."""

    number: str
    rates: bool


def asked_in(said: str) -> Asked | None:
    """`said` as words are looked up (`Inbound.word`)."""
    found = _ASKED.match(said)
    return Asked(as_number(found["number"]), rates=found["what"] == RATES) if found else None


def or_number(choices: Choices) -> Reader:
    """One of a list, or the number of another submission."""
    listed = choice_from(choices)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        chosen = listed.read(turn, wording, where)
        if isinstance(chosen, Bad) and (asked := asked_in(turn.inbound.word)):
            return Ok(asked)
        return chosen

    return Reader(wants="choice", read=read, reasons=listed.reasons, choices=choices)
