"""When cron jobs ran, and what came of it: their heartbeats, in our own database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class JobRun:
    """`ended_at` None: it runs still, or was killed: then `beat_at` is old. `outcome`: '' while it
    runs, ok, partly (something failed and was logged) or failed. `counts`: what → how many."""

    run_id: int
    name: str
    started_at: datetime
    beat_at: datetime
    ended_at: datetime | None
    outcome: str
    counts: Mapping[str, int]


class JobLog(Protocol):
    def begin(self, name: str, now: datetime) -> int: ...

    def beat(self, run_id: int, counts: Mapping[str, int], now: datetime) -> None: ...

    def end(self, run_id: int, outcome: str, counts: Mapping[str, int], now: datetime) -> None: ...

    def latest(self) -> tuple[JobRun, ...]:
        """The last run of each job, by name."""
        ...

    def ended_well(self) -> Mapping[str, datetime]:
        """When each job last ended with the outcome ok; without those of which that is not known
        (any more)."""
        ...
