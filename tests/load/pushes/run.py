"""Workers push what is planned while one of them is killed again and again, and the broker once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from tests.load.pushes import audit
from tests.load.pushes.world import World

LOOKS_EVERY_S = 0.1
BROKER_IS_AWAY_S = 3.0


@dataclass(frozen=True)
class Disturbance:
    """`kill_every_s`: of a worker, once all are up. `broker_dies_s`: after so long."""

    kill_every_s: float
    broker_dies_s: float
    within_s: float


def push_all(world: World, disturbed: Disturbance) -> float:
    """How many seconds it took. The broker has died and is back, and one kill at least has been,
    before the last push is out, or it is no test."""
    started_s = time.monotonic()
    world.crew.start()
    with _saboteur(world, disturbed), _broker_dies(world, disturbed):
        while audit.still_open(world):
            assert time.monotonic() - started_s < disturbed.within_s, audit.summary(world)
            assert world.crew.ended() == []
            time.sleep(LOOKS_EVERY_S)
    return time.monotonic() - started_s


@contextmanager
def _saboteur(world: World, disturbed: Disturbance) -> Iterator[None]:
    def kill(over: Event) -> None:
        while not over.wait(disturbed.kill_every_s):
            if world.crew.all_up():
                world.crew.kill_one()

    with _meanwhile(kill):
        yield


@contextmanager
def _broker_dies(world: World, disturbed: Disturbance) -> Iterator[None]:
    def die(over: Event) -> None:
        if not over.wait(disturbed.broker_dies_s):
            world.broker.kill()
            over.wait(BROKER_IS_AWAY_S)
            world.broker.start_again()

    with _meanwhile(die):
        yield


@contextmanager
def _meanwhile(work: Callable[[Event], None]) -> Iterator[None]:
    over = Event()
    thread = Thread(target=work, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
