"""Who plays WeChat in a run: the sandbox, or what only counts calls and is quicker."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from bot.settings import HOUSE
from sandbox.children import free_port
from tests.load.pushes.manner import Manner

UP_WITHIN_S = 20.0


@contextmanager
def counter(manner: Manner) -> Iterator[str]:
    """Yields its address, which is that of its API as well."""
    with _running("tests.load.pushes.counter", json.dumps(vars(manner))) as url:
        yield url


@contextmanager
def rough_sandbox(manner: Manner, citizens: int) -> Iterator[str]:
    """Yields its address; its API is under /sandbox/wechat."""
    told = json.dumps(vars(manner))
    with _running("tests.load.pushes.rough_sandbox", told, str(citizens)) as url:
        yield url


@contextmanager
def _running(module: str, *told: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *told], cwd=HOUSE)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(UP_WITHIN_S)


def _wait_for(url: str) -> None:
    until_s = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until_s:
        with suppress(requests.RequestException):
            requests.get(f"{url}/calls", timeout=1)
            return
        time.sleep(0.05)
    raise AssertionError("the platform did not come up")
