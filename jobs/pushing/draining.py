"""When this process drains the ledger: one drain at a time, each for a while, none right after one
that failed."""

import threading
from collections.abc import Callable

from jobs.worker import Loop, attempt, pause_s

LASTS_S = 20.0


class Drains:
    """`drain` ends when what it is given says so."""

    def __init__(
        self, drain: Callable[[Callable[[], bool]], int], monotonic: Callable[[], float]
    ) -> None:
        self._drain = drain
        self._monotonic = monotonic
        self._one_at_a_time = threading.Lock()
        self._halted = False
        self._failures = 0
        self._rests_until_s = float("-inf")
        self._begun = 0

    @property
    def begun(self) -> int:
        """How many there were."""
        return self._begun

    @property
    def rests(self) -> bool:
        """The last one failed a moment ago."""
        return self._monotonic() < self._rests_until_s

    @property
    def may_begin(self) -> bool:
        return not (self.rests or self._halted or self._one_at_a_time.locked())

    def once(self) -> int:
        """How many notices were settled. 0 also when another drain is under way, or the last one
        failed a moment ago: the ledger keeps what is left."""
        if not self.may_begin or not self._one_at_a_time.acquire(blocking=False):
            return 0
        try:
            self._begun += 1
            ends_s = self._monotonic() + LASTS_S
            done = attempt(Loop("pushes", lambda: self._drain(lambda: self._is_over(ends_s))))
            self._note(failed=done is None)
            return done or 0
        finally:
            self._one_at_a_time.release()

    def halt(self) -> None:
        self._halted = True

    def _is_over(self, ends_s: float) -> bool:
        return self._halted or self._monotonic() >= ends_s

    def _note(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if failed:
            self._rests_until_s = self._monotonic() + pause_s(self._failures)
