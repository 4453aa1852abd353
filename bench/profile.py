"""`python -m bench.profile`: where one turn's time goes, in-process, without an HTTP server.

Calls the WSGI application of a contender with prepared deliveries: in one process against the
clock, in another under cProfile, in every thread. Profiled times are inflated and count waiting;
the clock's are real, less granian and the network.
"""

import cProfile
import importlib
import multiprocessing
import os
import pstats
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.account import BENCH_ACCOUNT
from bench.line_up import LINE_UP, Contender
from bench.machine import leave_on_sigterm
from bench.settings import environment
from bench.store import opened
from bench.traffic import CALLBACK_PATH, Delivery, deliveries

WARM_UP_TURNS = 300

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Load = Callable[[], Application]


class TurnFailed(Exception):
    """The application answered a prepared delivery with something else than 200."""


def main(
    key: Annotated[str, typer.Argument(help="contender: a, b or c")] = "c",
    turns: Annotated[int, typer.Option(min=1)] = 5000,
    citizens: Annotated[int, typer.Option(min=1)] = 500,
    top: Annotated[int, typer.Option(min=1)] = 30,
    sort: Annotated[str, typer.Option(help="tottime or cumulative")] = "tottime",
    entry: Annotated[
        str, typer.Option(help="instead of the contender's: module:name or module:factory()")
    ] = "",
) -> None:
    contender = next((each for each in LINE_UP if each.key == key), None)
    if contender is None:
        raise typer.BadParameter(f"no contender {key!r}")
    if not entry and (reason := contender.missing()):
        raise typer.BadParameter(reason)
    leave_on_sigterm()
    with opened() as store, tempfile.TemporaryDirectory(prefix="waterdesk-profile-") as folder:
        env = environment(BENCH_ACCOUNT, store.url, Path(folder))
        os.environ.update(env)
        if not entry:
            contender.prepare(env)
        whole = entry or contender.entry + ("()" if contender.factory else "")
        work = (partial(_load, whole), contender, turns, citizens)
        for look in (partial(_profile, top=top, sort=sort), _time):
            _in_a_process_of_its_own(partial(look, *work), Path(folder) / "application.log")


def _in_a_process_of_its_own(look: Callable[[], str], log: Path) -> None:
    """What the application writes goes to a file, as under the server."""

    def work() -> None:
        with os.fdopen(os.dup(1), "w") as screen, log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            screen.write(look())

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    if process.exitcode:
        typer.echo("\n".join(log.read_text(errors="replace").splitlines()[-30:]), err=True)
        raise typer.Exit(1)


def _load(entry: str) -> Application:
    module, _, name = entry.partition(":")
    found = getattr(importlib.import_module(module), name.removesuffix("()"))
    application: Application = found() if name.endswith("()") else found
    return application


def _profile(
    load: Load, contender: Contender, turns: int, citizens: int, *, top: int, sort: str
) -> str:
    profilers: list[cProfile.Profile] = []
    begun = threading.Event()

    def record() -> None:
        profilers.append(cProfile.Profile())
        profilers[-1].enable()

    def record_once_begun(_frame: object, _event: str, _argument: object) -> None:
        if begun.is_set():
            record()

    threading.setprofile(record_once_begun)  # for the threads that the application will start
    application, batch = _warmed_up(load, contender, turns, citizens)
    begun.set()
    record()
    for delivery in batch:
        _turn(application, delivery)
    profilers[0].disable()
    table = StringIO()
    pstats.Stats(*profilers, stream=table).strip_dirs().sort_stats(sort).print_stats(top)
    return table.getvalue()


def _time(load: Load, contender: Contender, turns: int, citizens: int) -> str:
    application, batch = _warmed_up(load, contender, turns, citizens)
    wall, cpu = time.perf_counter(), time.process_time()
    for delivery in batch:
        _turn(application, delivery)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return (
        f"({contender.key}) {contender.title}, {turns} turns, not profiled: "
        f"{wall * 1e6 / turns:.1f} µs per turn, of it {cpu * 1e6 / turns:.1f} µs CPU\n"
    )


def _warmed_up(
    load: Load, contender: Contender, turns: int, citizens: int
) -> tuple[Application, list[Delivery]]:
    application = load()
    stream = deliveries(
        BENCH_ACCOUNT, contender.workload, citizens=citizens, seed=1, now_s=int(time.time())
    )
    for delivery in islice(stream, WARM_UP_TURNS):
        contender.check(BENCH_ACCOUNT, delivery, _turn(application, delivery))
    return application, list(islice(stream, turns))


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
