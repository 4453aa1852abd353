"""The sandbox's clock: the real one plus an offset that only grows. All of the sandbox goes by it,
and in the demo the server's processes do, too: they read the offset from a file that both share
(sandbox/moved_time)."""

import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_S = 86_400

_OFFSET = struct.Struct("<d")


class MovableClock:
    """`kept`: the file of the offset in seconds, a little-endian double. Without one the server's
    clock does not move along."""

    def __init__(self, real: Callable[[], float], kept: Path | None = None) -> None:
        self._real = real
        self._kept = kept
        self._offset_s = 0.0
        if kept is not None:
            self._offset_s = _read(kept)
            _write(kept, self._offset_s)

    def now(self) -> float:
        return self._real() + self._offset_s

    def of_server(self) -> float:
        """What the server's clock shows: timestamps of callbacks and signatures must suit it."""
        return self._real() if self._kept is None else self.now()

    @property
    def ahead_s(self) -> float:
        return self._offset_s

    def advance(self, seconds: float) -> float:
        self._offset_s += seconds
        if self._kept is not None:
            _write(self._kept, self._offset_s)
        return self.now()

    def iso(self) -> str:
        return self.moment().isoformat(timespec="milliseconds")

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), SHANGHAI)

    def day(self) -> str:
        """Beijing's calendar day: daily quotas start anew with it."""
        return self.moment().date().isoformat()


def _read(kept: Path) -> float:
    """A demo that goes on in its folder goes on at its time: what it kept is not in the future."""
    content = kept.read_bytes() if kept.exists() else b""
    return float(_OFFSET.unpack(content)[0]) if len(content) == _OFFSET.size else 0.0


def _write(kept: Path, offset_s: float) -> None:
    """In place: the server's processes have the file mapped, and see the new offset at once."""
    with kept.open("r+b" if kept.exists() else "w+b", buffering=0) as file:
        file.write(_OFFSET.pack(offset_s))
