"""An in-memory `ports.SharedCache` with a clock of its own and a switch that breaks it."""

import threading
from collections.abc import Callable


class MemoryCache:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, float]] = {}
        self._broken = False
        self.calls = 0

    def break_(self) -> None:
        """As when Redis is gone: nothing is read, nothing is kept."""
        self._broken = True

    def mend(self) -> None:
        """Redis is back, and empty."""
        self._held.clear()
        self._broken = False

    def keys(self) -> set[str]:
        with self._lock:
            return {key for key in self._held if self._live(key) is not None}

    def get(self, key: str) -> str | None:
        with self._lock:
            self.calls += 1
            return self._live(key)

    def set(self, key: str, value: str, ttl_s: float) -> None:
        with self._lock:
            self.calls += 1
            self._put(key, value, ttl_s)

    def add(self, key: str, value: str, ttl_s: float) -> bool | None:
        with self._lock:
            self.calls += 1
            if self._broken:
                return None
            if self._live(key) is not None:
                return False
            self._put(key, value, ttl_s)
            return True

    def delete_if(self, key: str, value: str) -> None:
        with self._lock:
            self.calls += 1
            if self._live(key) == value:
                del self._held[key]

    def count(self, key: str, ttl_s: float) -> int:
        with self._lock:
            self.calls += 1
            if self._broken:
                return 0
            standing = self._live(key)
            if standing is None:
                self._put(key, "1", ttl_s)
                return 1
            counted = int(standing) + 1
            self._held[key] = (str(counted), self._held[key][1])
            return counted

    def _live(self, key: str) -> str | None:
        if self._broken or key not in self._held:
            return None
        value, ends_at = self._held[key]
        return value if self._clock() < ends_at else None

    def _put(self, key: str, value: str, ttl_s: float) -> None:
        if ttl_s <= 0:
            raise ValueError("a lifetime must be positive: Redis refuses any other")
        if not self._broken:
            self._held[key] = (value, self._clock() + ttl_s)
