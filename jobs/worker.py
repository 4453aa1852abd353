"""`waterdesk worker`: the loops that carry submissions out and results back, each in a thread of
its own, so that a hotline that hangs does not hold up the billing system.

Any number of workers may run, on any number of machines: leases in the database keep them apart.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from backends.errors import BackendError
from bot.redis_link import MemoryLost
from jobs.deliveries import DeskDown

log = structlog.get_logger()
IDLE_S = 0.5
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Loop:
    """`step` answers how much it did; DeskDown when its other side does not answer. `halt` tells a
    step that would go on for long to come to its end."""

    name: str
    step: Callable[[], int]
    idle_s: float = IDLE_S
    halt: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Worker:
    loops: Sequence[Loop]
    close: Callable[[], None] = lambda: None
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until `stop`. What is under way is finished first."""
        threads = [
            threading.Thread(target=self._run, args=(loop,), name=loop.name) for loop in self.loops
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.close()

    def stop(self) -> None:
        self._stop.set()
        for loop in self.loops:
            loop.halt()

    def _run(self, loop: Loop) -> None:
        failures = 0
        while not self._stop.is_set():
            done = attempt(loop)
            if done is None:
                failures += 1
                self._stop.wait(pause_s(failures))
                continue
            failures = 0
            if not done:
                self._stop.wait(loop.idle_s)


def pause_s(failures: int) -> float:
    """After so many in a row. A day of them must not outgrow a float."""
    return min(FIRST_PAUSE_S * 2.0 ** min(failures - 1, 20), LONGEST_PAUSE_S)


def attempt(loop: Loop) -> int | None:
    """One step. None when it failed: a worker goes on, whatever happens in one of its loops."""
    try:
        return loop.step()
    except DeskDown as error:
        log.warning("desk_down", loop=loop.name, why=str(error.__cause__))
    except (BackendError, MemoryLost) as error:
        log.warning("worker_waits", loop=loop.name, why=str(error))
    # The outermost boundary of a loop: the next step may go well. A library that means to end the
    # process (Celery does) would end this thread only, and nobody would notice.
    except (Exception, SystemExit):
        log.exception("worker_step_failed", loop=loop.name)
    return None
