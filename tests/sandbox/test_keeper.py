"""The keeper: what it keeps ends with its starter."""

import subprocess
import sys
import time

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
script = "import time; print('grandchild', flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", script])
time.sleep(60)
"""


def keeper(*command: str, grace_s: str = "0.2") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox.keeper", grace_s, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_the_exit_code_of_the_command_is_passed_on() -> None:
    with keeper(sys.executable, "-c", "raise SystemExit(3)") as kept:
        assert kept.wait(10) == 3


def test_a_stubborn_command_and_its_children_end_when_the_starter_is_gone() -> None:
    with keeper(sys.executable, "-c", STUBBORN) as kept:
        assert kept.stdin is not None
        assert kept.stdout is not None
        assert kept.stdout.readline() == b"grandchild\n"
        before = time.monotonic()
        kept.stdin.close()
        # The grandchild holds the pipe as well: its end is the end of both.
        assert kept.stdout.read() == b""
        assert kept.wait(10) == 128 + 9
        assert time.monotonic() - before < 10


def test_a_command_that_listens_ends_at_once() -> None:
    script = "import time; print('up', flush=True); time.sleep(60)"
    with keeper(sys.executable, "-c", script, grace_s="30") as kept:
        assert kept.stdout is not None
        assert kept.stdout.readline() == b"up\n"
        kept.terminate()
        assert kept.wait(10) == 128 + 15
