"""`python -m bench.planning`: what planning reminders costs in a small city and in a large one
in which the same number of bills falls due: it must grow with these, not with the city."""

import multiprocessing
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from backends.csms.due import open_due_lists
from backends.records.ledger import open_ledger
from bench.machine import description, leave_on_sigterm
from bench.planning_city import PLANNED_AT, bind, city_of, fall_due
from jobs.job import Order, planning
from jobs.planning.payment import PaymentReminders

MOST_TIMES = 1.5
MOST_MIB = 250.0


@dataclass(frozen=True, slots=True)
class Measured:
    """`peak_mib`: of the process that planned, with all that it had imported."""

    planned: int
    took_s: float
    peak_mib: float


def main(
    folder: Annotated[Path, typer.Option(help="where the cities are, or are built")],
    small: Annotated[int, typer.Option(min=1000)] = 100_000,
    large: Annotated[int, typer.Option(min=1000)] = 1_000_000,
    due: Annotated[int, typer.Option(min=100, help="bills that fall due")] = 10_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    leave_on_sigterm()
    console = Console(highlight=False)
    cities = {accounts: city_of(folder, accounts, console.print) for accounts in (small, large)}
    bound = {accounts: fall_due(path, due) for accounts, path in cities.items()}
    measured: dict[int, list[Measured]] = {accounts: [] for accounts in cities}
    for number in range(rounds):
        for accounts, path in cities.items():
            with console.status(f"round {number + 1} of {rounds}: {accounts:,} accounts"):
                measured[accounts].append(_in_a_process(path, bound[accounts]))
    times = _typical_s(measured[large]) / _typical_s(measured[small])
    peak = max(one.peak_mib for of_city in measured.values() for one in of_city)
    console.print(_table(measured))
    console.print(f"{large:,} beside {small:,} accounts: {times:.2f} × (at most {MOST_TIMES})")
    console.print(f"peak memory {peak:.0f} MiB (at most {MOST_MIB:.0f})")
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))
    planned = all(one.planned == due for of_city in measured.values() for one in of_city)
    raise typer.Exit(0 if planned and times <= MOST_TIMES and peak <= MOST_MIB else 1)


def _in_a_process(path: Path, acct_nos: list[str]) -> Measured:
    """A new one, and a new database of ours: nothing is warm but the system's page cache."""
    with tempfile.TemporaryDirectory(prefix="waterdesk-planning-") as folder:
        records = f"sqlite:///{Path(folder) / 'own.sqlite3'}"
        bind(records, acct_nos)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return pool.apply(_plan, (f"sqlite:///{path}", records))


def _plan(csms_url: str, records_url: str) -> Measured:
    lists = open_due_lists(csms_url, pool_size=1, statement_timeout_s=60)
    own = open_ledger(records_url, pool_size=1, statement_timeout_s=60, long_term=False)
    with closing(lists) as due, closing(own) as ledger:
        started_s = time.perf_counter()
        counts: list[int] = [0]
        for done in planning(PaymentReminders(due, ledger), ledger)(Order(PLANNED_AT)):
            counts.append(done["planned"])
        took_s = time.perf_counter() - started_s
    return Measured(counts[-1], took_s, _peak_mib())


def _peak_mib() -> float:
    """getrusage would begin at what the parent had used."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _typical_s(of_city: list[Measured]) -> float:
    return median(one.took_s for one in of_city)


def _table(measured: dict[int, list[Measured]]) -> Table:
    table = Table("accounts", "planned", "seconds", "µs each", "peak MiB", title="Planning")
    for accounts, of_city in measured.items():
        typical_s, planned = _typical_s(of_city), of_city[0].planned
        table.add_row(
            f"{accounts:,}",
            f"{planned:,}",
            f"{typical_s:.2f} ({min(m.took_s for m in of_city):.2f}–"
            f"{max(m.took_s for m in of_city):.2f})",
            f"{typical_s / max(planned, 1) * 1e6:.0f}",
            f"{max(m.peak_mib for m in of_city):.0f}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
