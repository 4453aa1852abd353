"""The body of an answer as it streams in, no longer and no slower than it may be: requests' own
read timeout only holds from one packet to the next."""

from collections.abc import Callable

import requests

_CHUNK_BYTES = 65_536


class Unreadable(Exception):
    """Why there is no answer to read."""


class TooLong(Unreadable):
    def __init__(self) -> None:
        super().__init__("the answer is too long")


class Trickles(Unreadable):
    def __init__(self) -> None:
        super().__init__("the answer trickles")


def read_body(
    response: requests.Response,
    *,
    most_bytes: int,
    deadline_s: float,
    monotonic: Callable[[], float],
    decoded: bool = True,
) -> bytes:
    """`decoded`: a compressed body is unpacked, and what it unpacks to counts."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=decoded):
        body += chunk
        if len(body) > most_bytes:
            raise TooLong
        if monotonic() > deadline_s:
            raise Trickles
    return bytes(body)
