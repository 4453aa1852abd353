"""A hung system takes a bounded number of threads, and no more."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from backends.errors import BackendUnavailable
from backends.guard import Circuit, Guard
from tests.cache import MemoryCache


def test_more_calls_than_places_are_refused_at_once_and_open_no_circuit() -> None:
    changes: list[tuple[str, Circuit]] = []
    guard = Guard(
        "csms",
        MemoryCache(lambda: 0.0),
        clock=lambda: 0.0,
        failures=1,
        at_once=2,
        on_change=lambda system, state: changes.append((system, state)),
    )
    inside, gate = threading.Barrier(3), threading.Event()

    def hang() -> str:
        inside.wait(5)
        gate.wait(5)
        return "answered"

    with ThreadPoolExecutor(2) as pool:
        hanging = [pool.submit(guard.run, hang) for _ in range(2)]
        inside.wait(5)
        with pytest.raises(BackendUnavailable, match="too many calls under way"):
            guard.run(lambda: "never")
        gate.set()
        assert [one.result(5) for one in hanging] == ["answered", "answered"]
    assert guard.run(lambda: "there is a place again") == "there is a place again"
    assert changes == []
