"""`python -m bench.month`: a simulated month of payments with ten times the usual faults, while web
workers, `waterdesk worker`s and database connections are killed; then three books are compared to
the fen. Exit code 1 when anything does not balance."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.machine import description, leave_on_sigterm
from bot import log
from tests.load.month.run import Report, Sizes, run
from tests.load.month.world import Plan, running_month

SHOWN_PROBLEMS = 30
LEAST_ACCOUNTS, ORDERS_AN_ACCOUNT = 1000, 5
MOST_BILLS = 8


def main(
    orders: Annotated[int, typer.Option(min=20)] = 20_000,
    days: Annotated[int, typer.Option(min=1, max=31)] = 30,
    seed: Annotated[int, typer.Option()] = 1,
    kill_every_s: Annotated[float, typer.Option(min=0.5, help="seconds between kills")] = 3.0,
    rounds: Annotated[int, typer.Option(help="of kills, at the most")] = 1_000,
    surplus: Annotated[str, typer.Option(help="WATERDESK_PAY_SURPLUS")] = "refund",
    keep: Annotated[Path | None, typer.Option(help="a folder for logs and books")] = None,
) -> None:
    leave_on_sigterm()
    log.set_up("error")
    console, started_s = Console(highlight=False), time.monotonic()
    accounts = max(LEAST_ACCOUNTS, orders // ORDERS_AN_ACCOUNT)
    plan = Plan(accounts, min(MOST_BILLS, 2 + orders // accounts), seed, surplus=surplus)

    def tell(said: str) -> None:
        console.print(f"{time.monotonic() - started_s:6.0f} s  {said}")

    with tempfile.TemporaryDirectory(prefix="waterdesk-month-") as made:
        folder = keep or Path(made)
        folder.mkdir(exist_ok=True)
        with running_month(folder, plan) as month:
            tell("all is up")
            report = run(month, Sizes(orders, days, seed, kill_every_s, rounds), tell)
    _print(console, report, time.monotonic() - started_s)
    raise typer.Exit(1 if report.problems else 0)


def _print(console: Console, report: Report, elapsed_s: float) -> None:
    console.print(_balance(report), _counts(report))
    for one in report.found.differences:
        listed = "listed" if one.is_listed else "not listed"
        console.print(f"{one.what} {one.key} {one.order_no}: {one.said} ({listed})")
    for problem in report.problems[:SHOWN_PROBLEMS]:
        console.print(problem, style="red", markup=False)
    machine = ", ".join(f"{name} {value}" for name, value in description().items())
    console.print(f"{elapsed_s:.0f} s; {machine}")
    count = len(report.problems)
    words = f"{count} problems" if count else "every fen is accounted for"
    console.print(words, style="red" if count else "green")


def _balance(report: Report) -> Table:
    table = Table("book", "count", "yuan", title="A month of payments")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, count, fen in _lines(report):
        table.add_row(name, f"{count:,}", f"{fen / 100:,.2f}")
    return table


def _lines(report: Report) -> Iterator[tuple[str, int, int]]:
    books, sums = report.books, report.found.sums
    paid = books.ours.paid
    items = [item for order in paid.values() for item in order.items]
    yield "orders placed", len(books.ours.orders), sum(o.fen for o in books.ours.orders.values())
    yield "charged by WeChat", len(books.wechat.trades), sums.wechat
    yield "paid with us", len(paid), sums.ours
    for what in ("posted", "credited", "returned"):
        parts = [getattr(item, f"{what}_fen") for item in items]
        yield f"  {what}", sum(part > 0 for part in parts), sum(parts)
    yield "taken by CSMS", len(books.city.payments), sums.csms
    yield "given back by WeChat", len(books.wechat.given_back), sums.given_back
    excused = [one for one in report.found.differences if one.is_excused]
    yield "listed at CSMS beyond ours", len(excused), -sum(one.csms_fen for one in excused)


def _counts(report: Report) -> Table:
    table = Table("what happened", "count")
    table.columns[1].justify = "right"
    for name, count in sorted(report.counts.items()):
        table.add_row(name, f"{count:,}")
    table.add_section()
    for mismatch, count in sorted(report.found.counts.items()):
        table.add_row(f"reconciliation listed: {mismatch}", f"{count:,}")
    return table


if __name__ == "__main__":
    typer.run(main)
