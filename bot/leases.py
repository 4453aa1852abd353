"""Keeps the locks of the turns that a worker still runs. Each lease is short and renewed while the
turn lasts: when a worker dies, its citizens' locks are free within seconds.

Called by the pool of turns, for every turn it takes on. The thread starts with the first.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.memory import Claimed, Memory
from bot.redis_link import MemoryLost

log = structlog.get_logger()
RENEW_EVERY_S = 1.0


class Leases:
    """`longest_s`: a turn that takes longer is given up, and its citizen is free to go on."""

    def __init__(
        self,
        memory: Memory,
        *,
        longest_s: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memory = memory
        self._longest_s = longest_s
        self._monotonic = monotonic
        self._held: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def held(self, openid: str, claim: Claimed) -> Iterator[None]:
        self._start()
        self._held[claim.token] = (openid, self._monotonic())
        try:
            yield
        finally:
            del self._held[claim.token]

    def close(self) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                # A daemon: at exit it goes on for as long as turns do, and no longer.
                self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()

    def _keep(self) -> None:
        """Spread over the second: hundreds of renewals in a row would hold up other threads."""
        while not self._end.is_set():
            turns = list(self._held.items())
            for token, (openid, since_s) in turns:
                held_s = self._monotonic() - since_s
                if RENEW_EVERY_S / 2 < held_s < self._longest_s and token in self._held:
                    self._renew(openid, token)
                self._end.wait(RENEW_EVERY_S / len(turns))
            if not turns:
                self._end.wait(RENEW_EVERY_S)

    def _renew(self, openid: str, token: str) -> None:
        try:
            self._memory.renew(openid, token)
        except MemoryLost as error:
            log.warning("lease_not_renewed", why=str(error))
