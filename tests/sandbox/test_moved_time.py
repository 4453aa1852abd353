"""The demo's server lives in the sandbox's time, without knowing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.app import create_app
from sandbox.clock import DAY_S, MovableClock
from sandbox.config import SandboxConfig
from sandbox.moved_time import surroundings
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.toy_server import Toy

# Takes `time.time` as defaults do, before the clock has moved.
ASKED = """
import sys, time
from time import time as taken
for _ in sys.stdin:
    print(taken(), time.time_ns(), time.monotonic(), flush=True)
"""


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
def clock(clock_file: Path) -> MovableClock:
    return MovableClock(time.time, clock_file)


@pytest.fixture
def ask(clock: MovableClock, clock_file: Path) -> Iterator[Callable[[], tuple[float, int, float]]]:
    """What time it is to another process: in seconds, in ns, and its monotonic clock."""
    env = {**os.environ, **surroundings({"PYTHONPATH": "/elsewhere"}, clock_file)}
    with subprocess.Popen(
        [sys.executable, "-c", ASKED],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        asked, told = child.stdin, child.stdout

        def ask() -> tuple[float, int, float]:
            asked.write("\n")
            asked.flush()
            seconds, ns, monotonic = told.readline().split()
            return float(seconds), int(ns), float(monotonic)

        yield ask
        asked.close()


def test_another_process_sees_the_clock_move_at_once_and_intervals_stay_real(
    clock: MovableClock, ask: Callable[[], tuple[float, int, float]]
) -> None:
    seconds, ns, monotonic = ask()
    assert seconds == pytest.approx(time.time(), abs=2)
    clock.advance(3 * DAY_S)
    later, later_ns, later_monotonic = ask()
    assert later - seconds == pytest.approx(3 * DAY_S, abs=2)
    assert (later_ns - ns) / 1e9 == pytest.approx(3 * DAY_S, abs=2)
    assert later_monotonic - monotonic < 2
    assert later == pytest.approx(clock.now(), abs=2)


def test_a_demo_that_goes_on_in_its_folder_goes_on_at_its_time(clock_file: Path) -> None:
    before = MovableClock(lambda: NOW, clock_file)
    before.advance(2 * DAY_S)
    after = MovableClock(lambda: NOW, clock_file)
    assert after.now() == NOW + 2 * DAY_S
    assert after.ahead_s == 2 * DAY_S


def test_a_process_whose_demo_is_gone_has_the_real_time(tmp_path: Path) -> None:
    env = {**os.environ, **surroundings({}, tmp_path / "gone")}
    said = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(said.stdout) == pytest.approx(time.time(), abs=10)
    assert said.stderr == ""


def test_the_signature_moves_with_the_clock_of_the_server(
    toy: Toy, config: SandboxConfig, clock_file: Path
) -> None:
    control = Control(create_app(config, clock=MovableClock(lambda: NOW, clock_file)))
    openid = control.follower()
    control.advance(DAY_S)
    control.says(openid, "你好")
    first, second = toy.seen
    assert int(second.query("timestamp")) - int(first.query("timestamp")) == DAY_S
