"""Kills a web worker and a `waterdesk worker` with SIGKILL, again and again, while told to."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.load.outage.crew import WORKERS
from tests.load.outage.world import Utility

LOOKS_EVERY_S = 0.1
# Two workers that die within 5.5 s make granian take it for a crash loop and end.
BETWEEN_WEB_KILLS_S = 6.5


@dataclass
class Saboteur:
    """`every_s`: between two kills of a `waterdesk worker`. Whoever was killed must be up again
    before the next one is."""

    utility: Utility
    every_s: float
    web_kills: int = 0
    last_web_kill_s: float = float("-inf")
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def worker_kills(self) -> int:
        return self.utility.crew.kills

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self.stop.clear()
        thread = threading.Thread(target=self._run, name="saboteur")
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join()

    def _run(self) -> None:
        crew_s = time.monotonic()
        while not self.stop.wait(LOOKS_EVERY_S):
            now_s = time.monotonic()
            pause_s = max(BETWEEN_WEB_KILLS_S, self.every_s)
            if now_s - self.last_web_kill_s >= pause_s and self._web_is_up():
                self._kill_web()
                self.last_web_kill_s = now_s
            if now_s - crew_s >= self.every_s and self.utility.crew.all_up():
                self.utility.crew.kill_one()
                crew_s = now_s

    def _web_is_up(self) -> bool:
        started = self.utility.server.log.read_text().count("Started worker-")
        return started >= WORKERS + self.web_kills and self._web_pids() != []

    def _web_pids(self) -> list[int]:
        pids = self.utility.server.workers()
        return pids if len(pids) == WORKERS else []

    def _kill_web(self) -> None:
        os.kill(min(self._web_pids()), signal.SIGKILL)
        self.web_kills += 1
