"""The pages that cards lead to, templates/pages/go.toml: read as customer service means them.
Used by web/go.py, and by `check`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import staff_file
from bot.wording.toml_places import Place, Places, places
from bot.wording.words import WHEN_MISSING, WordingError

FILE = "pages/go.toml"
_TEXTS = ("title", "text", "reply", "then")
_SWITCHES = ("photo", "card", "ways")


@dataclass(frozen=True, slots=True)
class LandingPage:
    """`reply`: what the citizen is to send in the chat. `photo`: it leads on to how a meter is
    photographed. `card`: it says once more what the card said. `ways`: it lists the ways to pay."""

    title: str
    text: str
    reply: str
    then: str
    photo: bool = False
    card: bool = False
    ways: bool = False


def read_pages(folder: Path) -> dict[str, LandingPage]:
    """By name. WordingError names everything that is not of its form."""
    return read_placed_pages(folder)[0]


def read_placed_pages(folder: Path) -> tuple[dict[str, LandingPage], Places]:
    text = staff_file.read_text(folder / FILE, WordingError, when_missing=WHEN_MISSING, file=FILE)
    written, where = staff_file.parsed(text, FILE, WordingError), places(FILE, text)
    if wrong := [f"{where.of(*at)}：{why}" for at, why in _faults(written)]:
        raise WordingError(*wrong)
    return {name: LandingPage(**entry) for name, entry in written.items()}, where


def _faults(written: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for name, entry in written.items():
        if not isinstance(entry, dict):
            yield (name,), f"{name} 要写成 [{name}] 表"
            continue
        for key in sorted(entry.keys() - {*_TEXTS, *_SWITCHES}):
            yield (name, key), f"[{name}] 不认识 {key}，请改名或删去"
        for key in _TEXTS:
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                yield (name, key), f'[{name}] 缺少 {key} = "…"'
        for key in _SWITCHES:
            if not isinstance(entry.get(key, False), bool):
                yield (name, key), f"[{name}] {key} 只能写 true 或 false"
