"""When cron jobs ran, and what came of it; whether workers are at work: heartbeats, in our own
database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

AWAITED = "awaited"


class Duty(StrEnum):
    """What workers do, on whichever machine."""

    CARRY = "carry"  # submissions out, results back
    LOOK = "look"  # whether a notice is due
    DRAIN = "drain"  # those that are due were worked off: sent or, when that cannot be, put off


@dataclass(frozen=True, slots=True)
class JobRun:
    """`ended_at` None: it runs still, or was killed: then `beat_at` is old. `outcome`: '' while it
    runs, ok, partly (something failed and was logged) or failed; AWAITED: it never ran, and is
    waited for since `started_at`. `counts`: what → how many."""

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

    def expect(self, names: Iterable[str], now: datetime) -> None:
        """Of those that are in the log not at all `latest` says from now on that they are
        AWAITED."""
        ...

    def seen(self, duty: Duty, now: datetime) -> None:
        """Some worker is at it."""
        ...

    def last_seen(self) -> Mapping[Duty, datetime]:
        """Without what no worker was ever seen at."""
        ...
