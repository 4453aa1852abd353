"""Hears the word that there is work: a Celery worker in a thread of the process that asks for it.

It takes over no signals and starts no process; who stops the process says so by `halt`. A broker
that goes away is looked for until it is back.
"""

from dataclasses import dataclass, field

from celery import Celery
from celery.worker import WorkController, state


class Deaf(Exception):
    """Celery has given up, though nobody told it to; it has said why in the log."""


@dataclass(slots=True)
class Listener:
    """One in a process: what tells a worker of Celery's to end is kept in Celery's module."""

    app: Celery
    _halted: bool = field(default=False, init=False)

    def step(self) -> int:
        """Listens until `halt`. Deaf, or whatever a broker's client raises, when it cannot."""
        state.should_stop = None
        self.app.set_current()  # of this thread: a task looks for itself in it
        if not self._halted:
            WorkController(
                app=self.app,
                pool_cls="solo",
                concurrency=1,
                without_gossip=True,
                without_mingle=True,
                without_heartbeat=True,
            ).start()
            if not self._halted:
                raise Deaf
        return 0

    def halt(self) -> None:
        """The word that is being worked on is worked off first."""
        self._halted = True
        state.should_stop = 0
