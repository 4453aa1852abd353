"""`waterdesk check`, work: what waits in our own database, and whether any worker is at it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from backends.errors import BackendError
from backends.ports import Backlog, Duty, SubmissionState
from bot.at_work import is_away, shown, when_seen
from bot.finding import Finding
from bot.parts import job_log_of, ledger_of, outbox_of
from bot.settings import Settings

LATE = timedelta(minutes=15)
START = "start `waterdesk worker` (systemctl status waterdesk-worker)"
QUEUED, STUCK = SubmissionState.QUEUED, SubmissionState.STUCK
LastSeen = Mapping[Duty, datetime]


def work_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Never grave: citizens are answered all the same. Nothing when our own database is away, of
    which there is a finding already."""
    try:
        counts = outbox_of(settings).counts(QUEUED, STUCK)
        due = ledger_of(settings).backlog(now)
        last_seen = job_log_of(settings).last_seen()
    except (BackendError, OSError, ValueError, ImportError):
        return
    queued, stuck = (
        sum(count for (_, state), count in counts.items() if state == wanted)
        for wanted in (QUEUED, STUCK)
    )
    see = f"{stuck} stuck: see `waterdesk submissions list --state stuck`"
    yield Finding("submissions", see if stuck else "")
    yield _carrying(queued, last_seen, now)
    yield _pushing(due, last_seen, now)


def _carrying(queued: int, last_seen: LastSeen, now: datetime) -> Finding:
    seen = when_seen(Duty.CARRY, last_seen, now)
    if is_away(Duty.CARRY, last_seen, now):
        wait = f"{queued} submissions wait" if queued else "nothing waits now"
        return Finding("worker", f"none runs, {seen}; {wait}: {START}")
    return Finding(f"worker, {seen}")


def _pushing(due: Sequence[Backlog], last_seen: LastSeen, now: datetime) -> Finding:
    seen, drained = when_seen(Duty.LOOK, last_seen, now), last_seen.get(Duty.DRAIN)
    wait = "nothing waits now"
    if due:
        count, since = sum(lane.waiting for lane in due), min(lane.oldest_due_at for lane in due)
        wait = f"{count:,} notices wait, the first since {shown(since, now)}"
        if since < now - LATE and not is_away(Duty.LOOK, last_seen, now):
            return Finding("pushes", f"{wait}: see `waterdesk pushes list` and the worker's log")
    if is_away(Duty.LOOK, last_seen, now):
        return Finding("pushes", f"no worker pushes, {seen}; {wait}: {START}")
    worked_off = f"worked off last {shown(drained, now)}" if drained else "none worked off yet"
    return Finding(f"pushes, {wait}, {worked_off}")
