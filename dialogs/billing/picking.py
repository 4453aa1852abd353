"""Several of a numbered list at once: 1 3, 1,3, 1到3, 一和三, 第1个和第3个, or all of it."""

import re

from dialogs.accounts import ALL
from dialogs.engine.definition import Bad, Choices, Ok, Reader, Turn
from dialogs.engine.readers import choice_from, position
from dialogs.engine.wording import Wording

_BEFORE = re.compile(r"^(我|要|想|先|选|缴|交|付)+")
_TO = re.compile(r"\s*(?:到|至|[-~—–])\s*")
_BETWEEN = re.compile(r"(?:[\s,、;.。和跟及与]|还有)+")
MOST_LETTERS = 80


def some_of(choices: Choices) -> Reader:
    """Values of the list, in its order; the choice ALL stands for every other one."""
    one_of = choice_from(choices)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        values = [value for value, _ in choices(turn.data) if value != ALL]
        numbers = positions(turn.inbound.text)
        # “1. 3” is no line that was copied from the list.
        if len(numbers) > 1:
            within = numbers[-1] <= len(values)
            return Ok([values[number - 1] for number in numbers]) if within else Bad("choice")
        found = one_of.read(turn, wording, where)
        if isinstance(found, Bad):
            return found
        return Ok(values if found.value == ALL else [found.value])

    return Reader(wants="choice", read=read, reasons=one_of.reasons, choices=choices)


def positions(text: str) -> list[int]:
    """In ascending order, each once; [] for what is no list of positions."""
    if len(text) > MOST_LETTERS:
        return []
    plain = _TO.sub("-", _BEFORE.sub("", text.strip()))
    parts = [part for part in _BETWEEN.split(plain) if part]
    found = [_span(part) for part in parts]
    return sorted({number for span in found for number in span}) if all(found) else []


def _span(part: str) -> list[int]:
    """1 is [1], 1-3 is [1, 2, 3]; [] for anything else."""
    ends = [position(end) or 0 for end in part.split("-")]
    if not all(ends) or len(ends) > 2:
        return []
    return list(range(min(ends), max(ends) + 1))
