"""`waterdesk pushes`: runs of notices, how fast they go, why some fail; pause, resume, cancel."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import Ledger, NoticeState, Run
from bot import parts
from bot.settings import Settings, load_settings

pushes = typer.Typer(no_args_is_help=True, help="Notices to citizens, by kind and day.")
out = Console(highlight=False, soft_wrap=True)
REACHED = (NoticeState.DELIVERED, NoticeState.ACCEPTED, NoticeState.TOLD)
OPEN = (NoticeState.PLANNED, NoticeState.HELD, NoticeState.CLAIMED)
RunId = Annotated[int, typer.Argument(help="The number in the first column of `list`.")]


@pushes.command("list")
def list_(days: Annotated[int, typer.Option(min=1, max=400)] = 7) -> None:
    """Runs, newest first, and what waits now."""
    settings = _settings()
    ledger, now = parts.ledger_of(settings), datetime.fromtimestamp(time.time(), settings.zone)
    runs = ledger.runs((now - timedelta(days=days - 1)).date())
    for run in runs:
        out.print(_line(run), markup=False)
    if not runs:
        out.print("nothing was planned in these days")
    for lane in ledger.backlog(now):
        minutes = (now - lane.oldest_due_at).total_seconds() / 60
        waits = f"{lane.waiting:,} due, the oldest for {minutes:,.0f} min"
        out.print(f"{lane.lane.name.lower():9} {waits}", markup=False)


@pushes.command("show")
def show(run_id: RunId) -> None:
    """One run: how many are in which state, and why."""
    settings = _settings()
    ledger = parts.ledger_of(settings)
    run = _run(ledger, run_id, settings)
    out.print(_line(run), markup=False)
    for state in NoticeState:
        if count := run.counts.get(state):
            out.print(f"{count:>10,}  {state.value}", markup=False)
    for (state, reason), count in sorted(ledger.reasons(run_id).items()):
        out.print(f"{count:>10,}  {state.value}: {reason}", markup=False)


@pushes.command("pause")
def pause(run_id: RunId) -> None:
    """What no worker has claimed yet waits until the run is resumed."""
    _change(run_id, "held", lambda ledger, now: ledger.pause(run_id, now))


@pushes.command("resume")
def resume(run_id: RunId) -> None:
    """Goes on where it was paused."""
    _change(run_id, "planned again", lambda ledger, now: ledger.resume(run_id, now))


@pushes.command("cancel")
def cancel(run_id: RunId) -> None:
    """What no worker has claimed yet is skipped, for good."""
    _change(run_id, "skipped", lambda ledger, now: ledger.cancel(run_id, now))


def _change(run_id: int, done: str, change: Callable[[Ledger, datetime], int]) -> None:
    settings = _settings()
    ledger = parts.ledger_of(settings)
    _run(ledger, run_id, settings)
    count = change(ledger, datetime.fromtimestamp(time.time(), settings.zone))
    out.print(f"{count:,} notices {done}")
    out.print(_line(_run(ledger, run_id, settings)), markup=False)


def _run(ledger: Ledger, run_id: int, settings: Settings) -> Run:
    since = (datetime.fromtimestamp(time.time(), settings.zone) - timedelta(days=400)).date()
    for run in ledger.runs(since):
        if run.run_id == run_id:
            return run
    out.print(f"no run {run_id}: see `waterdesk pushes list`", style="red", markup=False)
    raise typer.Exit(1)


def _line(run: Run) -> str:
    """Within eighty columns. Last: of those that WeChat took, the share within 10 s of when due."""
    total = sum(run.counts.values())
    reached = sum(run.counts.get(state, 0) for state in REACHED)
    waiting = sum(run.counts.get(state, 0) for state in OPEN)
    prompt = f"{run.prompt / run.accepted:.0%}" if run.accepted else "-"
    return (
        f"{run.run_id:>5} {run.day:%m-%d} {run.kind:17} {run.state.value:9} "
        f"{total:>7,} {reached:>7,} out {waiting:>7,} wait {prompt:>4}"
    )


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
