"""The demo's dealings with the server's command line: run a command, wait until the server is
ready, notice that a child has died. What goes wrong is said with the last lines of output."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import requests

from sandbox.children import Child

WATERDESK = (sys.executable, "-m", "bot.cli")
_READY_WITHIN_S = 60.0
_COMMAND_TIMEOUT_S = 120.0
_LOOK_EVERY_S = 0.2


class DemoFailed(Exception):
    """Why the demo cannot go on, in words for whoever started it."""


def command(waterdesk: Sequence[str], env: Mapping[str, str], *arguments: str) -> None:
    name = " ".join(("waterdesk", *arguments))
    try:
        done = subprocess.run(
            [*waterdesk, *arguments],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_COMMAND_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DemoFailed(f"{name} did not end within {_COMMAND_TIMEOUT_S:g} s") from error
    if done.returncode != 0:
        output = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        raise DemoFailed(f"{name} ended with {done.returncode}:\n{output[-4000:]}")


def check(child: Child) -> None:
    code = child.exit_code()
    if code is not None:
        lines = child.last_lines()
        raise DemoFailed(f"{child.name} ended by itself with {code}. Its last lines:\n{lines}")


def wait_until_ready(server: Child, url: str) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    last = "no answer"
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline:
            check(server)
            try:
                answer = session.get(f"{url}/readyz", timeout=2)
            except requests.RequestException as error:
                last = type(error).__name__
            else:
                if answer.status_code == 200:
                    return
                last = f"{answer.status_code} {answer.text[:500]}"
            time.sleep(_LOOK_EVERY_S)
    raise DemoFailed(
        f"the server was not ready within {_READY_WITHIN_S:g} s: {last}\n{server.last_lines()}"
    )
