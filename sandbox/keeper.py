"""Keeps one command for the demo's launcher and ends it with the launcher, however that one ends:
the launcher holds our standard input open, and when it closes, the command is stopped.

    python -m sandbox.keeper GRACE_S COMMAND [ARGUMENT …]
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def when_told_to_end(end: Callable[[], None]) -> None:
    """Calls `end` once standard input closes, and on each ending signal."""

    def on_signal(_: int, __: FrameType | None) -> None:
        end()

    def on_closed_input() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        end()

    for number in _ENDING_SIGNALS:
        signal.signal(number, on_signal)
    threading.Thread(target=on_closed_input, name="launcher", daemon=True).start()


def keep(command: Sequence[str], grace_s: float) -> int:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)

    def end() -> None:
        _signal_group(child.pid, signal.SIGTERM)
        threading.Thread(target=kill_late, daemon=True).start()

    def kill_late() -> None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace_s)
        _signal_group(child.pid, signal.SIGKILL)

    when_told_to_end(end)
    code = child.wait()
    # Workers that outlive their master would keep the port.
    _signal_group(child.pid, signal.SIGKILL)
    return code if code >= 0 else 128 - code


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(keep(sys.argv[2:], float(sys.argv[1])))
