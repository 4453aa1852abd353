"""`waterdesk submissions`: what citizens have asked for, what is stuck and why."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import OutboxRow, SubmissionState
from bot.parts import outbox_of
from bot.settings import Settings, load_settings
from dialogs.masking import masked_account

submissions = typer.Typer(
    no_args_is_help=True, help="What citizens have asked CSMS and the hotline."
)
NOT_AT_AN_END = (
    SubmissionState.IN_REVIEW,
    SubmissionState.QUEUED,
    SubmissionState.DELIVERED,
    SubmissionState.IN_PROGRESS,
    SubmissionState.STUCK,
)
out = Console(highlight=False, soft_wrap=True)


@submissions.command("list")
def list_(
    state: Annotated[str, typer.Option(help="such as queued; stuck: the dead letters")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """The newest first."""
    if state and state not in set(SubmissionState):
        raise typer.BadParameter(f"one of {', '.join(SubmissionState)}", param_hint="--state")
    settings = _settings()
    outbox = outbox_of(settings)
    for row in outbox.listing(state=state, limit=limit):
        out.print(_line(row, settings), markup=False)
    counts = outbox.counts(*NOT_AT_AN_END)
    for (system, counted), number in sorted(counts.items()):
        out.print(f"{system:8} {counted:12} {number:,}")
    if not counts:
        out.print("nothing waits, nothing is stuck")


@submissions.command("show")
def show(number: str) -> None:
    """One submission, without what it says of people and places."""
    settings = _settings()
    found = outbox_of(settings).submission(number.upper())
    if found is None:
        out.print(f"no submission {number}: see `waterdesk submissions list`", markup=False)
        raise typer.Exit(1)
    facts = {
        "number": found.number,
        "kind": found.kind.value,
        "state": found.state.value,
        "account": masked_account(found.acct_no) if found.acct_no else "",
        "outside number": found.ext_no,
        "about": found.parent_no,
        "photos": str(len(found.photo_ids)),
        "made": _time(found.created_at, settings),
        "changed": _time(found.updated_at, settings),
    }
    for name, value in facts.items():
        out.print(f"{name:15} {value}", markup=False)


@submissions.command("resend")
def resend(numbers: list[str]) -> None:
    """Put stuck submissions, or ones that wait for their next try, at the head of the queue."""
    settings = _settings()
    outbox, now = outbox_of(settings), datetime.fromtimestamp(time.time(), settings.zone)
    wrong = [number for number in numbers if not outbox.resend(number.upper(), now)]
    out.print(f"{len(numbers) - len(wrong)} of {len(numbers)} will be handed over again")
    for number in wrong:
        out.print(f"{number}: not stuck, or unknown", style="red", markup=False)
    raise typer.Exit(1 if wrong else 0)


def _line(row: OutboxRow, settings: Settings) -> str:
    """Within eighty columns; why it waits, or is stuck, stands under it."""
    account = masked_account(row.acct_no) if row.acct_no else "-"
    made = _time(row.created_at, settings)
    line = f"{row.number}  {row.kind:12} {row.system:8} {row.state:11} {account:10} {made}"
    why = [f"{row.attempts} tries", row.last_error] if row.attempts else []
    if why and row.next_try_at:
        why.append(f"next {_time(row.next_try_at, settings)}")
    return f"{line}\n    {'; '.join(why)}" if why else line


def _time(at: datetime | None, settings: Settings) -> str:
    return f"{at.astimezone(settings.zone):%m-%d %H:%M:%S}" if at else ""


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
