"""The shape of a text message: tidy lines, at most 2,000 bytes, the rest on further pages."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

MAX_BYTES = 2000
_HINT_BYTES = 160
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_TRAILING = re.compile(r"[ \t]+\n")


def tidy(text: str) -> str:
    """`\\n` only, no control characters (illegal in XML 1.0), no piles of empty lines."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("\n", text)).strip()


def split(text: str, hint: Callable[[int, int], str]) -> tuple[str, ...]:
    """Pages of whole lines. Every page but the last ends with `hint(page, pages)`."""
    if len(text) * 4 <= MAX_BYTES or len(text.encode()) <= MAX_BYTES:
        return (text,)
    found = list(_pack(text.split("\n"), MAX_BYTES - _HINT_BYTES))
    last = len(found)
    return tuple(
        page if number == last else f"{page}\n\n{hint(number, last)}"
        for number, page in enumerate(found, start=1)
    )


def _pack(lines: list[str], limit: int) -> Iterator[str]:
    page: list[str] = []
    size = 0
    for line in chain.from_iterable(_cut(line, limit) for line in lines):
        grown = size + len(line.encode()) + 1
        if page and grown > limit:
            yield "\n".join(page).strip("\n")
            page, grown = [], len(line.encode()) + 1
        page.append(line)
        size = grown
    if page:
        yield "\n".join(page).strip("\n")


def _cut(line: str, limit: int) -> Iterator[str]:
    """A single line too long for a page, cut between characters."""
    while len(encoded := line.encode()) > limit:
        piece = encoded[:limit].decode(errors="ignore")
        yield piece
        line = line[len(piece) :]
    yield line
