"""`waterdesk pushes`: runs of notices, how fast they go, why some fail; pause, resume, cancel."""

import os
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import Ledger, NoticeState, Run, RunState
from bot import parts
from bot.at_work import shown
from bot.settings import Settings, load_settings

pushes = typer.Typer(no_args_is_help=True, help="Notices to citizens, by kind and day.")
out = Console(highlight=False, soft_wrap=True)
REACHED = (NoticeState.DELIVERED, NoticeState.ACCEPTED, NoticeState.TOLD)
OPEN = (NoticeState.PLANNED, NoticeState.HELD, NoticeState.CLAIMED)
HEADING = """\
  run day   kind                state         all     out    wait    kept    %
out: WeChat has it. kept: for the next message. %: of those out, within 10 s"""
RunId = Annotated[int, typer.Argument(help="The number in the first column of `list`.")]


@pushes.command("list")
def list_(days: Annotated[int, typer.Option(min=1, max=400)] = 7) -> None:
    """Runs, newest first, and what waits now. Older ones too, while they are paused or open."""
    settings = _settings()
    ledger, now = parts.ledger_of(settings), _now(settings)
    since = (now - timedelta(days=days - 1)).date()
    runs = [*ledger.runs(since), *ledger.unfinished(since)]
    out.print(HEADING if runs else "nothing was planned in these days", markup=False)
    for run in runs:
        out.print(_line(run), markup=False)
    for lane in ledger.backlog(now):
        minutes = (now - lane.oldest_due_at).total_seconds() / 60
        waits = f"{lane.waiting:,} due, the oldest for {minutes:,.0f} min"
        out.print(f"{lane.lane.name.lower():9} {waits}", markup=False)


@pushes.command("show")
def show(run_id: RunId) -> None:
    """One run: how many are in which state, why, and until when they wait."""
    settings = _settings()
    ledger, now = parts.ledger_of(settings), _now(settings)
    run = _run(ledger, run_id)
    out.print(HEADING, markup=False)
    out.print(_line(run), markup=False)
    until = {reason: at for reason, at in ledger.waits(run_id).items() if at > now}
    for state in NoticeState:
        if count := run.counts.get(state):
            first = _first(state, "", until, now)
            out.print(f"{count:>10,}  {state.value}{first}", markup=False)
    for (state, reason), count in sorted(ledger.reasons(run_id).items()):
        first = _first(state, reason, until, now)
        out.print(f"{count:>10,}  {state.value}: {reason}{first}", markup=False)


def _first(state: NoticeState, reason: str, until: Mapping[str, datetime], now: datetime) -> str:
    at = until.get(reason) if state is NoticeState.PLANNED else None
    return f", the first until {shown(at, now)}" if at else ""


@pushes.command("pause")
def pause(run_id: RunId) -> None:
    """What no worker has claimed yet waits until the run is resumed; so does what is still planned
    of it today."""
    _change(run_id, "held", lambda ledger, now: ledger.pause(run_id, now), _is_over)


@pushes.command("resume")
def resume(run_id: RunId) -> None:
    """Goes on where it was paused."""
    _change(run_id, "planned again", lambda ledger, now: ledger.resume(run_id, now), _is_over)


@pushes.command("cancel")
def cancel(run_id: RunId) -> None:
    """What no worker has claimed yet is skipped, for good; so is what is still planned of it
    today."""
    _change(run_id, "skipped", lambda ledger, now: ledger.cancel(run_id, now), _is_idle)


def _change(
    run_id: int,
    done: str,
    change: Callable[[Ledger, datetime], int],
    refused: Callable[[Run, date], str],
) -> None:
    """`refused`: why it makes no sense for this run, today; '' when it does."""
    settings = _settings()
    ledger, now = parts.ledger_of(settings), _now(settings)
    if why := refused(_run(ledger, run_id), now.date()):
        out.print(f"run {run_id} {why}", style="red", markup=False)
        raise typer.Exit(1)
    count = change(ledger, now)
    out.print(f"{count:,} notices {done}")
    out.print(_line(_run(ledger, run_id)), markup=False)


def _is_over(run: Run, today: date) -> str:
    if run.state is RunState.CANCELLED:
        return "is cancelled, for good"
    if run.state is RunState.ACTIVE and not _open(run) and run.day < today:
        return "is finished: nothing of it waits, and its day is over"
    return ""


def _is_idle(run: Run, today: date) -> str:
    """More may be planned of today's; who cancels it by mistake could not take that back."""
    if why := _is_over(run, today):
        return why
    if run.state is RunState.ACTIVE and not _open(run):
        return "has nothing that waits; pause it to hold back what is still planned of it today"
    return ""


def _run(ledger: Ledger, run_id: int) -> Run:
    if run := ledger.run(run_id):
        return run
    out.print(f"no run {run_id}: see `waterdesk pushes list`", style="red", markup=False)
    raise typer.Exit(1)


def _open(run: Run) -> int:
    return sum(run.counts.get(state, 0) for state in OPEN)


def _line(run: Run) -> str:
    """Within eighty columns, as HEADING has it."""
    total = sum(run.counts.values())
    reached = sum(run.counts.get(state, 0) for state in REACHED)
    kept = run.counts.get(NoticeState.KEPT, 0)
    prompt = f"{100 * run.prompt / run.accepted:.0f}" if run.accepted else "-"
    return (
        f"{run.run_id:>5} {run.day:%m-%d} {run.kind:19} {run.state.value:9} "
        f"{total:>7} {reached:>7} {_open(run):>7} {kept:>7} {prompt:>4}"
    )


def _now(settings: Settings) -> datetime:
    return datetime.fromtimestamp(time.time(), settings.zone)


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
