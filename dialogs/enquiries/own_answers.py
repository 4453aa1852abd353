"""Which dialogs may answer a question at once: those whose keywords stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.definition import Bad, Ok, Reader, Turn
from dialogs.engine.readers import text
from dialogs.engine.wording import Wording
from dialogs.enquiries import own_words

MOST_OFFERED = 3
SHORTEST_WORD = 2
ASK = "ask"
NO_ANSWERS = ("consult", "complaint", "progress")


@dataclass(frozen=True, slots=True)
class Question:
    """`offered`: dialogs that may answer it, each with its title."""

    words: str
    offered: tuple[tuple[str, str], ...]


def question() -> Reader:
    typed = text(own_words.read, reasons=("too_short",))

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        found = typed.read(turn, wording, where)
        if isinstance(found, Bad):
            return found
        return Ok(Question(found.value, offered(turn.inbound.word, wording)))

    return Reader(wants=typed.wants, read=read, reasons=typed.reasons)


def offered(said: str, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Those with the longest words first: 阶梯水价 says more than 水价."""
    longest: dict[str, int] = {}
    for word, name in wording.keywords.items():
        if len(word) >= SHORTEST_WORD and word in said and name not in NO_ANSWERS:
            longest[name] = max(longest.get(name, 0), len(word))
    best = sorted(longest, key=lambda name: -longest[name])[:MOST_OFFERED]
    return tuple((name, wording.titles.get(name, name)) for name in best)


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """And then the question itself, whose words are wording."""
    return (*((name, title) for name, title in data["offered"]), (ASK, ""))
