"""What a citizen's conversation should be, as the swarm's model remembers it: immutable, so that
two messages under way at once can be thought through in either order."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.settings import HOUSE

ATTEMPTS_BEFORE_A_PERSON = 3
FAILURES_ALLOWED = 5
LONGEST_SENTENCE = 30


@dataclass(frozen=True)
class Frame:
    dialog: str
    state: str
    visited: tuple[str, ...] = ()
    asked: str = ""
    listed: tuple[str, ...] = ()
    attempts: int = 0
    next: str = ""


@dataclass(frozen=True)
class Mind:
    consented: bool = False
    failures: int = 0
    bound: tuple[str, ...] = ()
    frame: Frame | None = None
    parked: Frame | None = None


@dataclass(frozen=True)
class Facts:
    """`owners`: the accounts that are this citizen's own; `owed`: open bills by account."""

    owners: Mapping[str, str]
    owed: Mapping[str, int]


@dataclass
class Expected:
    """One turn being thought through: what is said, what is counted, what is remembered."""

    mind: Mind
    said: list[str] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def say(self, *labels: str) -> None:
        self.said.extend(labels)

    def count(self, dialog: str, what: str) -> None:
        self.counted[dialog, what] += 1

    def remember(self, **changes: object) -> None:
        self.mind = replace(self.mind, **changes)  # type: ignore[arg-type]

    def ask(self, frame: Frame) -> None:
        self.say(frame.state)

    def move(self, frame: Frame, state: str, *, forget: bool = False, **changes: object) -> None:
        path = frame.visited if frame.state in ("", state) else (*frame.visited, frame.state)
        visited = () if forget else path[-10:]
        moved = replace(frame, state=state, visited=visited, attempts=0, **changes)  # type: ignore[arg-type]
        self.remember(frame=moved)
        self.count(frame.dialog, "step")
        self.ask(moved)

    def end(self, frame: Frame, how: str, *labels: str, then: str = "") -> None:
        self.say(*labels)
        self.count(frame.dialog, how)
        self.remember(frame=None)
        if not then:
            self.mention_parked()

    def mention_parked(self) -> None:
        if self.mind.parked:
            self.say("parked")

    def park(self, frame: Frame) -> None:
        if self.mind.parked:
            self.count(self.mind.parked.dialog, "interrupted")
        self.remember(frame=None, parked=frame)


@dataclass(frozen=True)
class Words:
    commands: Mapping[str, str]
    keywords: Mapping[str, str]
    menu: tuple[str, ...]
    options: Mapping[str, Mapping[str, list[str]]]

    def meant(self, text: str) -> str:
        if text in self.keywords:
            return self.keywords[text]
        if text.isdigit() and len(text) <= 2 and 0 < int(text) <= len(self.menu):
            return self.menu[int(text) - 1]
        inside = [word for word in self.keywords if len(word) > 1 and word in text]
        return self.keywords[max(inside, key=len)] if inside else ""

    def chosen(self, where: str, text: str, count: int = 0) -> str:
        options = self.options.get(where, {})
        for position, (value, names) in enumerate(options.items(), start=1 + count):
            if text == str(position) or text in names:
                return value
        return text if text.isdigit() and 1 <= int(text) <= count else ""


def read_words() -> Words:
    """Read here and not through the server's own reader, which is under test."""
    book = tomllib.loads((HOUSE / "templates" / "words.toml").read_text(encoding="utf-8"))
    return Words(
        commands={word: name for name, words in book["commands"].items() for word in words},
        keywords={word: name for name, words in book["keywords"].items() for word in words},
        menu=tuple(book["numbered_menu"]),
        options=book["options"],
    )
