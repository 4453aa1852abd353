"""The demo as anybody would start it, one for all tests: started when it is needed, and again, on
the same folder, when a test has ended it."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
import requests

from sandbox.city import Example, examples

ACCOUNTS = 1_000
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 30
# Not those of the settings to the minute: what began in the evening shall be over before them.
MORNING, EVENING = clock_time(8, 5), clock_time(21, 30)


@dataclass(frozen=True, slots=True)
class Demo:
    url: str
    city: Path
    process: subprocess.Popen[bytes]

    @property
    def api(self) -> str:
        return f"{self.url}/sandbox/api"

    def example(self, situation: str, at: int = 0) -> Example:
        return examples(f"sqlite:///{self.city}")[situation][at]


class DemoKeeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._demo: Demo | None = None

    def running(self) -> Demo:
        if self._demo is None or self._demo.process.poll() is not None:
            self._demo = _start(self._folder)
        return self._demo

    def stop(self) -> None:
        if self._demo is not None:
            self._demo.process.send_signal(signal.SIGINT)
            self._demo.process.wait(timeout=STOP_TIMEOUT_S)


def _start(folder: Path) -> Demo:
    port = _free_port()
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", str(port)]
    command += ["--accounts", str(ACCOUNTS), "--folder", str(folder)]
    said = folder / "output.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    demo = Demo(f"http://127.0.0.1:{port}", folder / "city.sqlite3", process)
    try:
        _wait_until_ready(demo, said)
        _leave_the_night(demo)
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=STOP_TIMEOUT_S)
        raise
    return demo


def _leave_the_night(demo: Demo) -> None:
    """In the quiet hours nobody is told anything, so the tests of a night have the next morning."""
    now = datetime.fromisoformat(requests.get(f"{demo.api}/state", timeout=5).json()["now"])
    if MORNING <= now.time() < EVENING:
        return
    morning = now.replace(hour=9, minute=0) + timedelta(days=now.time() >= EVENING)
    moved = requests.post(f"{demo.api}/clock", json={"to": morning.isoformat()}, timeout=5)
    moved.raise_for_status()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(demo: Demo, said: Path) -> None:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while demo.process.poll() is None and time.monotonic() < deadline_s:
        try:
            if requests.get(f"{demo.api}/menu", timeout=2).json()["button"]:
                return  # the menu is pushed last
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the demo did not come up:\n{said.read_text()[-2000:]}")
