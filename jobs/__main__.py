"""`python -m jobs NAME`: one cron job, by hand or by a timer (jobs/crontab)."""

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
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


@app.callback()
def jobs() -> None:
    """Each is safe to repeat, to kill, and to run on two machines at once. Exit codes: 0 done, 1
    done in part (the log says what is missing; the next run makes up for it), 2 not done."""


def _command(name: str, entry: Entry) -> Callable[..., None]:
    def command(dry_run: DryRun = False, limit: Limit = None, now: Now = "") -> None:
        settings = load_settings(os.environ, env_file=Path(".env"))
        log.set_up(settings.log_level)
        moment = _moment(now, settings) if now else None

        def real() -> datetime:
            return datetime.fromtimestamp(time.time(), settings.zone)

        job = entry.make(settings, lambda: moment or real())
        order = Order(moment or real(), dry_run, limit)
        job_log = parts.job_log_of(settings)
        ended = run(name, job, order, job_log=job_log, out=out, err=err, clock=real)
        raise typer.Exit(ended)

    return command


def _moment(text: str, settings: Settings) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("such as 2026-11-22T12:00", param_hint="--now") from None
    return given if given.tzinfo else given.replace(tzinfo=settings.zone)


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
