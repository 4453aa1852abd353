"""One HTTP request under the platform's clock: connect and total timeouts that a slowly dripping
server cannot stretch, and an ear for the answer that comes too late."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from socket import SHUT_WR
from urllib.parse import urlsplit

_ANSWER_LIMIT = 1024 * 1024
_HEADERS = {
    "User-Agent": "Mozilla/4.0",
    "Accept": "*/*",
    "Pragma": "no-cache",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Timing:
    connect_s: float
    total_s: float
    late_s: float


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`status` None: there was no answer, `problem` says why."""

    status: int | None
    body: bytes
    ms: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


OnLate = Callable[[HttpAnswer], None]


def exchange(request: HttpRequest, timing: Timing, on_late: OnLate) -> HttpAnswer:
    call = _Call(request, timing, on_late)
    threading.Thread(target=call.run, name="callback", daemon=True).start()
    return call.wait()


class _Call:
    """Runs in a thread of its own: only so can the total timeout hold whatever the server does."""

    def __init__(self, request: HttpRequest, timing: Timing, on_late: OnLate) -> None:
        self._request = request
        self._timing = timing
        self._on_late = on_late
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._given_up = False
        self._answer: HttpAnswer | None = None
        self._started = time.monotonic()
        url = urlsplit(request.url)
        self._path = url.path + (f"?{url.query}" if url.query else "")
        self._connection = HTTPConnection(
            url.hostname or "", url.port or 80, timeout=min(timing.connect_s, timing.total_s)
        )

    def wait(self) -> HttpAnswer:
        self._done.wait(self._timing.total_s)
        with self._lock:
            if self._answer is not None:
                return self._answer
            self._given_up = True
            self._hang_up()
        return HttpAnswer(None, b"", self._ms(), f"no answer in {self._timing.total_s:g} s")

    def run(self) -> None:
        answer = self._talk()
        with self._lock:
            given_up = self._given_up
            self._answer = answer
        self._done.set()
        if given_up and answer.status is not None:
            self._on_late(answer)

    def _hang_up(self) -> None:
        """The server sees the end of the connection, as if it had been closed; what it still
        writes can be read, and reported as late."""
        sock = self._connection.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(SHUT_WR)

    def _talk(self) -> HttpAnswer:
        connection, request = self._connection, self._request
        try:
            connection.connect()
            connection.sock.settimeout(self._timing.total_s + self._timing.late_s)
            headers = dict(_HEADERS)
            if request.body is not None:
                headers["Content-Type"] = "text/xml"
            headers.update(request.headers)
            connection.request(request.method, self._path, request.body, headers)
            response = connection.getresponse()
            return HttpAnswer(response.status, response.read(_ANSWER_LIMIT), self._ms())
        except (OSError, HTTPException) as error:
            problem = f"{type(error).__name__}: {error}".rstrip(": ")
            return HttpAnswer(None, b"", self._ms(), problem)
        finally:
            connection.close()

    def _ms(self) -> int:
        return round((time.monotonic() - self._started) * 1000)
