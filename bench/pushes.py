"""`python -m bench.pushes`: how many pushes a second one worker sends, beside a bare loop of posts
with as many threads to the same address, and how many two send; at a platform that answers at once
and at one that takes its time."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import Popen
from typing import Annotated

import requests
import typer
from rich.console import Console
from rich.table import Table

from bench.machine import cpus_for, description, leave_on_sigterm
from tests.load.pushes.audit import still_open
from tests.load.pushes.manner import Manner
from tests.load.pushes.platforms import counter
from tests.load.pushes.world import WATERDESK_WORKER, Plan, world

LATENCIES_MS = (0, 80)
ONE_BESIDE_BARE, TWO_BESIDE_ONE = 0.8, 1.8
WARM_AFTER = 400
WARM_WITHIN_S = 30.0
BILLS_EACH = 12
MOST_A_SECOND = 1500
LOST_AT_FIRST_S = 4.0


class NotMeasured(Exception):
    """Why there is no figure."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Pushes a second, of one round."""

    bare: float
    one: float
    two: float

    @property
    def beside_bare(self) -> float:
        return self.one / self.bare

    @property
    def beside_one(self) -> float:
        return self.two / self.one


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    seconds: Annotated[float, typer.Option(min=1, help="measured time")] = 5.0,
    threads: Annotated[int, typer.Option(min=1, help="pushes on their way at a time")] = 16,
) -> None:
    leave_on_sigterm()
    console = Console(highlight=False)
    senders, others = cpus_for(2)
    os.sched_setaffinity(0, others)  # the platform and Redis are started from here and inherit it
    bench = Bench(seconds, threads, ("taskset", "-c", ",".join(map(str, sorted(senders)))))
    missed = 0
    for latency_ms in LATENCIES_MS:
        with console.status(f"{latency_ms} ms"):
            measured = [bench.round(latency_ms / 1000) for _ in range(rounds)]
        console.print(_table(latency_ms, threads, measured))
        missed += not _is_good(measured, two_count=latency_ms > 0 or len(senders) > 1)
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))
    if len(senders) == 1:
        console.print("The senders share one core: at 0 ms a second worker finds nothing to add.")
    raise typer.Exit(1 if missed else 0)


@dataclass(frozen=True, slots=True)
class Bench:
    """`on_cpus`: the command before a command that keeps it off the platform's core."""

    seconds: float
    threads: int
    on_cpus: tuple[str, ...]

    def round(self, latency_s: float) -> Rates:
        bare = self._bare(latency_s)
        return Rates(bare, self._workers(1, latency_s), self._workers(2, latency_s))

    def _bare(self, latency_s: float) -> float:
        with counter(Manner(latency_s=latency_s)) as platform:
            url = f"{platform}/cgi-bin/message/template/send"
            command = [sys.executable, "-m", "bench.contenders.posts", url, str(self.threads)]
            posts = Popen([*self.on_cpus, *command])
            try:
                return self._rate(platform)
            finally:
                posts.kill()
                posts.wait()

    def _workers(self, count: int, latency_s: float) -> float:
        a_second = min(MOST_A_SECOND, self.threads / latency_s if latency_s else MOST_A_SECOND)
        wanted = int(a_second * count * (self.seconds + LOST_AT_FIRST_S))
        plan = Plan(
            citizens=wanted // BILLS_EACH + 1,
            each=BILLS_EACH,
            manner=Manner(latency_s=latency_s),
            workers=count,
            concurrency=self.threads,
            worker=(*self.on_cpus, *WATERDESK_WORKER),
            at_sandbox=False,
        )
        with (
            tempfile.TemporaryDirectory(prefix="waterdesk-pushes-") as folder,
            world(Path(folder), plan) as pushes,
        ):
            pushes.crew.start()
            rate = self._rate(pushes.platform, all_up=pushes.crew.all_up)
            if not still_open(pushes):
                raise NotMeasured("all was sent before the time was over: raise MOST_A_SECOND")
            return rate

    def _rate(self, platform: str, all_up: Callable[[], bool] = lambda: True) -> float:
        """Of calls that the platform has had, once they come as they will."""
        until_s = time.monotonic() + WARM_WITHIN_S
        while _calls(platform)[0] < WARM_AFTER or not all_up():
            if time.monotonic() > until_s:
                raise NotMeasured("nobody sends")
            time.sleep(0.1)
        before, from_s = _calls(platform)
        time.sleep(self.seconds)
        after, to_s = _calls(platform)
        return (after - before) / (to_s - from_s)


def _calls(platform: str) -> tuple[int, float]:
    told = requests.get(f"{platform}/calls", timeout=10).json()
    return told["calls"], told["at_s"]


def _is_good(measured: list[Rates], *, two_count: bool) -> bool:
    beside_bare = median(each.beside_bare for each in measured)
    beside_one = median(each.beside_one for each in measured)
    return beside_bare >= ONE_BESIDE_BARE and (beside_one >= TWO_BESIDE_ONE or not two_count)


def _table(latency_ms: int, threads: int, measured: list[Rates]) -> Table:
    table = Table(title=f"{threads} at a time, the platform takes {latency_ms} ms")
    for heading in ("", "pushes/s", "beside"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("bare loop of posts", _middle([each.bare for each in measured]), "")
    table.add_row(
        "one worker",
        _middle([each.one for each in measured]),
        f"{_spread([each.beside_bare for each in measured])} × the loop",
    )
    table.add_row(
        "two workers",
        _middle([each.two for each in measured]),
        f"{_spread([each.beside_one for each in measured])} × one",
    )
    return table


def _middle(values: list[float]) -> str:
    return f"{median(values):,.0f}"


def _spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}..{max(values):.2f})"


if __name__ == "__main__":
    typer.run(main)
