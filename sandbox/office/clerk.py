"""Takes requests as they come, in a thread, until stopped: CSMS does not wait for its staff."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from sandbox.office.takings import take_requests

log = logging.getLogger(__name__)

_EVERY_S = 1.0


@contextmanager
def clerk(engine: Engine, now: Callable[[], datetime], every_s: float = _EVERY_S) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=_take_until, args=(stop, engine, now, every_s), name="clerk", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _take_until(
    stop: threading.Event, engine: Engine, now: Callable[[], datetime], every_s: float
) -> None:
    while not stop.wait(every_s):
        work(engine, now())


def work(engine: Engine, now: datetime) -> None:
    """The nightly closing when the day has changed, and what was sent."""
    try:
        take_requests(engine, now)
    except DBAPIError as error:
        # Down or hanging by a switch: what was sent is still there afterwards.
        log.debug("the city cannot be worked on: %s", type(error.orig).__name__)
