"""`python -m sandbox.city --url URL --accounts N --seed S`: builds a city and shows examples."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from sandbox.city import CityError, CitySummary, build


def main(
    url: Annotated[str, typer.Option(help="database to fill, e.g. sqlite:///csms.sqlite3")],
    accounts: Annotated[int, typer.Option(help="how many accounts")] = 10_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same city")] = 1,
    as_of: Annotated[str, typer.Option(help="the city's day, YYYY-MM-DD; default today")] = "",
) -> None:
    """Build a synthetic city: a stand-in for the billing system."""
    try:
        day = date.fromisoformat(as_of) if as_of else datetime.now(ZoneInfo("Asia/Shanghai")).date()
        summary = build(url, accounts, seed, as_of=day)
    except (CityError, SQLAlchemyError, ValueError) as error:
        typer.echo(f"city: {error}", err=True)
        raise typer.Exit(1) from error
    show(summary)


def show(summary: CitySummary) -> None:
    console = Console()
    counts = ", ".join(f"{count:,} {name}s" for name, count in summary.counts.items())
    console.print(f"City of {summary.as_of}, seed {summary.seed}: {counts}")
    console.print(f"{summary.accounts_owing:,} accounts owe {summary.owed:,} yuan")
    table = Table("situation", "account", "owner", "mobile", "meter", "last bill", "owed")
    for situation, found in summary.examples.items():
        for one in found:
            table.add_row(
                situation,
                one.acct_no,
                one.owner_name or "-",
                one.mobile or "-",
                one.meter_code or "-",
                str(one.last_bill_amount or "-"),
                f"{one.owed} ({one.bills_owed})",
            )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
