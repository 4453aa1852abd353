"""One measurement: start a contender, warm it up, load it, account for its CPU, check its replies.

In: a contender and the stage it plays on. Out: a Measurement. Called once per contender and round.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.account import ServiceAccount
from bench.line_up import Contender
from bench.load import LoadBroken, Outcome, drive
from bench.machine import cpu_time_s
from bench.replies import first_lines
from bench.server import Options, Running, serving
from bench.settings import environment
from bench.store import Store
from bench.traffic import Delivery, deliveries

WAKE_UP_REQUESTS = 200  # the workers import what they need
WARM_UP_LIMIT_S = 30.0
SPARE = 1.3  # the server may be quicker than while it warmed up
MOST_REQUESTS = 120_000  # what fits in memory everywhere
SAMPLE_EVERY = 50


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float
    connections: int
    citizens: int
    seed: int
    options: Options


@dataclass(frozen=True, slots=True)
class Stage:
    """What all contenders of a run share. `folder` is theirs for databases and logs."""

    plan: Plan
    account: ServiceAccount
    store: Store
    folder: Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """`cpu_us` and `redis_us` are CPU time per message; `busy_percent` is how much of its CPUs the
    server used; `checked` replies were decrypted."""

    contender: str
    round: int
    requests: int
    requests_per_s: float
    cpu_us: float
    redis_us: float
    busy_percent: float
    p50_ms: float
    p99_ms: float
    checked: int
    replies: dict[str, int]


def measure(contender: Contender, number: int, stage: Stage) -> Measurement:
    env = environment(stage.account, stage.store.url, stage.folder)
    if number == 1:
        contender.prepare(env)
    stage.store.clear()
    log = stage.folder / f"{contender.key}.log"
    plan = stage.plan
    with serving(
        contender.entry, factory=contender.factory, env=env, options=plan.options, log=log
    ) as server:
        stream = deliveries(
            stage.account,
            contender.workload,
            citizens=plan.citizens,
            seed=plan.seed + number,
            now_s=int(time.time()),
        )
        rate = _warm_up(server, stream, plan)
        batch = list(islice(stream, min(MOST_REQUESTS, int(rate * plan.seconds * SPARE))))
        return _account_for(contender, number, stage, server, batch)


def _warm_up(server: Running, stream: Iterator[Delivery], plan: Plan) -> float:
    """Every citizen has written once. Returns the rate, in requests per second."""
    for size in (WAKE_UP_REQUESTS, max(plan.citizens - WAKE_UP_REQUESTS, WAKE_UP_REQUESTS)):
        batch = list(islice(stream, size))
        outcome = _load(server, batch, plan.connections, seconds=WARM_UP_LIMIT_S)
    return outcome.requests / outcome.elapsed_s


def _account_for(
    contender: Contender, number: int, stage: Stage, server: Running, batch: list[Delivery]
) -> Measurement:
    redis_before, cpu_before = stage.store.cpu_time_s(), cpu_time_s(server.pid)
    outcome = _load(server, batch, stage.plan.connections, seconds=stage.plan.seconds)
    cpu_s = cpu_time_s(server.pid) - cpu_before
    redis_s = stage.store.cpu_time_s() - redis_before
    replies = [
        contender.check(stage.account, batch[index], body) for index, body in outcome.sample.items()
    ]
    return Measurement(
        contender=contender.key,
        round=number,
        requests=outcome.requests,
        requests_per_s=outcome.requests / outcome.elapsed_s,
        cpu_us=cpu_s * 1e6 / outcome.requests,
        redis_us=redis_s * 1e6 / outcome.requests,
        busy_percent=100 * cpu_s / outcome.elapsed_s / len(stage.plan.options.cpus),
        p50_ms=outcome.latency_ms(0.50),
        p99_ms=outcome.latency_ms(0.99),
        checked=len(replies),
        replies=first_lines(replies),
    )


def _load(server: Running, batch: list[Delivery], connections: int, *, seconds: float) -> Outcome:
    host = f"{server.address[0]}:{server.address[1]}"
    requests = [delivery.http_request(host) for delivery in batch]
    with _without_garbage_collection():
        outcome = drive(
            server.address,
            requests,
            connections=connections,
            seconds=seconds,
            sample_every=SAMPLE_EVERY,
        )
    if outcome.not_ok:
        raise LoadBroken(f"{outcome.not_ok} of {outcome.requests} answers were not 200")
    return outcome


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A collection over a hundred thousand requests would show as a latency of the server."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
