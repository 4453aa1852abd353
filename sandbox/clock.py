"""The sandbox's clock: the real one plus an offset that only grows. Windows, tokens and media age
by it; query timestamps of callbacks stay real, because the server's own clock does not move."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_S = 86_400


class MovableClock:
    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._offset_s = 0.0

    def real(self) -> float:
        return self._real()

    def now(self) -> float:
        return self._real() + self._offset_s

    def advance(self, seconds: float) -> float:
        self._offset_s += seconds
        return self.now()

    def iso(self) -> str:
        return self.moment().isoformat(timespec="milliseconds")

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), SHANGHAI)

    def day(self) -> str:
        """Beijing's calendar day: daily quotas start anew with it."""
        return self.moment().date().isoformat()
