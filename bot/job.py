"""A turn in the pool and the request that waits for it, each in its own thread."""

import threading
from collections.abc import Callable

from bot.turn import LeaseLost, Spoken


class Job:
    """Whoever is first decides: the turn finishes, or the request leaves it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._finishing = False
        self._done = threading.Event()
        self._spoken: Spoken | None = None

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
            # Left even when the acknowledgement fails: the turn still tells its result.
            self._left = True
            acknowledge()
            return True

    def deliver(self, spoken: Spoken | None) -> None:
        """None: the turn lost its lease, somebody else has the message now."""
        self._spoken = spoken
        self._done.set()

    def wait(self, timeout_s: float) -> Spoken | None:
        """None when it is not there in time; LeaseLost when it never will be."""
        if not self._done.wait(max(timeout_s, 0)):
            return None
        if self._spoken is None:
            raise LeaseLost
        return self._spoken
