"""Heartbeats of cron jobs in memory, and what a test wants to have been the latest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from backends.ports import Duty, JobRun


class FakeJobLog:
    def __init__(
        self, latest: Iterable[JobRun] = (), last_seen: Mapping[Duty, datetime] | None = None
    ) -> None:
        self.lines: list[str] = []
        self.expected: set[str] = set()
        self._latest = tuple(latest)
        self._last_seen = dict(last_seen or {})

    def begin(self, name: str, now: datetime) -> int:
        self.lines.append(f"begin {name}")
        return 7

    def beat(self, run_id: int, counts: Mapping[str, int], now: datetime) -> None:
        self.lines.append(f"beat {run_id} {dict(counts)}")

    def end(self, run_id: int, outcome: str, counts: Mapping[str, int], now: datetime) -> None:
        self.lines.append(f"end {run_id} {outcome} {dict(counts)}")

    def latest(self) -> tuple[JobRun, ...]:
        return self._latest

    def ended_well(self) -> Mapping[str, datetime]:
        """Of the latest."""
        return {
            run.name: run.ended_at for run in self._latest if run.ended_at and run.outcome == "ok"
        }

    def expect(self, names: Iterable[str], now: datetime) -> None:
        self.expected |= set(names)

    def seen(self, duty: Duty, now: datetime) -> None:
        self._last_seen[duty] = now

    def last_seen(self) -> Mapping[Duty, datetime]:
        return self._last_seen
