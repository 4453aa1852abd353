"""`waterdesk applications`: what waits for our own staff's review, and their decisions."""

import getpass
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import Submission
from bot import log
from bot.parts import link_key, outbox_of, secrets_of
from bot.reviews import Application, NoReason, Reviews
from bot.settings import Settings, load_settings
from dialogs.masking import listed_address, masked_name
from web.files import links

applications = typer.Typer(
    no_args_is_help=True, help="Applications that wait for our own staff's review."
)
LINKS_LIVE = timedelta(hours=8)
PRIVATE = {"name": "applicant", "id_no": "ID or company code", "mobile": "mobile"}
By = Annotated[
    str, typer.Option(help="Who looks or decides; it is logged. Else the system's user.")
]
out = Console(highlight=False, soft_wrap=True)


@applications.command("list")
def list_(limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """Those that wait, longest first, masked."""
    settings = _settings()
    found = _reviews(settings).waiting(limit)
    for one in found:
        out.print(_line(one, settings), markup=False)
    out.print(f"{len(found)} waiting" if found else "nothing waits for review")


@applications.command("show")
def show(number: str, by: By = "") -> None:
    """One of them in full, with links to its photos that live for a working day."""
    settings = _settings()
    found = _reviews(settings).look_at(number.upper(), by=by or getpass.getuser())
    if found is None:
        out.print(f"no application {number}: see `waterdesk applications list`", markup=False)
        raise typer.Exit(1)
    for name, value in _facts(found, settings).items():
        out.print(f"{name:19} {value}", markup=False)
    for place, link in enumerate(found.links, start=1):
        out.print(f"photo {place:<13} {link}", markup=False)


@applications.command("approve")
def approve(numbers: list[str], by: By = "") -> None:
    """Hand them over to the department that connects."""
    reviews, who = _reviews(_settings()), by or getpass.getuser()
    wrong = [number for number in numbers if not reviews.approve(number.upper(), by=who)]
    out.print(f"{len(numbers) - len(wrong)} of {len(numbers)} will be handed over")
    _not_waiting(wrong)


@applications.command("return")
def return_(
    number: str,
    text: Annotated[str, typer.Option(help="What is missing: the citizen reads it as it is.")],
    by: By = "",
) -> None:
    """Send one back to its citizen, who may put it right."""
    try:
        returned = _reviews(_settings()).send_back(number.upper(), text, by=by or getpass.getuser())
    except NoReason as error:
        raise typer.BadParameter(str(error), param_hint="--text") from error
    if returned:
        out.print(f"{number} goes back to the citizen, who is told", markup=False)
    _not_waiting([] if returned else [number])


def _line(one: Application, settings: Settings) -> str:
    """Within eighty columns."""
    made, private = one.submission, one.private or {}
    wanted = str(made.payload.get("kind", ""))
    applicant = masked_name(private.get("name"))
    address = listed_address(str(made.payload.get("address", "")))
    at = _time(made.created_at, settings)
    return f"{made.number}  {at}  {wanted:10} {applicant}  {address}"


def _facts(one: Application, settings: Settings) -> dict[str, str]:
    made = one.submission
    return {
        "number": made.number,
        "state": made.state.value,
        "made": _time(made.created_at, settings),
        "in place of": made.parent_no,
        "kind": str(made.payload.get("kind", "")),
        **_person(one),
        "address": str(made.payload.get("address", "")),
        "details": str(made.payload.get("details", "")),
        "said to the citizen": _said(made),
    }


def _person(one: Application) -> dict[str, str]:
    if one.private is None:
        return {"applicant": "deleted, or sealed with a key that is gone"}
    return {name: one.private.get(key, "") for key, name in PRIVATE.items()}


def _said(made: Submission) -> str:
    return str((made.result or {}).get("text") or "")


def _not_waiting(numbers: list[str]) -> None:
    for number in numbers:
        out.print(f"{number}: not waiting for review, or unknown", style="red", markup=False)
    if numbers:
        raise typer.Exit(1)


def _reviews(settings: Settings) -> Reviews:
    log.set_up(settings.log_level)
    link = links(settings.public_url, link_key(settings), LINKS_LIVE, time.time)
    return Reviews(
        outbox_of(settings),
        secrets_of(settings),
        link,
        lambda: datetime.fromtimestamp(time.time(), settings.zone),
    )


def _time(at: datetime, settings: Settings) -> str:
    return f"{at.astimezone(settings.zone):%m-%d %H:%M}"


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
