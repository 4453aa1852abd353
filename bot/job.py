"""A turn in the pool and the request that waits for it, each in its own thread."""

import threading
from collections.abc import Callable

from bot.turn import Spoken


class Job:
    """Whoever is first decides: the turn finishes, or the request leaves it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._finishing = False
        self._done = threading.Event()
        self._spoken = Spoken("")

    def finish(self) -> bool:
        """Whether the request is still there to take the reply."""
        with self._lock:
            self._finishing = not self._left
            return self._finishing

    def leave(self, acknowledge: Callable[[], None]) -> bool:
        """False when the turn is about to finish after all."""
        with self._lock:
            if self._finishing:
                return False
            acknowledge()
            self._left = True
            return True

    def deliver(self, spoken: Spoken) -> None:
        self._spoken = spoken
        self._done.set()

    def wait(self, timeout_s: float) -> Spoken | None:
        return self._spoken if self._done.wait(max(timeout_s, 0)) else None
