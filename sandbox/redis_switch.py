"""Breaks the embedded Redis: `slow` makes it pause in pulses, `down` stops its process, `ok` starts
it again on the same port with the same data."""

import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import redis

from sandbox.children import Child
from sandbox.switches import SwitchFailed

_READY_WITHIN_S = 15.0
_LOOK_EVERY_S = 0.05
_PAUSE_MS = 400
_BREATH_S = 0.1


class EmbeddedRedis:
    def __init__(self, port: int, folder: Path, environment: Mapping[str, str], log: Path) -> None:
        command = [sys.executable, "-m", "sandbox.embedded_redis", str(port), str(folder)]
        self.child = Child("valkey", command, environment, log)
        self.url = f"redis://127.0.0.1:{port}/0"
        self._port = port
        self._pulse: threading.Thread | None = None
        self._pulse_ends = threading.Event()

    def start(self) -> None:
        """Returns when it answers."""
        self.child.start()
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._answers():
            if self.child.exit_code() is not None or time.monotonic() > deadline:
                lines = self.child.last_lines()
                self.child.stop()
                raise SwitchFailed(f"the embedded Redis did not start:\n{lines}")
            time.sleep(_LOOK_EVERY_S)

    def stop(self) -> None:
        self._end_pulse()
        self.child.stop()

    def set(self, state: str) -> None:
        self._end_pulse()
        if state == "down":
            self.child.stop()
            return
        if not self.child.is_started:
            self.start()
        if state == "slow":
            self._pulse_ends.clear()
            self._pulse = threading.Thread(target=self._pause_in_pulses, daemon=True)
            self._pulse.start()

    def _answers(self) -> bool:
        with self._client() as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _client(self) -> "redis.Redis":
        return redis.Redis(port=self._port, socket_timeout=2, socket_connect_timeout=1)

    def _pause_in_pulses(self) -> None:
        with self._client() as client:
            while not self._pulse_ends.is_set():
                try:
                    client.client_pause(_PAUSE_MS)
                except redis.RedisError:
                    return
                self._pulse_ends.wait(_PAUSE_MS / 1000 + _BREATH_S)

    def _end_pulse(self) -> None:
        pulse, self._pulse = self._pulse, None
        if pulse is not None:
            self._pulse_ends.set()
            pulse.join(timeout=5)
