"""`python -m bench.swarm`: the swarm of tests/load at full size, every check, and latencies."""

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.machine import description, leave_on_sigterm
from tests.load import ledger, swarm
from tests.load.person import ANSWERED_WITHIN_S, quantile
from tests.load.stack import running_stack

SHOWN_PROBLEMS = 10


def main(
    citizens: Annotated[int, typer.Option(min=1)] = 200,
    turns: Annotated[int, typer.Option(min=1, help="messages of each citizen")] = 50,
    at_once: Annotated[int, typer.Option(min=1, help="citizens talking at a time")] = 32,
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    leave_on_sigterm()
    sizes = swarm.Sizes(citizens, turns, at_once, seed)
    with (
        tempfile.TemporaryDirectory(prefix="waterdesk-swarm-") as folder,
        running_stack(Path(folder), accounts=max(1000, citizens * 10)) as stack,
    ):
        started_s = time.monotonic()
        report = swarm.run(stack, sizes)
        elapsed_s = time.monotonic() - started_s
        problems = [*report.problems, *ledger.problems(stack, report)]
    console = Console()
    console.print(_table(report, elapsed_s))
    for problem in problems[:SHOWN_PROBLEMS]:
        console.print(problem, style="red", markup=False)
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))
    console.print(f"{len(problems)} problems", style="red" if problems else "green")
    raise typer.Exit(1 if problems else 0)


def _table(report: swarm.Report, elapsed_s: float) -> Table:
    table = Table("what", "figure", title="Swarm: 2 workers, generator on the same machine")
    deliveries = len(report.took_s)
    late = sum(1 for took_s in report.took_s if took_s > ANSWERED_WITHIN_S)
    minds = report.minds.values()
    figures = {
        "messages": report.messages,
        "deliveries": deliveries,
        **{f"{way} messages": count for way, count in sorted(report.ways.items())},
        "deliveries per second": round(deliveries / elapsed_s),
        "p50 ms": round(quantile(report.took_s, 0.5) * 1000, 1),
        "p99 ms": round(quantile(report.took_s, 0.99) * 1000, 1),
        "slowest ms": round(max(report.took_s) * 1000, 1),
        f"later than {ANSWERED_WITHIN_S} s": late,
        "accounts bound, as the database has them": sum(len(mind.bound) for mind in minds),
        "failed proofs, as the database has them": sum(mind.failures for mind in minds),
        "dialog events, as the counters have them": sum(report.counted.values()),
    }
    for name, value in figures.items():
        table.add_row(name, f"{value:,}")
    return table


if __name__ == "__main__":
    typer.run(main)
