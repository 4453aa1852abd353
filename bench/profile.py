"""`python -m bench.profile`: where one turn's time goes, in-process, without an HTTP server.

Calls the WSGI application of a contender with prepared deliveries: once against the clock, once
under cProfile. Profiled times are inflated; the clock's are real, less granian and the network.
"""

import cProfile
import importlib
import os
import pstats
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.account import BENCH_ACCOUNT
from bench.line_up import LINE_UP, Contender
from bench.settings import environment
from bench.store import opened
from bench.traffic import CALLBACK_PATH, Delivery, deliveries

WARM_UP_TURNS = 300

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class TurnFailed(Exception):
    """The application answered a prepared delivery with something else than 200."""


def main(
    key: Annotated[str, typer.Argument(help="contender: a, b or c")] = "c",
    turns: Annotated[int, typer.Option(min=1)] = 5000,
    citizens: Annotated[int, typer.Option(min=1)] = 10_000,
    top: Annotated[int, typer.Option(min=1)] = 30,
    sort: Annotated[str, typer.Option(help="tottime or cumulative")] = "tottime",
    entry: Annotated[str, typer.Option(help="another module:name instead of (c)'s own")] = "",
) -> None:
    contender = next((each for each in LINE_UP if each.key == key), None)
    if contender is None:
        raise typer.BadParameter(f"no contender {key!r}")
    if not entry and (reason := contender.missing()):
        raise typer.BadParameter(reason)
    with opened() as store, tempfile.TemporaryDirectory(prefix="waterdesk-profile-") as folder:
        env = environment(BENCH_ACCOUNT, store.url, Path(folder))
        os.environ.update(env)
        if not entry:
            contender.prepare(env)
        application = _load(entry or contender.entry, factory=contender.factory and not entry)
        _profile(application, contender, turns, citizens, top, sort)


def _load(entry: str, *, factory: bool) -> Application:
    module, _, name = entry.partition(":")
    found = getattr(importlib.import_module(module), name)
    application: Application = found() if factory else found
    return application


def _profile(
    application: Application, contender: Contender, turns: int, citizens: int, top: int, sort: str
) -> None:
    stream = deliveries(
        BENCH_ACCOUNT, contender.workload, citizens=citizens, seed=1, now_s=int(time.time())
    )
    warm_up, timed, profiled = (
        list(islice(stream, count)) for count in (WARM_UP_TURNS, turns, turns)
    )
    for delivery in warm_up:
        contender.check(BENCH_ACCOUNT, delivery, _turn(application, delivery))
    wall_us, cpu_us = _timed(application, timed)
    profiler = cProfile.Profile()
    profiler.enable()
    for delivery in profiled:
        _turn(application, delivery)
    profiler.disable()
    pstats.Stats(profiler).strip_dirs().sort_stats(sort).print_stats(top)
    print(f"({contender.key}) {contender.title}, {turns} turns, not profiled:", end=" ")
    print(f"{wall_us:.1f} µs per turn, of it {cpu_us:.1f} µs CPU of this process")


def _timed(application: Application, batch: Sequence[Delivery]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for delivery in batch:
        _turn(application, delivery)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall * 1e6 / len(batch), cpu * 1e6 / len(batch)


def _turn(application: Application, delivery: Delivery) -> bytes:
    statuses: list[str] = []

    def start_response(status: str, _headers: object, _error: object = None) -> None:
        statuses.append(status)

    chunks = application(_environ(delivery), start_response)
    body = b"".join(chunks)
    if close := getattr(chunks, "close", None):
        close()
    if not statuses[0].startswith("200"):
        raise TurnFailed(f"{statuses[0]}: {body[:200]!r}")
    return body


def _environ(delivery: Delivery) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": CALLBACK_PATH,
        "QUERY_STRING": delivery.query,
        "CONTENT_TYPE": "text/xml",
        "CONTENT_LENGTH": str(len(delivery.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_USER_AGENT": "Mozilla/4.0",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(delivery.body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    typer.run(main)
