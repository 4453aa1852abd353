"""`python -m bench.reconcile`: how many rows of a trade bill are reconciled in a second, beside a
bare csv read of the same file in the same process, and the most memory it takes; for bills of
growing length. Our orders and CSMS's postings are real tables in SQLite, one for each row.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from backends.csms.takings import open_takings
from backends.errors import NoStatement
from backends.records.adapter import open_records
from backends.records.orders import open_orders
from backends.records.outbox import open_outbox
from backends.records.refunds import open_refunds
from backends.records.statements import open_statements
from bench.machine import description
from bench.reconcile_books import DAY, write_books
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from jobs.job import Order
from jobs.reconciling.books import Books
from jobs.reconciling.fetching import Fetching
from jobs.reconciling.mending import Mending
from jobs.reconciling.reconcile import Reconcile

MOST_MIB = 1024
PIECE_BYTES = 65_536
NEXT_MORNING = datetime.fromisoformat("2026-11-26T10:20:00+08:00")


@dataclass(frozen=True, slots=True)
class Measured:
    """`bare_s`: a csv read of the file. `peak_mib`: of the whole process."""

    rows: int
    bare_s: float
    reconciled_s: float
    peak_mib: float
    counts: dict[str, int]


class OneBill:
    """WeChat Pay as far as it is asked for trade bills."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def trade_bill(self, day: date) -> Iterator[Iterator[bytes]]:
        if day != DAY:
            raise NoStatement(day)
        with self._path.open("rb") as file:
            yield iter(lambda: file.read(PIECE_BYTES), b"")


def main(
    rows: Annotated[str, typer.Option(help="lengths of bills, comma between")] = "2000,20000",
    child: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    if child:
        print(json.dumps(asdict(_measure(Path(child)))))
        return
    found = [_in_a_process(int(count)) for count in rows.split(",")]
    _print(found)
    wrong = [one for one in found if one.counts.get("open") or one.counts["compared"] != one.rows]
    raise typer.Exit(bool(wrong) or any(one.peak_mib > MOST_MIB for one in found))


def _in_a_process(rows: int) -> Measured:
    """Its own, so that its peak is its own too."""
    with tempfile.TemporaryDirectory() as folder:
        write_books(Path(folder), rows)
        command = [sys.executable, "-m", "bench.reconcile", "--child", folder]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _measure(folder: Path) -> Measured:
    bill = folder / "bill.csv"
    started = time.perf_counter()
    with bill.open(encoding="utf-8-sig", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 3  # the header and the summary
    bare_s = time.perf_counter() - started
    started, counts = time.perf_counter(), dict[str, int]()
    for told in _job(folder, bill)(Order(NEXT_MORNING, day=DAY)):
        counts = dict(told)
    reconciled_s = time.perf_counter() - started
    return Measured(rows, bare_s, reconciled_s, _peak_mib(), counts)


def _peak_mib() -> float:
    """Since the program began: ru_maxrss would count the parent's, which was copied."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _job(folder: Path, bill: Path) -> Reconcile:
    own, csms = (f"sqlite:///{folder / name}.sqlite3" for name in ("own", "csms"))
    limits = {"pool_size": 2, "statement_timeout_s": 60.0}
    orders, refunds = open_orders(own, **limits), open_refunds(own, **limits)
    takings, gateway = open_takings(csms, **limits), OneBill(bill)
    books = Books(open_statements(own, **limits), orders, refunds, takings)

    def clock() -> datetime:
        return NEXT_MORNING + timedelta(minutes=1)

    mending = Mending(
        gateway,
        Following(orders, gateway, takings, "credit", clock).took,
        Refunding(refunds, gateway, clock).follow,
        open_outbox(own, **limits),
        open_records(own, **limits),
        clock,
    )
    statements = folder / "statements"
    return Reconcile(books, Fetching(gateway, books.statements, statements), mending, statements)


def _print(found: list[Measured]) -> None:
    table = Table(title="Reconciliation, rows of a trade bill")
    for heading in ("rows", "bare csv, rows/s", "reconciled, rows/s", "share", "peak MiB"):
        table.add_column(heading, justify="right")
    for one in found:
        bare, ours = one.rows / one.bare_s, one.rows / one.reconciled_s
        cells = f"{one.rows:,}", f"{bare:,.0f}", f"{ours:,.0f}", f"{ours / bare:.3f}"
        table.add_row(*cells, f"{one.peak_mib:,.0f}")
    console = Console(highlight=False)
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))


if __name__ == "__main__":
    typer.run(main)
