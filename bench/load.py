"""The load generator: keep-alive connections in a closed loop over one epoll, nothing else.

In: requests that are ready to send. Out: counts, every latency, and a sample of bodies each with
the number of its request, so that a reply can be held against the citizen it belongs to.
"""

import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

ANSWER_TIMEOUT_S = 15.0
RECEIVE_BYTES = 65536


class LoadBroken(Exception):
    """The server stopped answering: there is no measurement."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sample` maps the number of a request to its body; `elapsed_s` runs from the first byte sent
    to the last one received."""

    requests: int
    not_ok: int
    elapsed_s: float
    latencies_ns: Sequence[int]
    sample: dict[int, bytes]

    def latency_ms(self, quantile: float) -> float:
        ordered = sorted(self.latencies_ns)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] / 1e6


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    request: int = 0
    sent_at_ns: int = 0
    received: bytes = b""


@dataclass(slots=True)
class _Drive:
    requests: Sequence[bytes]
    sample_every: int
    deadline_ns: int
    clock_ns: Callable[[], int]
    next: int = 0
    under_way: int = 0
    not_ok: int = 0
    latencies_ns: list[int] = field(default_factory=list)
    sample: dict[int, bytes] = field(default_factory=dict)

    def until_all_is_answered(self, poll: select.epoll, lines: dict[int, _Connection]) -> None:
        for line in lines.values():
            self.send(line)
        while self.under_way:
            ready = poll.poll(ANSWER_TIMEOUT_S)
            if not ready:
                raise LoadBroken(f"no answer within {ANSWER_TIMEOUT_S} s")
            for descriptor, _ in ready:
                self.receive(lines[descriptor])

    def send(self, connection: _Connection) -> None:
        now_ns = self.clock_ns()
        if self.next >= len(self.requests) or now_ns >= self.deadline_ns:
            return
        connection.request = self.next
        self.next += 1
        self.under_way += 1
        connection.sent_at_ns = now_ns
        connection.socket.sendall(self.requests[connection.request])

    def receive(self, connection: _Connection) -> None:
        data = connection.socket.recv(RECEIVE_BYTES)
        if not data:
            raise LoadBroken(
                f"the server closed a connection after {len(self.latencies_ns)} answers"
            )
        if connection.received:
            data = connection.received + data
        body = complete_body(data)
        if body is None:
            connection.received = data
            return
        self.latencies_ns.append(self.clock_ns() - connection.sent_at_ns)
        connection.received = b""
        self.under_way -= 1
        self._note(connection.request, data, body)
        self.send(connection)

    def _note(self, request: int, data: bytes, body: bytes) -> None:
        if data[9:12] != b"200":
            self.not_ok += 1
        if request % self.sample_every == 0:
            self.sample[request] = body


def complete_body(data: bytes) -> bytes | None:
    """The body of a whole HTTP response; None while some of it is still to come."""
    head, blank_line, body = data.partition(b"\r\n\r\n")
    if not blank_line:
        return None
    _, named, after = head.lower().partition(b"content-length:")
    if not named:
        raise LoadBroken(f"a response without Content-Length: {head[:200]!r}")
    length = int(after.partition(b"\r\n")[0])
    return body if len(body) >= length else None


def drive(
    address: tuple[str, int],
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    sample_every: int,
    clock_ns: Callable[[], int] = time.perf_counter_ns,
) -> Outcome:
    """Sends until the requests or the seconds run out, then waits for what is under way."""
    try:
        with _connected(address, min(connections, len(requests))) as (poll, lines):
            started_ns = clock_ns()
            run = _Drive(requests, sample_every, started_ns + int(seconds * 1e9), clock_ns)
            run.until_all_is_answered(poll, lines)
            elapsed_s = (clock_ns() - started_ns) / 1e9
    except OSError as error:
        raise LoadBroken(f"the connection to the server broke: {error}") from error
    return Outcome(len(run.latencies_ns), run.not_ok, elapsed_s, run.latencies_ns, run.sample)


@contextmanager
def _connected(
    address: tuple[str, int], connections: int
) -> Iterator[tuple[select.epoll, dict[int, _Connection]]]:
    lines: dict[int, _Connection] = {}
    with select.epoll() as poll, ExitStack() as opened:
        for _ in range(connections):
            line = opened.enter_context(socket.create_connection(address, ANSWER_TIMEOUT_S))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines[line.fileno()] = _Connection(line)
            poll.register(line, select.EPOLLIN)
        yield poll, lines
