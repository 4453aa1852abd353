"""Runs one cron job: its progress on a terminal, its heartbeat in our own database, its exit code.

Enters: a job and its order. Leaves: the counts, and how it ended: on stdout when it ended well, on
stderr when not, so that cron mails what somebody should read.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

import structlog
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from backends.errors import BackendError
from backends.ports import JobLog
from bot.redis_link import MemoryLost
from jobs.deliveries import DeskDown
from jobs.job import Counts, Job, Order

log = structlog.get_logger()
BEAT_EVERY_S = 5.0
OUT_OF_REACH = (BackendError, MemoryLost, DeskDown)


class Ended(IntEnum):
    """The exit code. PARTLY: something could not be done, and the log says what; a later run makes
    up for it. NOT: nothing more could be done; settings are wrong or something is out of reach."""

    WELL = 0
    PARTLY = 1
    NOT = 2


OUTCOMES = {Ended.WELL: "ok", Ended.PARTLY: "partly", Ended.NOT: "failed"}


def run(
    name: str,
    job: Job,
    order: Order,
    *,
    job_log: JobLog,
    out: Console,
    err: Console,
    clock: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
) -> Ended:
    """`clock` for the heartbeat: it beats now, as of whenever the job runs. A dry run leaves no
    trace."""
    beating = not order.dry_run
    run_id = job_log.begin(name, clock()) if beating else 0
    counts: Counts = {}
    ended, why, beaten_s = Ended.WELL, "", monotonic()
    try:
        with _progress(name) as show:
            for counts in job(order):
                show(counts)
                if beating and monotonic() - beaten_s >= BEAT_EVERY_S:
                    job_log.beat(run_id, counts, clock())
                    beaten_s = monotonic()
        ended = Ended.PARTLY if counts.get("failed") else Ended.WELL
    except OUT_OF_REACH as error:
        ended, why = Ended.NOT, str(error.__cause__ or error)
        log.error("job_failed", job=name, why=why)
    if beating:
        job_log.end(run_id, OUTCOMES[ended], counts, clock())
    _report(err if ended else out, counts, order, ended, why)
    return ended


@contextmanager
def _progress(name: str) -> Iterator[Callable[[Counts], None]]:
    """On a terminal only: cron mails whatever is printed."""
    console = Console(stderr=True)
    shown = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with shown:
        task = shown.add_task(name, total=None, counts="")
        yield lambda counts: shown.update(task, counts=_line(counts))


def _line(counts: Counts) -> str:
    return "  ".join(f"{what} {count:,}" for what, count in counts.items())


def _report(out: Console, counts: Counts, order: Order, ended: Ended, why: str) -> None:
    for what, count in counts.items():
        out.print(f"{count:>8,}  {what}", markup=False)
    if order.dry_run:
        out.print("nothing was changed (--dry-run)", markup=False)
    elif ended is Ended.WELL:
        out.print("done")
    else:
        out.print(f"not finished: {why}" if why else "done in part: see above and the log")
