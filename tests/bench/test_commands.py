"""The benchmark's two commands, run as an operator runs them."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def test_the_profile_prints_the_cost_of_a_turn_and_its_functions() -> None:
    done = profiled("b", "--top", "5")
    assert "µs per turn" in done
    assert "tottime" in done


def test_the_profile_sees_the_threads_of_the_application_and_only_the_turns_asked_for() -> None:
    done = profiled("c", "--entry", "tests.bench.toy_product:build_threaded()", "--top", "1000")
    (line,) = (line for line in done.splitlines() if "the_work_of_a_turn" in line)
    assert line.split()[0] == "50"


def test_a_profile_that_fails_shows_what_the_application_said() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        profiled("c", "--entry", "tests.bench.toy_product:build_broken()")
    assert "TurnFailed: 500" in failed.value.stderr


def profiled(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.profile", "--turns", "50", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_a_run_that_is_terminated_leaves_no_process_behind() -> None:
    command = [sys.executable, "-m", "bench", "--only", "b", "--seconds", "60"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as bench:
        # Redis and the server, and the server's worker: from then on the run knows of them all.
        until(lambda: len(children_of(bench.pid)) == 2)
        until(lambda: any(children_of(pid) for pid in children_of(bench.pid)))
        started = children_of(bench.pid)
        bench.terminate()
        assert bench.wait(20) != 0
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


def children_of(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def until(true: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
