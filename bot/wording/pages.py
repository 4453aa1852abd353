"""The shape of a text message: tidy lines, at most 2,000 bytes, the rest on further pages."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

MAX_BYTES = 2000
PAGE_BYTES = 1400  # of several pages, each is kept short enough to be read on a phone
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_LINK = re.compile(r"<a [^<>]*>[^<]*</a>")
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
    """A block too long for a page, in pieces: of whole lines, or else with whole links."""
    while len(encoded := block.encode()) > limit:
        fits = len(encoded[:limit].decode(errors="ignore"))
        end = block.rfind("\n", 1, fits + 1)
        if end < 0:
            end = _before_link(block, fits)
        yield block[:end]
        block = block[end:].removeprefix("\n")
    yield block


def _before_link(line: str, end: int) -> int:
    """`end`, or where the link begins that it would cut in two."""
    for link in _LINK.finditer(line):
        if 0 < link.start() < end < link.end():
            return link.start()
    return end
