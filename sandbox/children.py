"""The demo's child processes: started under a keeper, their output in a log, stopped for sure."""

import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_STOP_TIMEOUT_S = 20.0


class Child:
    """`command` must end when its standard input closes: run it under sandbox.keeper if it does
    not do so by itself."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C at the terminal is for the launcher; it stops its children in order.
                start_new_session=True,
            )

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def exit_code(self) -> int | None:
        """None while it runs, or was stopped on purpose."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def last_lines(self, count: int = 15) -> str:
        if not self._log.exists():
            return "(no output)"
        lines = self._log.read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-count:]) or "(no output)"


def kept(grace_s: float, command: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "sandbox.keeper", str(grace_s), *command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
