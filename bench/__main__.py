"""`python -m bench`: what a message costs in Waterdesk, in a bare WeRoBot and in a raw function."""

import json
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import report
from bench.account import BENCH_ACCOUNT
from bench.line_up import LINE_UP, Contender
from bench.machine import cpus_for, description, leave_on_sigterm
from bench.measure import Plan, Stage
from bench.rounds import run
from bench.server import Options
from bench.store import opened

QUICK_SECONDS = 1.2


def main(
    workers: Annotated[int, typer.Option(min=1, help="granian workers")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="blocking threads per worker")] = 8,
    connections: Annotated[int, typer.Option(min=1)] = 32,
    citizens: Annotated[int, typer.Option(min=100)] = 10_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    seconds: Annotated[float, typer.Option(min=0.5, help="measured time per round")] = 6.0,
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK_SECONDS} s per round")] = False,
    only: Annotated[str, typer.Option(help="contenders, e.g. a,b")] = "",
    seed: Annotated[int, typer.Option()] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="write all figures here")] = None,
) -> None:
    if not hasattr(os, "sched_setaffinity"):
        raise typer.BadParameter("the benchmark reads /proc and pins CPUs: run it on Linux")
    leave_on_sigterm()
    server_cpus, other_cpus = cpus_for(workers)
    options = Options(workers, threads, frozenset(server_cpus))
    plan = Plan(rounds, QUICK_SECONDS if quick else seconds, connections, citizens, seed, options)
    os.sched_setaffinity(0, other_cpus)  # Redis is started from here and inherits it
    console = Console()
    if server_cpus == other_cpus:
        console.print("One CPU only: generator and Redis take time from the server; trust CPU µs.")
    failed = _bench(console, plan, _standing(console, only), json_file)
    raise typer.Exit(1 if failed else 0)


def _standing(console: Console, only: str) -> list[Contender]:
    standing = []
    for contender in LINE_UP:
        if only and contender.key not in only.split(","):
            continue
        if reason := contender.missing():
            console.print(f"({contender.key}) {contender.title}: skipped, {reason}")
        else:
            standing.append(contender)
    return standing


def _bench(console: Console, plan: Plan, line_up: list[Contender], json_file: Path | None) -> bool:
    with opened() as store, tempfile.TemporaryDirectory(prefix="waterdesk-bench-") as folder:
        machine = {**description(), "redis server": store.version()}
        stage = Stage(plan, BENCH_ACCOUNT, store, Path(folder))
        with console.status("") as status:
            measurements, failures = run(line_up, stage, status.update)
    console.print(report.table(line_up, measurements))
    if next(report.ratios(measurements), None):
        console.print(report.ratio_table(measurements))
    for contender in line_up:
        if any(each.contender == contender.key for each in measurements):
            console.print(f"({contender.key}) {report.replies(measurements, contender.key)}")
    for warning in report.warnings(measurements):
        console.print(f"[yellow]{warning}[/yellow]")
    for failure in failures:
        console.print(f"[red]({failure.contender}) not measured:[/red] {failure.reason}")
    console.print(_circumstances(plan, machine))
    if json_file:
        figures = report.as_json(plan, machine, measurements, failures)
        json_file.write_text(json.dumps(figures, ensure_ascii=False, indent=2))
    return bool(failures)


def _circumstances(plan: Plan, machine: dict[str, str]) -> str:
    options = plan.options
    return (
        f"granian WSGI, {options.workers} worker(s) x {options.threads} threads on CPU "
        f"{sorted(options.cpus)}; safe mode; {plan.connections} connections, "
        f"{plan.citizens} citizens, {plan.rounds} rounds of {plan.seconds} s\n"
        + ", ".join(f"{name} {value}" for name, value in machine.items())
    )


if __name__ == "__main__":
    typer.run(main)
