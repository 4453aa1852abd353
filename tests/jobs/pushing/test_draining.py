"""When a process drains the ledger."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.redis_link import MemoryLost
from jobs.pushing.draining import LASTS_S, Drains


@dataclass
class Watch:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_drain_goes_on_for_its_time_and_no_longer() -> None:
    watch = Watch()

    def drain(is_over: Callable[[], bool]) -> int:
        batches = 0
        while not is_over():
            watch.now_s += 3.0
            batches += 1
        return batches

    assert Drains(drain, watch).once() == -(-LASTS_S // 3.0)


def test_a_drain_ends_when_the_process_is_to_end() -> None:
    def drain(is_over: Callable[[], bool]) -> int:
        drains.halt()
        return int(is_over())

    drains = Drains(drain, Watch())
    assert drains.once() == 1
    assert drains.once() == 0
    assert drains.begun == 1


def test_a_second_drain_at_the_same_time_does_nothing() -> None:
    under_way, over = threading.Event(), threading.Event()

    def drain(_: Callable[[], bool]) -> int:
        under_way.set()
        over.wait(10)
        return 7

    drains = Drains(drain, Watch())
    first = threading.Thread(target=drains.once)
    first.start()
    assert under_way.wait(10)
    assert not drains.may_begin
    assert drains.once() == 0
    over.set()
    first.join()
    assert drains.may_begin


def test_after_a_failure_it_rests_and_longer_after_each_more() -> None:
    watch = Watch()
    failing = True

    def drain(_: Callable[[], bool]) -> int:
        if failing:
            raise MemoryLost("away")
        return 3

    drains = Drains(drain, watch)
    for pause_s in (1.0, 2.0, 4.0):
        drains.once()
        assert drains.rests
        watch.now_s += pause_s - 0.01
        assert drains.rests
        watch.now_s += 0.02
        assert not drains.rests
    failing = False
    assert drains.once() == 3
    assert not drains.rests


def test_the_rest_after_many_failures_has_a_limit() -> None:
    watch = Watch()

    def drain(_: Callable[[], bool]) -> int:
        raise MemoryLost("away")

    drains = Drains(drain, watch)
    for _ in range(12):
        drains.once()
        watch.now_s += 30.0
        assert not drains.rests
