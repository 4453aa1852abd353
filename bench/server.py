"""A contender under granian, in processes of its own on CPUs of its own.

In: entry point, environment, options. Out: an address to send to and a process to account for.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.05
ROOT = Path(__file__).resolve().parents[1]


class ServerDied(Exception):
    """The contender did not come up; the message ends with the last lines it wrote."""


@dataclass(frozen=True, slots=True)
class Options:
    """The same for every contender of a run."""

    workers: int
    threads: int
    cpus: frozenset[int]

    def arguments(self) -> list[str]:
        return [
            *("--interface", "wsgi", "--http", "1", "--no-ws"),
            *("--workers", str(self.workers), "--blocking-threads", str(self.threads)),
            *("--log-level", "warning", "--host", HOST),
        ]


@dataclass(frozen=True, slots=True)
class Running:
    pid: int
    address: tuple[str, int]


@contextmanager
def serving(
    entry: str, *, factory: bool, env: Mapping[str, str], options: Options, log: Path
) -> Iterator[Running]:
    port = _free_port()
    command = [sys.executable, "-m", "granian", *options.arguments(), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *(["--factory"] if factory else []), entry],
            cwd=ROOT,
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, options.cpus),
        )
    try:
        _wait_until_it_listens(process, port, log)
        yield Running(process.pid, (HOST, port))
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(POLL_S)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ServerDied(f"the server did not start:\n{tail}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The whole group, so that no worker outlives the run and eats the next one's CPU."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_TIMEOUT_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_TIMEOUT_S)
