"""The worker's loops: apart from each other, and never dead."""

import threading

from backends.errors import BackendUnavailable
from jobs.deliveries import DeskDown
from jobs.worker import Loop, Worker, attempt


def test_a_loop_that_hangs_does_not_hold_up_the_others() -> None:
    release, worked = threading.Event(), threading.Event()

    def hang() -> int:
        release.wait(10)
        return 0

    def work() -> int:
        worked.set()
        return 0

    worker = Worker([Loop("hangs", hang), Loop("works", work)])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert worked.wait(10)
    worker.stop()
    release.set()
    thread.join(10)
    assert not thread.is_alive()


def test_whatever_happens_in_a_step_the_loop_goes_on() -> None:
    away = BackendUnavailable("records", 1.0)
    errors = [DeskDown(), away, ValueError("a bug"), SystemExit(1), None]

    def step() -> int:
        error = errors.pop(0)
        if error:
            raise error
        return 7

    loop = Loop("loop", step)
    assert [attempt(loop) for _ in range(5)] == [None, None, None, None, 7]


def test_it_closes_what_it_opened_when_it_is_stopped() -> None:
    closed = []
    worker = Worker([], close=lambda: closed.append(True))
    worker.run()
    assert closed == [True]
