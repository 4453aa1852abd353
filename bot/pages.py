"""The shape of a text message: tidy lines, at most 2,000 bytes, the rest on further pages."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

MAX_BYTES = 2000
PAGE_BYTES = 1400  # of several pages, each is kept short enough to be read on a phone
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
    found = list(_pack(_blocks(text), PAGE_BYTES))
    last = len(found)
    return tuple(
        page if number == last else f"{page}\n\n{hint(number, last)}"
        for number, page in enumerate(found, start=1)
    )


def _blocks(text: str) -> Iterator[str]:
    """What stays together on a page: a line with the indented lines under it."""
    first, *rest = text.split("\n")
    block = first
    for line in rest:
        if line.startswith(" "):
            block = f"{block}\n{line}"
        else:
            yield block
            block = line
    yield block


def _pack(blocks: Iterator[str], limit: int) -> Iterator[str]:
    page: list[str] = []
    size = 0
    for block in chain.from_iterable(_cut(block, limit) for block in blocks):
        grown = size + len(block.encode()) + 1
        if page and grown > limit:
            yield "\n".join(page).strip("\n")
            page, grown = [], len(block.encode()) + 1
        page.append(block)
        size = grown
    if page:
        yield "\n".join(page).strip("\n")


def _cut(block: str, limit: int) -> Iterator[str]:
    """A single block too long for a page, cut between characters."""
    while len(encoded := block.encode()) > limit:
        piece = encoded[:limit].decode(errors="ignore")
        yield piece
        block = block[len(piece) :]
    yield block
