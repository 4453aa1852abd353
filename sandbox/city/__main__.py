"""`python -m sandbox.city --url URL --accounts N --seed S`: builds a city and shows examples."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.exc import SQLAlchemyError

from sandbox.city import CityError, CitySummary, build

app = typer.Typer(add_completion=False)


@app.command()
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
    counts = ", ".join(f"{count:,} {table} rows" for table, count in summary.counts.items())
    typer.echo(f"City of {summary.as_of}, seed {summary.seed}: {counts}")
    typer.echo(f"{summary.accounts_owing:,} accounts owe {summary.owed:,} yuan")
    for situation, found in summary.examples.items():
        typer.echo(situation)
        for one in found:
            owed = (
                f"owes {one.owed} in {one.bills_owed} bills" if one.bills_owed else "owes nothing"
            )
            facts = (one.mobile or "no mobile", one.meter_code or "no meter", owed)
            last = f"last bill {one.last_bill_amount}"
            typer.echo(f"  {one.acct_no}  {'  '.join(facts)}  {last}  {one.owner_name or '-'}")


if __name__ == "__main__":
    app()
