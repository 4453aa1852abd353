"""The shelf of finished bills: files that lie until the sandbox ends, and the links to them, which
live for five minutes."""

import gzip
import hashlib
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINK_LIVES_S = 300
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Bill:
    """`path`: the file, gzipped. `sha1`: of the plain file, in hex."""

    path: Path
    sha1: str


@dataclass(frozen=True, slots=True)
class _Link:
    bill: Bill
    zipped: bool
    truncated: bool
    until: float


class Shelf:
    def __init__(self) -> None:
        # Whoever makes a bill is alone: it may be large.
        self.making = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._bills: dict[object, Bill] = {}
        self._links: dict[str, _Link] = {}

    def bill(self, key: object) -> Bill | None:
        return self._bills.get(key)

    def put(self, key: object, lines: Iterator[str], *, bom: bool) -> Bill:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sandbox-bills-")
        path = Path(self._folder.name) / f"{len(self._bills)}.csv.gz"
        digest = hashlib.sha1(usedforsecurity=False)
        with gzip.open(path, "wb", compresslevel=6) as file:
            for number, line in enumerate(lines):
                mark = "\ufeff" if bom and number == 0 else ""
                piece = f"{mark}{line}\r\n".encode()
                digest.update(piece)
                file.write(piece)
        bill = self._bills[key] = Bill(path, digest.hexdigest())
        return bill

    def link(self, token: str, bill: Bill, now: float, *, zipped: bool, truncated: bool) -> None:
        alive = {name: one for name, one in self._links.items() if now < one.until}
        self._links = {**alive, token: _Link(bill, zipped, truncated, now + _LINK_LIVES_S)}

    def pieces(self, token: str, now: float) -> Iterator[bytes] | None:
        """None when there is no such link, or it is too old."""
        link = self._links.get(token)
        if link is None or now >= link.until:
            return None
        return _pieces(link)

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _pieces(link: _Link) -> Iterator[bytes]:
    path = link.bill.path
    left = path.stat().st_size // 2 if link.truncated else None
    with path.open("rb") if link.zipped else gzip.open(path, "rb") as file:
        while piece := file.read(_PIECE if left is None else min(_PIECE, left)):
            yield piece
            left = None if left is None else left - len(piece)
