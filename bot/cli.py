"""The command `waterdesk`. Settings come from the environment or `.env`; see `.env.example`."""

import os
import sys
import time
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.errors import BackendError
from bot.cli_applications import applications
from bot.cli_orders import orders
from bot.cli_pushes import pushes
from bot.cli_refunds import refunds
from bot.cli_statements import statements
from bot.cli_submissions import submissions
from bot.cli_templates import templates
from bot.settings import Settings, SettingsError, load_settings
from bot.staff_file import StaffFileError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="水务微信服务台 Waterdesk")
db = typer.Typer(no_args_is_help=True, help="The platform's own database.")
menu = typer.Typer(no_args_is_help=True, help="The account's menu.")
city = typer.Typer(no_args_is_help=True, help="The synthetic city, a stand-in for CSMS.")
for name, commands in {
    "db": db,
    "menu": menu,
    "templates": templates,
    "city": city,
    "submissions": submissions,
    "applications": applications,
    "pushes": pushes,
    "orders": orders,
    "refunds": refunds,
    "statements": statements,
}.items():
    app.add_typer(commands, name=name)
out = Console(highlight=False, soft_wrap=True)


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: Annotated[int, typer.Option(help="Processes; 0 means one per CPU.")] = 0,
    server: Annotated[str, typer.Option(help="granian or waitress.")] = "granian",
    upgrade: Annotated[bool, typer.Option(help="Bring the database up to date first.")] = True,
) -> None:
    """Serve the callback, the probes and the pages."""
    from backends.records import schema
    from bot import serve as production

    settings = _settings()
    if upgrade:
        schema.upgrade(settings.database_url)
    processes = 1 if server == "waitress" else workers or os.cpu_count() or 1
    out.print(f"serving http://{host}:{port}/wechat with {processes} worker(s) of {server}")
    if server == "waitress":
        production.run_with_waitress(host, port)
    else:
        try:
            production.run(host, port, processes)
        except production.PortBusy as busy:
            out.print(str(busy), style="red", markup=False)
            raise typer.Exit(1) from None


class Part(StrEnum):
    PUSHES = "pushes"


@app.command()
def worker(
    only: Annotated[Part | None, typer.Option(help="Nothing else, on a machine for it.")] = None,
    without: Annotated[Part | None, typer.Option(help="Another machine does it.")] = None,
) -> None:
    """Carry submissions to CSMS and the hotline, results back, and notices to citizens. Any number
    may run."""
    import signal

    from jobs.app import build_worker

    if only and without:
        raise typer.BadParameter("one of --only and --without")
    running = build_worker(_settings(), carries=only is None, pushes=without is None)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: running.stop())
    out.print(f"working in {len(running.loops)} loops")
    running.run()


@app.command()
def check() -> None:
    """Is every dependency reached and every setting sane? Exit code 1 when something is grave."""
    from bot.check import findings
    from bot.redis_link import open_link

    settings = _settings()
    grave = False
    link = open_link(settings.redis_url, monotonic=time.monotonic)
    now = datetime.fromtimestamp(time.time(), settings.zone)
    for finding in findings(settings, link, os.environ, now):
        mark = (
            "[green]ok[/]"
            if not finding.remedy
            else "[red]no[/]"
            if finding.grave
            else "[yellow]!![/]"
        )
        out.print(f"{mark}  {finding.what}{': ' + finding.remedy if finding.remedy else ''}")
        grave = grave or finding.grave
    raise typer.Exit(1 if grave else 0)


@db.command("upgrade")
def db_upgrade() -> None:
    """Create or update the tables. Safe to repeat."""
    from backends.records import schema

    schema.upgrade(_settings().database_url)
    out.print("database is up to date")


@menu.command("push")
def menu_push() -> None:
    """Put templates/menu.toml on the account, unless WeChat or a citizen would stumble over it."""
    from backends.wechat.menu import create_menu
    from bot.parts import wechat_by_itself
    from bot.wording.menu import problems, read_menu
    from dialogs import REGISTRY

    settings = _settings()
    if wrong := problems(settings.templates_dir, frozenset(REGISTRY)):
        for problem in wrong:
            out.print(problem, style="red", markup=False)
        out.print("菜单没有推送：请先改好 (nothing was pushed)", markup=False)
        raise typer.Exit(1)
    client = wechat_by_itself(settings, monotonic=time.monotonic)
    create_menu(client, read_menu(settings.templates_dir))
    out.print("menu is on the account; open phones show it within five minutes")


@app.command()
def qr(
    scene: Annotated[
        str, typer.Argument(help="As in menu.toml [scenes], e.g. shop or meter:SH2100…")
    ],
) -> None:
    """A permanent QR code that leads to a dialog: its link, and where WeChat has its picture."""
    from backends.wechat.qr_codes import LONGEST_SCENE, permanent_code
    from bot.parts import wechat_by_itself
    from bot.wording.words import read_wording
    from dialogs.engine.platform_events import scene_word

    settings = _settings()
    known = read_wording(settings.templates_dir).scenes
    if scene_word(scene) not in known or len(scene) > LONGEST_SCENE:
        out.print(
            f"begin with one of {', '.join(known)} ([scenes] in menu.toml), at most 64 letters",
            style="red",
        )
        raise typer.Exit(1)
    client = wechat_by_itself(settings, monotonic=time.monotonic)
    code = permanent_code(client, scene)
    out.print(f"{code.scene}\n{code.link}\n{code.picture}", markup=False)


@city.command("build")
def city_build(
    url: Annotated[str, typer.Option(help="Database to fill, e.g. sqlite:///city.sqlite3")],
    accounts: int = 10_000,
    seed: int = 1,
    as_of: Annotated[str, typer.Option(help="The city's day, YYYY-MM-DD; today if empty.")] = "",
) -> None:
    """Build a synthetic city: same seed, same city."""
    from sandbox.city.__main__ import main as build_city

    build_city(url, accounts, seed, as_of)


@app.command()
def demo(
    port: int = 8000,
    accounts: int = 10_000,
    seed: int = 1,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path(".demo"),
) -> None:
    """The whole world on a laptop: server, platform, city and a phone in the browser."""
    import sandbox.demo

    raise typer.Exit(sandbox.demo.run_demo(port, accounts, seed, folder))


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))


def main() -> None:
    try:
        app()
    except (SettingsError, BackendError, StaffFileError) as error:
        Console(stderr=True, soft_wrap=True).print(str(error), style="red", markup=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
