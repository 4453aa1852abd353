"""`JobLog` of the ports over the platform's own database. Constructed through `open_job_log`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from backends.database import Database, open_database
from backends.ports import AWAITED, Duty, JobRun
from backends.records.pushes.rows import AnyRow
from backends.records.tables import job_run

KEPT_FOR = timedelta(days=7)
"""Some jobs run every minute, and `latest` reads all runs there are."""

# The one row of a duty, in which all workers say that they are at it; of no job.
SEEN = "seen"
_LAST = select(func.max(job_run.c.id)).where(job_run.c.outcome != SEEN).group_by(job_run.c.name)
LATEST = select(job_run).where(job_run.c.id.in_(_LAST)).order_by(job_run.c.name)
ENDED_WELL = (
    select(job_run.c.name, func.max(job_run.c.ended_at))
    .where(job_run.c.outcome == "ok")
    .group_by(job_run.c.name)
)
LAST_SEEN = (
    select(job_run.c.name, func.max(job_run.c.beat_at))
    .where(job_run.c.outcome == SEEN)
    .group_by(job_run.c.name)
)


def open_job_log(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlJobLog":
    return SqlJobLog(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlJobLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, name: str, now: datetime) -> int:
        def begin(connection: Connection) -> int:
            old = (job_run.c.name == name, job_run.c.started_at < now - KEPT_FOR)
            connection.execute(delete(job_run).where(*old))
            made = insert(job_run).values(_new(name, now))
            (run_id,) = connection.execute(made).inserted_primary_key or (0,)
            return int(run_id)

        return self._database.write(begin)

    def beat(self, run_id: int, counts: Mapping[str, int], now: datetime) -> None:
        self._change(run_id, counts=dict(counts), beat_at=now)

    def end(self, run_id: int, outcome: str, counts: Mapping[str, int], now: datetime) -> None:
        self._change(run_id, counts=dict(counts), beat_at=now, ended_at=now, outcome=outcome)

    def latest(self) -> tuple[JobRun, ...]:
        return self._database.read(
            lambda connection: tuple(map(_to_run, connection.execute(LATEST)))
        )

    def ended_well(self) -> Mapping[str, datetime]:
        return self._database.read(
            lambda connection: {row[0]: row[1] for row in connection.execute(ENDED_WELL)}
        )

    def expect(self, names: Iterable[str], now: datetime) -> None:
        def expect(connection: Connection) -> None:
            known = set(connection.execute(select(job_run.c.name).distinct()).scalars())
            for name in sorted(set(names) - known):
                connection.execute(insert(job_run).values(_new(name, now, AWAITED)))

        self._database.write(expect)

    def seen(self, duty: Duty, now: datetime) -> None:
        def see(connection: Connection) -> None:
            its = (job_run.c.name == duty.value, job_run.c.outcome == SEEN)
            beaten = connection.execute(update(job_run).where(*its).values(beat_at=now))
            if not beaten.rowcount:
                connection.execute(insert(job_run).values(_new(duty.value, now, SEEN)))

        self._database.write(see)

    def last_seen(self) -> Mapping[Duty, datetime]:
        found = self._database.read(lambda connection: connection.execute(LAST_SEEN).all())
        return {Duty(name): at for name, at in found}

    def close(self) -> None:
        self._database.close()

    def _change(self, run_id: int, **values: object) -> None:
        changed = update(job_run).where(job_run.c.id == run_id).values(values)
        self._database.write(lambda connection: connection.execute(changed))


def _new(name: str, now: datetime, outcome: str = "") -> dict[str, Any]:
    times = {"started_at": now, "beat_at": now}
    return {"name": name, **times, "outcome": outcome, "counts": {}}


def _to_run(row: AnyRow) -> JobRun:
    return JobRun(
        run_id=row.id,
        name=row.name,
        started_at=row.started_at,
        beat_at=row.beat_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        counts=row.counts,
    )
