"""Posts at CSMS what comes in, quicker than the demo's clerk, as long as the desk is not held."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Lock, Thread

from sqlalchemy import Engine

from sandbox.office.clerk import work

EVERY_S = 0.25


@contextmanager
def clerk(office: Engine, now: Callable[[], datetime], at_desk: Lock) -> Iterator[None]:
    over = Event()

    def works() -> None:
        while not over.wait(EVERY_S):
            with at_desk:
                work(office, now())

    thread = Thread(target=works, name="clerk")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
