"""On which line of a TOML file what stands: tomllib reads the values and does not say."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Place = tuple[str, ...]
"""Tables and key, or a list's key and one of its texts."""

_KEY = re.compile(r"""\s*((?:[\w.\s-]|"[^"]*"|'[^']*')+?)\s*=""")
_TEXT = re.compile(r'"([^"\\]*)"')
_LONG = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True, slots=True)
class Places:
    """`file`: what staff call it, pushes/due.toml. `lines`: of all that stands in it."""

    file: str
    lines: Mapping[Place, int]

    def of(self, *path: str) -> str:
        """pushes/due.toml:7. Of what is not there, the line of the table that lacks it."""
        for depth in range(len(path), 0, -1):
            if line := self.lines.get(path[:depth]):
                return f"{self.file}:{line}"
        return self.file


def places(file: str, text: str) -> Places:
    """Of a text that is TOML."""
    lines: dict[Place, int] = {}
    for path, line in _found(text):
        lines.setdefault(path, line)
    return Places(file, lines)


def _found(text: str) -> Iterator[tuple[Place, int]]:
    table = key = Place()
    in_long_text = False
    for number, line in enumerate(text.split("\n"), start=1):
        begins_within = in_long_text
        in_long_text ^= len(_LONG.findall(line)) % 2 == 1
        if begins_within or line.lstrip().startswith("#"):
            continue
        if header := _declared(line) if line.lstrip().startswith("[") else Place():
            table = key = header
            yield table, number
        elif found := _KEY.match(line):
            key = (*table, *_declared(f"{found[1]} = 0"))
            yield key, number
        yield from (((*key, item), number) for item in _TEXT.findall(line))


def _declared(line: str) -> Place:
    """() for the line of a list, which may begin as a table does."""
    try:
        inner: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return Place()
    path = Place()
    while inner and isinstance(inner, dict | list):
        if isinstance(inner, dict):
            ((name, inner),) = inner.items()
            path = (*path, name)
        else:
            inner = inner[0]
    return path
