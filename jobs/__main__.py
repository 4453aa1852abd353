"""`python -m jobs NAME`: one cron job, by hand or by a timer (jobs/crontab)."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.errors import BackendError
from bot import log, parts
from bot.settings import Settings, SettingsError, load_settings
from jobs.catalogue import JOBS, Entry
from jobs.job import Order
from jobs.running import Ended, run

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What runs beside the server.")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Look and count, change nothing.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most about so many.")]
Now = Annotated[str, typer.Option(help="As if it were then: 2026-11-22T12:00.")]
Day = Annotated[str, typer.Option("--date", help="The day to do, such as 2026-11-22.")]


@app.callback()
def jobs() -> None:
    """Each is safe to repeat, to kill, and to run on two machines at once. Exit codes: 0 done, 1
    done in part (the log says what is missing; the next run makes up for it), 2 not done."""


def _command(name: str, entry: Entry) -> Callable[..., None]:
    def command(dry_run: DryRun = False, limit: Limit = None, now: Now = "") -> None:
        _run(name, entry, Request(dry_run, limit, now))

    def of_a_day(
        dry_run: DryRun = False, limit: Limit = None, now: Now = "", day: Day = ""
    ) -> None:
        _run(name, entry, Request(dry_run, limit, now, day))

    return of_a_day if entry.takes_a_day else command


@dataclass(frozen=True, slots=True)
class Request:
    """The options as they were typed."""

    dry_run: bool
    limit: int | None
    now: str
    day: str = ""


def _run(name: str, entry: Entry, request: Request) -> None:
    settings = load_settings(os.environ, env_file=Path(".env"))
    log.set_up(settings.log_level)
    moment = _moment(request.now, settings) if request.now else None

    def real() -> datetime:
        return datetime.fromtimestamp(time.time(), settings.zone)

    as_of = moment or real()
    day = _past_day(request.day, as_of) if request.day else None
    job = entry.make(settings, lambda: moment or real())
    order = Order(as_of, request.dry_run, request.limit, day)
    job_log = parts.job_log_of(settings)
    raise typer.Exit(run(name, job, order, job_log=job_log, out=out, err=err, clock=real))


def _moment(text: str, settings: Settings) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("such as 2026-11-22T12:00", param_hint="--now") from None
    return given if given.tzinfo else given.replace(tzinfo=settings.zone)


def _past_day(text: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now.date()
    if day >= now.date():
        raise typer.BadParameter("a day that is over, such as 2026-11-22", param_hint="--date")
    return day


for _name, _entry in JOBS.items():
    app.command(_name, help=_entry.about)(_command(_name, _entry))


def main() -> None:
    try:
        app(prog_name="python -m jobs")
    except (SettingsError, BackendError) as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(Ended.NOT)


if __name__ == "__main__":
    main()
