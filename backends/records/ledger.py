"""`Ledger` of the ports over the platform's own database.

Constructed for workers, jobs and `waterdesk pushes` through `open_ledger`; safe to share between
threads, and any number of workers on any number of machines may use one database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, select

from backends.database import Database, open_database
from backends.ports import (
    Backlog,
    Binding,
    ClaimedNotice,
    EarlierNotice,
    Lane,
    Notice,
    NoticeState,
    PushFinished,
    PushResult,
    Role,
    Run,
    RunState,
    Settlement,
    Standing,
    SubmissionKind,
    Topic,
)
from backends.records.pushes import (
    audience,
    claiming,
    hearing,
    planning,
    runs,
    settling,
    sweeping,
)
from backends.records.pushes.rows import HELD, KEPT, NOTICES, PLANNED, to_claimed
from backends.records.queries import to_binding
from backends.records.tables import notification

T = TypeVar("T")

_KEPT = NOTICES.where(
    notification.c.state == KEPT, notification.c.id > bindparam("after_id")
).order_by(notification.c.id)
_ACCEPTED_SINCE = select(func.count()).where(notification.c.template_at >= bindparam("since"))
STOPPABLE = (RunState.ACTIVE, RunState.PAUSED)


def open_ledger(
    url: str, *, pool_size: int, statement_timeout_s: float, long_term: bool
) -> "SqlLedger":
    """`long_term`: an acceptance of a subscription notice is good for any number of them."""
    database = open_database(
        "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
    )
    return SqlLedger(database, long_term=long_term)


class SqlLedger:
    def __init__(self, database: Database, *, long_term: bool) -> None:
        self._database = database
        self._long_term = long_term

    def plan(self, notices: Sequence[Notice], now: datetime) -> int:
        return self._write(lambda tx: planning.plan(tx, notices, now))

    def unplanned(self, notices: Sequence[Notice]) -> int:
        return self._read(lambda connection: planning.unplanned(connection, notices))

    def claim(
        self, lanes: Iterable[Lane], *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[ClaimedNotice, ...]:
        wanted = sorted(set(lanes))
        lease = claiming.Lease(worker, now, now + timedelta(seconds=lease_s))
        return self._write(lambda tx: claiming.claim(tx, wanted, lease, limit))

    def standing(self, claimed: Sequence[ClaimedNotice], *, pushed_since: datetime) -> Standing:
        openids = sorted({one.notice.openid for one in claimed})
        return self._read(lambda connection: audience.standing(connection, openids, pushed_since))

    def settle(self, settlements: Sequence[Settlement], *, worker: str, now: datetime) -> int:
        return self._write(
            lambda tx: settling.settle(
                tx, settlements, worker=worker, now=now, uses_up=not self._long_term
            )
        )

    def result(self, msg_id: int, openid: str, result: PushResult, now: datetime) -> None:
        said = PushFinished(openid, msg_id, result, now)
        self._write(lambda tx: hearing.hear(tx, said))

    def sweep(self, now: datetime, *, silent_before: datetime, limit: int) -> Mapping[str, int]:
        return self._write(
            lambda tx: sweeping.sweep(tx, now, silent_before=silent_before, limit=limit)
        )

    def kept(self, *, after_id: int, limit: int) -> tuple[ClaimedNotice, ...]:
        found, named = _KEPT.limit(limit), {"after_id": after_id}
        return self._read(lambda tx: tuple(map(to_claimed, tx.execute(found, named))))

    def backlog(self, now: datetime) -> tuple[Backlog, ...]:
        return self._read(lambda connection: claiming.backlog(connection, now))

    def accepted_since(self, since: datetime) -> int:
        return self._read(
            lambda connection: connection.execute(_ACCEPTED_SINCE, {"since": since}).scalar_one()
        )

    def runs(self, since: date) -> tuple[Run, ...]:
        return self._read(lambda tx: runs.listing(tx, runs.SINCE, {"since": since}))

    def unfinished(self, before: date) -> tuple[Run, ...]:
        return self._read(lambda tx: runs.listing(tx, runs.UNFINISHED, {"before": before}))

    def run(self, run_id: int) -> Run | None:
        found = self._read(lambda tx: runs.listing(tx, runs.ONE, {"run_id": run_id}))
        return found[0] if found else None

    def paused(self) -> tuple[Run, ...]:
        return self._read(lambda tx: runs.listing(tx, runs.PAUSED, {}))

    def waits(self, run_id: int) -> Mapping[str, datetime]:
        found = self._read(lambda tx: tx.execute(runs.WAITS, {"run_id": run_id}).all())
        return {row.reason: row.first_due_at for row in found}

    def reasons(self, run_id: int) -> Mapping[tuple[NoticeState, str], int]:
        found = self._read(
            lambda connection: connection.execute(runs.REASONS, {"run_id": run_id}).all()
        )
        return {(NoticeState(state), reason): count for state, reason, count in found}

    def pause(self, run_id: int, now: datetime) -> int:
        held = {"state": HELD, "updated_at": now}
        return self._turn(run_id, RunState.PAUSED, STOPPABLE, [PLANNED], held)

    def resume(self, run_id: int, now: datetime) -> int:
        planned = {"state": PLANNED, "updated_at": now}
        return self._turn(run_id, RunState.ACTIVE, STOPPABLE, [HELD], planned)

    def cancel(self, run_id: int, now: datetime) -> int:
        skipped = {**runs.ALLOWED[RunState.CANCELLED.value], "updated_at": now}
        return self._turn(run_id, RunState.CANCELLED, tuple(RunState), [PLANNED, HELD], skipped)

    def concerned(
        self, acct_nos: Sequence[str], *, roles: Iterable[Role], topic: Topic | None
    ) -> tuple[Binding, ...]:
        wanted = sorted(set(roles))
        return self._read(
            lambda connection: audience.concerned(connection, acct_nos, wanted, topic)
        )

    def asked_for(
        self, kind: SubmissionKind, acct_nos: Sequence[str], since: datetime
    ) -> frozenset[str]:
        return self._read(lambda connection: audience.asked_for(connection, kind, acct_nos, since))

    def earlier(self, kinds: Iterable[str], openids: Sequence[str]) -> tuple[EarlierNotice, ...]:
        wanted = sorted(set(kinds))
        return self._read(lambda connection: audience.earlier(connection, wanted, openids))

    def subscribers(self, topic: Topic, *, after: str, limit: int) -> tuple[str, ...]:
        found = audience.subscribers(topic, after=after, limit=limit)
        return self._read(lambda connection: tuple(connection.scalars(found)))

    def bindings_of(self, openids: Sequence[str]) -> tuple[Binding, ...]:
        named = {"openids": list(openids)}
        found = audience.OF_CITIZENS
        return self._read(lambda tx: tuple(map(to_binding, tx.execute(found, named))))

    def close(self) -> None:
        self._database.close()

    def _turn(
        self,
        run_id: int,
        to: RunState,
        of: Collection[RunState],
        moved: Collection[str],
        values: Mapping[str, Any],
    ) -> int:
        """The run first, then its notices some at a time: whoever is cut off begins again."""
        if not self._write(lambda tx: runs.turn(tx, run_id, to, of)):
            return 0
        count = 0
        while some := self._write(lambda tx: runs.move_some(tx, run_id, moved, values)):
            count += some
        return count

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._database.read(work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)
