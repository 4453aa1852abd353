"""`python -m jobs purge`: by hand what the worker does every day, or only to see what it would."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.errors import BackendError
from bot import parts
from bot.settings import Settings, SettingsError, load_settings
from jobs.app import build_purge

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What runs beside the server.")
out = Console(highlight=False, soft_wrap=True)


@app.callback()
def jobs() -> None:
    """One command for each job that can be run by hand."""


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="About so many of each kind.")] = None,
    now: Annotated[str, typer.Option(help="As if it were then: 2026-11-22T12:00.")] = "",
) -> None:
    """Remove what is past its time (docs/privacy.md). Safe to repeat, and beside a worker."""
    settings = load_settings(os.environ, env_file=Path(".env"))
    moment = _moment(now, settings)
    wechat = parts.wechat_by_itself(settings, monotonic=time.monotonic)
    job = build_purge(settings, parts.photos_of(settings, wechat), lambda: moment)
    counts = job.due() if dry_run else job.purge(limit)
    for what, count in counts.items():
        out.print(f"{count:>8,}  {what.value}")
    out.print("nothing was removed (--dry-run)" if dry_run else "removed")


def _moment(text: str, settings: Settings) -> datetime:
    if not text:
        return datetime.fromtimestamp(time.time(), settings.zone)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("such as 2026-11-22T12:00", param_hint="--now") from None
    return given if given.tzinfo else given.replace(tzinfo=settings.zone)


def main() -> None:
    try:
        app(prog_name="python -m jobs")
    except (SettingsError, BackendError) as error:
        Console(stderr=True, soft_wrap=True).print(str(error), style="red", markup=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
