"""The load generator counts what really came back, and gives up aloud when nothing comes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest

from bench.load import LoadBroken, Outcome, complete_body, drive

REQUESTS = [f"POST /{n} HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode() for n in range(60)]
Answer = Callable[[int], list[bytes]]


def response(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, int]]:
    """Answers request number n with the pieces of `answer(n)`; no pieces: closes."""

    def talk(line: socket.socket) -> None:
        with line, suppress(ConnectionResetError):
            while request := line.recv(65536):
                pieces = answer(int(request.split(b" ")[1][1:]))
                for piece in pieces:
                    line.sendall(piece)
                if not pieces:
                    return

    def accept() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(line,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def driven(
    answer: Answer,
    *,
    connections: int = 4,
    seconds: float = 10.0,
    clock_ns: Callable[[], int] = time.perf_counter_ns,
) -> Outcome:
    with server(answer) as address:
        return drive(
            address,
            REQUESTS,
            connections=connections,
            seconds=seconds,
            sample_every=7,
            clock_ns=clock_ns,
        )


def test_every_request_is_sent_once_and_every_answer_counted() -> None:
    asked: list[int] = []

    def answer(number: int) -> list[bytes]:
        asked.append(number)
        return [response(b"ok")]

    outcome = driven(answer)
    assert sorted(asked) == list(range(60))
    assert (outcome.requests, outcome.not_ok, len(outcome.latencies_ns)) == (60, 0, 60)


def test_a_sampled_body_stands_beside_the_request_it_answers() -> None:
    outcome = driven(lambda number: [response(f"reply {number}".encode())])
    assert outcome.sample == {n: f"reply {n}".encode() for n in range(0, 60, 7)}


def test_an_answer_that_is_not_200_is_counted_as_such() -> None:
    outcome = driven(lambda n: [response(b"", "502 Bad Gateway" if n % 20 == 0 else "200 OK")])
    assert (outcome.requests, outcome.not_ok) == (60, 3)


def test_an_answer_in_pieces_is_put_together() -> None:
    whole = response(b"0123456789")
    outcome = driven(lambda _: [whole[:5], whole[5:30], whole[30:]], connections=1)
    assert set(outcome.sample.values()) == {b"0123456789"}
    assert outcome.requests == 60


def test_a_connection_that_the_server_closes_is_no_measurement() -> None:
    with pytest.raises(LoadBroken, match=r"closed|broke"):
        driven(lambda n: [] if n == 30 else [response(b"ok")])


def test_time_over_ends_the_run_before_the_requests_do_and_waits_for_what_is_under_way() -> None:
    a_millisecond_per_look = count(0, 1_000_000)
    outcome = driven(
        lambda _: [response(b"ok")], seconds=0.02, clock_ns=lambda: next(a_millisecond_per_look)
    )
    assert 4 <= outcome.requests < 20
    assert outcome.requests == len(outcome.latencies_ns)


def test_the_body_is_complete_only_with_all_its_bytes() -> None:
    assert complete_body(b"HTTP/1.1 200 OK\r\n") is None
    assert complete_body(response(b"abc")[:-1]) is None
    assert complete_body(response(b"abc")) == b"abc"
    assert complete_body(response(b"")) == b""
    with pytest.raises(LoadBroken, match="Content-Length"):
        complete_body(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nabc")


def test_latency_quantiles_come_from_the_ordered_values() -> None:
    outcome = Outcome(4, 0, 1.0, [4_000_000, 1_000_000, 3_000_000, 2_000_000], {})
    assert outcome.latency_ms(0.5) == 3.0
    assert outcome.latency_ms(0.99) == 4.0
