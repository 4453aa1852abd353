"""`python -m bench.outage`: CSMS and the hotline down for a whole run, workers killed all the time,
then everything back. The run of tests/load/test_outage.py at full size, with `waterdesk worker` as
it is served."""

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.machine import description, leave_on_sigterm
from tests.load.outage import audit
from tests.load.outage.run import Report, Sizes, run
from tests.load.outage.world import Plan, running_utility

SHOWN_PROBLEMS = 20
LEAST_ACCOUNTS = 1000
# Of forty accounts, at least one can be read today.
ACCOUNTS_A_CITIZEN = 40


def main(
    citizens: Annotated[int, typer.Option(min=2)] = 100,
    each: Annotated[int, typer.Option(min=1, help="submissions of a citizen, all down")] = 10,
    at_once: Annotated[int, typer.Option(min=1, help="citizens talking at a time")] = 24,
    kill_every_s: Annotated[float, typer.Option(min=1)] = 6.0,
    kills_last_s: Annotated[float, typer.Option(help="after the desks are back")] = 30.0,
    settles_s: Annotated[float, typer.Option(help="most that anything may wait")] = 400.0,
    database_url: Annotated[str, typer.Option(help="an empty one for the records")] = "",
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    leave_on_sigterm()
    console = Console()
    sizes = Sizes(
        citizens=citizens,
        each=each,
        at_once=at_once,
        pictures=8,
        kill_every_s=kill_every_s,
        lasts_s=kills_last_s,
        settles_s=settles_s,
        thinks_s=0.2,
        seed=seed,
    )
    plan = Plan(max(LEAST_ACCOUNTS, citizens * ACCOUNTS_A_CITIZEN), records_url=database_url)
    with (
        tempfile.TemporaryDirectory(prefix="waterdesk-outage-") as folder,
        running_utility(Path(folder), plan) as utility,
    ):
        started_s = time.monotonic()
        report = run(utility, sizes, lambda phase: console.print(_clock(started_s), phase))
        elapsed_s = time.monotonic() - started_s
        found = audit.audit(utility, report)
    console.print(_table(report, found, elapsed_s))
    for problem in found.problems[:SHOWN_PROBLEMS]:
        console.print(problem, style="red", markup=False)
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))
    count = len(found.problems)
    console.print(f"{count} problems", style="red" if count else "green")
    raise typer.Exit(1 if count else 0)


def _clock(started_s: float) -> str:
    return f"{time.monotonic() - started_s:6.1f} s"


def _table(report: Report, found: audit.Found, elapsed_s: float) -> Table:
    table = Table("what", "figure", title="Outage: 2 web workers and 2 workers, killed in turn")
    figures = {
        "citizens": len(report.citizens),
        "submitted while both desks were down": report.made_during_outage,
        "waiting when they came back": report.queued_at_return,
        "kill -9 of a web worker": report.web_kills,
        "kill -9 of a waterdesk worker": report.worker_kills,
        **found.counts,
        "answered by CSMS": sum(report.answered.values()),
        "tickets of the hotline": report.tickets,
    }
    for name, value in figures.items():
        table.add_row(name, f"{value:,}")
    table.add_section()
    for phase, took_s in report.took_s.items():
        table.add_row(f"{phase}, seconds", f"{took_s:.0f}")
    table.add_row("all, seconds", f"{elapsed_s:.0f}")
    return table


if __name__ == "__main__":
    typer.run(main)
