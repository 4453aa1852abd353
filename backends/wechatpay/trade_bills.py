"""A trade bill 交易账单 on its way from WeChat to whoever reads it: never as a whole in memory.

Enters: where it lies and its SHA1. Leaves: the plain file in pieces, the last one only when all of
it fits the SHA1.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from requests.utils import requote_uri

from backends.errors import StatementBroken
from backends.wechatpay.fields import Odd, text

PIECE_BYTES: Final = 262_144

_SHA1 = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Offer:
    """`path` with its token; good for five minutes."""

    path: str
    sha1: str


def offer(data: Mapping[str, Any], api_url: str) -> Offer:
    """Odd too when the file lies elsewhere: nobody else gets our signed calls."""
    base_url = api_url.rstrip("/")
    # As it will stand on the wire: that is what is signed.
    url = requote_uri(text(data, "download_url", longest=4096))
    if not url.startswith(f"{base_url}/"):
        raise Odd("download_url")
    sha1 = text(data, "hash_value", longest=40).lower()
    if data.get("hash_type") != "SHA1" or not _SHA1.fullmatch(sha1):
        raise Odd("hash_value")
    return Offer(url.removeprefix(base_url), sha1)


def pieces(file: IO[bytes], sha1: str, day: date) -> Iterator[bytes]:
    """Of the gzip file, unpacked."""
    digest = hashlib.sha1(usedforsecurity=False)
    held = b""
    for piece in _unpacked(file, day):
        digest.update(piece)
        if held:
            yield held
        held = piece
    if digest.hexdigest() != sha1:
        raise StatementBroken(day, "its SHA1 is another")
    if held:
        yield held


def _unpacked(file: IO[bytes], day: date) -> Iterator[bytes]:
    try:
        with gzip.open(file) as plain:
            while piece := plain.read(PIECE_BYTES):
                yield piece
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StatementBroken(day, f"it cannot be unpacked ({type(error).__name__})") from None
