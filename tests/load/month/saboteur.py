"""Kills by SIGKILL: a web worker, a `waterdesk worker`, connections to our database; in turn."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import text

from tests.load.month.persisting import again
from tests.load.month.world import Month
from tests.load.outage.crew import WORKERS

LOOKS_EVERY_S = 0.1
# Two web workers that die within 5.5 s make granian take it for a crash loop and end.
BETWEEN_WEB_KILLS_S = 6.5
CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " ORDER BY random() LIMIT 6) AS chosen"
)


@dataclass
class Saboteur:
    """`every_s`: between two kills. Whoever was killed is up again before the next of its kind.
    After `rounds` of all kinds it is enough."""

    month: Month
    every_s: float
    rounds: int
    kills: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    last_web_kill_s: float = float("-inf")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run, name="saboteur")
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()

    def _run(self) -> None:
        for kind, kill in list(self._ways().items()) * self.rounds:
            until_s = time.monotonic() + self.every_s
            while time.monotonic() < until_s or not self._may(kind):
                if self.over.wait(LOOKS_EVERY_S):
                    return
            kill()
            self.kills[kind] += 1

    def _ways(self) -> dict[str, Callable[[], None]]:
        ways = {"web": self._kill_web, "worker": self.month.crew.kill_one}
        return {**ways, "connections": self._cut} if self.month.databases.are_served else ways

    def _may(self, kind: str) -> bool:
        if kind == "worker":
            return self.month.crew.all_up()
        if kind == "connections":
            return True
        rested = time.monotonic() - self.last_web_kill_s >= BETWEEN_WEB_KILLS_S
        started = self.month.server.log.read_text().count("Started worker-")
        up = started >= WORKERS + self.kills["web"]
        return rested and up and len(self.month.server.workers()) == WORKERS

    def _kill_web(self) -> None:
        os.kill(min(self.month.server.workers()), signal.SIGKILL)
        self.last_web_kill_s = time.monotonic()

    def _cut(self) -> None:
        def cut() -> None:
            with self.month.records.connect() as connection:
                connection.execute(CUT)

        again(cut)
