"""`waterdesk statements`: the days that were reconciled 对账, and the differences of each."""

import os
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import Listed, Statement
from bot import pay_parts
from bot.settings import Settings, load_settings

statements = typer.Typer(no_args_is_help=True, help="Reconciliation: days and their differences.")
out = Console(highlight=False, soft_wrap=True)


@statements.command("list")
def list_(limit: Annotated[int, typer.Option(min=1, max=1000)] = 14) -> None:
    """The newest days first; then what is open, by class."""
    kept = pay_parts.statements_of(_settings())
    found = kept.statements(limit)
    if found:
        out.print("day         payments         yuan  refunds         yuan  compared", markup=False)
    for one in found:
        out.print(_line(one), markup=False)
    if not found:
        out.print("no day was reconciled: `python -m jobs reconcile`", markup=False)
    for mismatch, count in sorted(kept.counts().items()):
        out.print(f"{count:>10,}  open: {mismatch.value}", markup=False)


@statements.command("show")
def show(
    day: Annotated[str, typer.Argument(help="such as 2026-11-25")],
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 200,
) -> None:
    """A day and its differences, open ones first. W: WeChat, O: our orders, C: CSMS."""
    wanted, kept = _day(day), pay_parts.statements_of(_settings())
    found = kept.statement(wanted)
    if found is None:
        out.print(f"{day} was not reconciled: `python -m jobs reconcile --date {day}`", style="red")
        raise typer.Exit(1)
    out.print(_line(found), markup=False)
    for listed in kept.differences(wanted, limit):
        out.print(_difference(listed), markup=False)


@statements.command("resolve")
def resolve(
    number: Annotated[int, typer.Argument(help="The first column of `show`.")],
    by: Annotated[str, typer.Option(help="Who has settled it; it is kept.")],
    note: Annotated[str, typer.Option(help="What came of it; it is kept.")],
) -> None:
    """A person has settled the difference: it is off the list of open ones."""
    if not by.strip() or not note.strip():
        raise typer.BadParameter("say who (--by) and what came of it (--note)")
    settings = _settings()
    now = datetime.fromtimestamp(time.time(), settings.zone)
    kept = pay_parts.statements_of(settings)
    if not kept.resolve(number, by.strip(), note.strip(), now):
        out.print(f"no open difference {number}: see `waterdesk statements show DAY`", style="red")
        raise typer.Exit(1)
    out.print(f"{number} is settled", markup=False)


def _line(one: Statement) -> str:
    totals = one.totals
    compared = f"{one.matched_at:%m-%d %H:%M}" if one.matched_at else "not compared"
    return (
        f"{one.day}  {totals.payments:>8,} {_yuan(totals.paid_fen):>12}"
        f"  {totals.refunds:>7,} {_yuan(totals.refunded_fen):>12}  {compared}"
    )


def _difference(listed: Listed) -> str:
    one = listed.difference
    books = {"W": one.theirs_fen, "O": one.ours_fen, "C": one.csms_fen}
    said = " ".join(f"{who} {_yuan(fen)}" for who, fen in books.items() if fen is not None)
    number = one.order_no or one.transaction_id
    settled = f" | {listed.resolved_by}: {listed.note}" if listed.resolved_at else ""
    about = f"{one.key} {number}" if one.key != number else one.key
    return (
        f"{listed.difference_id:>6}  {one.mismatch.value:13} {about}  {said}  {one.detail}{settled}"
    )


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):,}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day such as 2026-11-25", param_hint="DAY") from None


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
