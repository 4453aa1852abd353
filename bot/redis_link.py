"""How commands reach Redis. One server: a held connection per thread, no client facade in between
(it costs more than the trip). Sentinel and Cluster: redis-py's client, which knows where to go.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from urllib.parse import urlsplit

import hiredis
import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.connection import ConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

CONNECT_TIMEOUT_S = 0.5
REPLY_TIMEOUT_S = 1.0
REST_AFTER_FAILURE_S = 1.0
KEYS_AT_ONCE = 500
_ANOTHER_SERVER = ("READONLY", "MASTERDOWN")  # an old master: connect again, to the new one
_BROKEN = (RedisError, hiredis.HiredisError, OSError)


class MemoryLost(Exception):
    """Redis does not answer: dialogs, locks and caches are out of reach."""


class Link(Protocol):
    def call(self, *command: bytes | str | int) -> Any:
        """The reply, as bytes, ints and lists. MemoryLost when there is none."""
        ...

    def keys(self, pattern: str) -> Iterator[bytes]:
        """In portions, so that nobody waits for all of them; those that stand all the while."""
        ...


class _Wire:
    """A connection that redis-py has opened (TLS, password, database) and hiredis speaks on: the
    layers in between cost three times as much CPU as the trip itself (docs/performance.md)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.connect()
        self._socket: socket.socket = connection._sock
        self._reader = hiredis.Reader(replyError=_refusal)

    def ask(self, command: tuple[bytes | str | int, ...]) -> Any:
        packed = hiredis.pack_command(command)  # type: ignore[arg-type]  # stub: one-tuples only
        self._socket.sendall(packed)
        while (reply := self._reader.gets()) is False:
            received = self._socket.recv(65536)
            if not received:
                raise redis.ConnectionError("closed by the server")
            self._reader.feed(received)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def close(self) -> None:
        self._connection.disconnect()

    def __del__(self) -> None:
        # Its thread has ended: nobody else will close it.
        self.close()


def _refusal(message: str) -> redis.ResponseError:
    if message.startswith("NOSCRIPT"):
        return redis.exceptions.NoScriptError(message)
    return redis.ResponseError(message)


class _Local(threading.local):
    wire: _Wire | None = None


class DirectLink:
    """After a failure it rests for a moment: every message waiting a second for a dead server
    would take all threads with it."""

    def __init__(self, url: str, *, monotonic: Callable[[], float]) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=REPLY_TIMEOUT_S,
            max_connections=1_000_000,
            retry=Retry(NoBackoff(), 0),
        )
        self._local = _Local()
        self._monotonic = monotonic
        self._rest_until_s = 0.0

    def call(self, *command: bytes | str | int) -> Any:
        if self._monotonic() < self._rest_until_s:
            raise MemoryLost("resting after a failure")
        held = self._local.wire
        try:
            return (held or self._connect()).ask(command)
        except redis.ResponseError as error:
            raise self._refused(error) from error
        except _BROKEN as error:
            self._forget()
            if held is None or isinstance(error, TimeoutError | redis.TimeoutError):
                raise self._rest(error) from error
        # The held connection had gone stale (server restarted, idle too long): once more, afresh.
        try:
            return self._connect().ask(command)
        except redis.ResponseError as error:
            raise self._refused(error) from error
        except _BROKEN as error:
            self._forget()
            raise self._rest(error) from error

    def keys(self, pattern: str) -> Iterator[bytes]:
        cursor: bytes = b"0"
        while True:
            cursor, found = self.call("SCAN", cursor, "MATCH", pattern, "COUNT", KEYS_AT_ONCE)
            yield from found
            if cursor == b"0":
                return

    def _refused(self, error: redis.ResponseError) -> Exception:
        if str(error).startswith(_ANOTHER_SERVER):
            self._forget()
        return _lost(error)

    def _rest(self, error: Exception) -> MemoryLost:
        self._rest_until_s = self._monotonic() + REST_AFTER_FAILURE_S
        return MemoryLost(type(error).__name__)

    def _connect(self) -> _Wire:
        self._local.wire = _Wire(self._pool.make_connection())
        return self._local.wire

    def _forget(self) -> None:
        if self._local.wire is not None:
            self._local.wire.close()
        self._local.wire = None


def _lost(error: redis.ResponseError) -> Exception:
    """Out of memory (OOM), loading, read-only after a failover, a disk that is full (MISCONF): no
    state can be kept, which is as good as no answer. A missing script is for the caller."""
    if isinstance(error, redis.exceptions.NoScriptError):
        return error
    code = str(error).partition(" ")[0]
    return MemoryLost(f"refused: {code or type(error).__name__}")


class ClientLink:
    def __init__(self, client: Any) -> None:
        self._client = client

    def call(self, *command: bytes | str | int) -> Any:
        try:
            return self._client.execute_command(*command)
        except redis.ResponseError as error:
            raise _lost(error) from error
        except (RedisError, OSError) as error:
            raise MemoryLost(type(error).__name__) from error

    def keys(self, pattern: str) -> Iterator[bytes]:
        try:
            yield from self._client.scan_iter(match=pattern, count=KEYS_AT_ONCE)
        except (RedisError, OSError) as error:
            raise MemoryLost(type(error).__name__) from error


def open_link(url: str, *, monotonic: Callable[[], float]) -> Link:
    """`redis://`, `rediss://`, `unix://`; `redis+sentinel://h1:p,h2:p/service`;
    `redis+cluster://h1:p,h2:p`. Only a cluster is asked at once, for its map."""
    parts = urlsplit(url)
    if parts.scheme == "redis+sentinel":
        service, _, database = parts.path.strip("/").partition("/")
        sentinel = Sentinel(  # type: ignore[no-untyped-call]  # redis-py is typed in part
            _hosts(parts.netloc, 26379),
            password=parts.password,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=REPLY_TIMEOUT_S,
        )
        master = sentinel.master_for(  # type: ignore[no-untyped-call]
            service or "mymaster", db=int(database or 0)
        )
        return ClientLink(master)
    if parts.scheme == "redis+cluster":
        nodes = [
            ClusterNode(host, port)  # type: ignore[no-untyped-call]
            for host, port in _hosts(parts.netloc, 6379)
        ]
        return ClientLink(
            RedisCluster(
                startup_nodes=nodes,
                password=parts.password,
                socket_connect_timeout=CONNECT_TIMEOUT_S,
                socket_timeout=REPLY_TIMEOUT_S,
            )
        )
    return DirectLink(url, monotonic=monotonic)


def _hosts(netloc: str, default_port: int) -> list[tuple[str, int]]:
    hosts = netloc.rpartition("@")[2].split(",")
    pairs = (host.partition(":") for host in hosts)
    return [(host, int(port or default_port)) for host, _, port in pairs]
