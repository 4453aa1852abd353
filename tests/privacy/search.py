"""The judge: where a private value, or a picture of papers, can be read by whoever looks.

Searched for as it is and as it might have been written down on the way: in other letters, blanks,
escapes and encodings. What is sealed with a key is not read.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import chain
from urllib.parse import quote, quote_plus

_BLANKS = b" \t\n\r\f\v-().\xa0"
_GROUPS = {11: (3, 4, 4), 18: (6, 8, 4), 6: (3, 3)}
PASSWORD_DIGITS = 6
CHUNK = 48
# What every JPEG begins with, as Pillow and phones write it; and what holds position and names.
MARKS = {"a JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF", "EXIF": b"Exif\x00\x00"}


@dataclass(frozen=True, slots=True)
class Place:
    """`name` tells a person where to look."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`what` names the value, it does not quote it."""

    place: str
    what: str
    spelling: str


@dataclass(frozen=True, slots=True)
class _Haystack:
    raw: bytes
    folded: bytes
    squeezed: bytes


@dataclass(frozen=True, slots=True)
class _Needle:
    what: str
    spelling: str
    is_in: Callable[[_Haystack], bool]


def search(
    places: Iterable[Place], values: Mapping[str, str], pictures: Mapping[str, bytes]
) -> list[Finding]:
    needles = [*chain.from_iterable(_needles(what, value) for what, value in values.items())]
    needles += chain.from_iterable(_pieces(what, data) for what, data in pictures.items())
    needles += [_raw(what, "mark", mark) for what, mark in MARKS.items()]
    found = set()
    for place in places:
        folded = place.data.lower()
        haystack = _Haystack(place.data, folded, folded.translate(None, _BLANKS))
        found |= {
            Finding(place.name, one.what, one.spelling) for one in needles if one.is_in(haystack)
        }
    return sorted(found)


def spellings(value: str) -> Mapping[str, bytes]:
    """Ways of writing it that hold however the letters' case and the blanks between are."""
    return {
        "plain": value.encode(),
        "reversed": value[::-1].encode(),
        "utf-16-le": value.encode("utf-16-le"),
        "utf-16-be": value.encode("utf-16-be"),
        "json": json.dumps(value)[1:-1].encode(),
        "html": "".join(f"&#{ord(letter)};" for letter in value).encode(),
        "html-escaped": escape(value).encode(),
        "url": quote(value, safe="").encode(),
        "hex": value.encode().hex().encode(),
    }


def _needles(what: str, value: str) -> Iterator[_Needle]:
    short = len(value) == PASSWORD_DIGITS
    for name, written in spellings(value).items():
        yield (_alone if short else _folded)(what, name, written)
    spaced = _spaced(value)
    for name, text in {
        "blanks": spaced,
        "url-blanks": quote(spaced),
        "+": quote_plus(spaced),
    }.items():
        yield (_alone if short else _folded)(what, name, text.encode())
    if not short:
        yield _squeezed(what, value)
    for case in {value, value.upper(), value.lower(), spaced}:
        for encoding in ("utf-8", "utf-16-le"):
            for name, piece in base64_pieces(case.encode(encoding), alone=short):
                yield _raw(what, f"{name} of {encoding}", piece)


def base64_pieces(data: bytes, *, alone: bool = False) -> Iterator[tuple[str, bytes]]:
    """What of the encoded text is the same whatever stands before and behind it, for each of the
    three places in which it may begin. `alone`: short values, of which little would be left."""
    for before in (0,) if alone else (0, 1, 2):
        encoded = base64.b64encode(bytes(before) + data)
        first = -(-before * 4 // 3)
        last = (before + len(data)) // 3 * 4
        piece = encoded[first:last]
        yield "base64", piece
        yield "base64url", piece.replace(b"+", b"-").replace(b"/", b"_")


def _pieces(what: str, picture: bytes) -> Iterator[_Needle]:
    """Of a picture: from its head, where names and position stand, to its end."""
    for share in (0.02, 0.3, 0.6, 0.9):
        start = int(len(picture) * share)
        piece = picture[start : start + CHUNK]
        yield _raw(what, "bytes", piece)
        for name, text in base64_pieces(piece):
            yield _raw(what, name, text)


def _spaced(value: str) -> str:
    """As people group the digits of what is that long."""
    groups = _GROUPS.get(len(value), ())
    if not groups or not value.isascii() or not value[:-1].isalnum():
        return value
    starts = [sum(groups[:number]) for number in range(len(groups))]
    return " ".join(value[start : start + size] for start, size in zip(starts, groups, strict=True))


def _raw(what: str, spelling: str, written: bytes) -> _Needle:
    return _Needle(what, spelling, lambda haystack: written in haystack.raw)


def _folded(what: str, spelling: str, written: bytes) -> _Needle:
    lower = written.lower()
    return _Needle(what, spelling, lambda haystack: lower in haystack.folded)


def _squeezed(what: str, value: str) -> _Needle:
    bare = value.lower().encode().translate(None, _BLANKS)
    return _Needle(what, "without blanks", lambda haystack: bare in haystack.squeezed)


def _alone(what: str, spelling: str, written: bytes) -> _Needle:
    """Six digits come up by chance in hashes and in fractions of seconds: only by themselves."""
    lower = written.lower()
    alone = re.compile(rb"(?<![0-9a-z.])" + re.escape(lower) + rb"(?![0-9a-z])")

    def is_in(haystack: _Haystack) -> bool:
        # An expression that looks behind is slow, and most places have not even the digits.
        return lower in haystack.folded and alone.search(haystack.folded) is not None

    return _Needle(what, spelling, is_in)
