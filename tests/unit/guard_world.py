"""A CSMS that fails at will, and workers behind guards that share one store."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import pytest

from backends.errors import BackendError, BackendUnavailable
from backends.guard import Circuit, Guard, GuardedCsms
from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Csms,
    Meter,
    Payment,
    ProofFactor,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)
from tests.cache import MemoryCache


@dataclass(slots=True)
class Clock:
    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(slots=True)
class FailingCsms:
    """Counts what reaches it, and fails with `failure` while there is one."""

    failure: Exception | None = None
    reached: list[tuple[object, ...]] = field(default_factory=list)

    def _reach(self, *asked: object) -> None:
        self.reached.append(asked)
        if self.failure is not None:
            raise self.failure

    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        self._reach(acct_no, factor, answer)
        return None

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        self._reach(acct_nos)
        return ()

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        self._reach(acct_nos)
        return ()

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        self._reach(acct_no, since_period)
        return ()

    def bill_lines(self, bill_nos: Sequence[str]) -> Mapping[str, tuple[BillLine, ...]]:
        self._reach(bill_nos)
        return {}

    def payments(self, acct_no: str, since: date) -> tuple[Payment, ...]:
        self._reach(acct_no, since)
        return ()

    def tier_usage(self, acct_no: str) -> TierUsage | None:
        self._reach(acct_no)
        return None

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        self._reach(acct_nos)
        return ()

    def readings(self, acct_no: str, since: date) -> tuple[Reading, ...]:
        self._reach(acct_no, since)
        return ()

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        self._reach(acct_no)
        return ()

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        self._reach(acct_no, since)
        return ()

    def contact(self, acct_no: str) -> Contact | None:
        self._reach(acct_no)
        return None

    def real_name(self, acct_no: str) -> RealName | None:
        self._reach(acct_no)
        return None

    def spot_checks(self, acct_nos: Sequence[str]) -> tuple[SpotCheck, ...]:
        self._reach(acct_nos)
        return ()

    def ping(self) -> None:
        self._reach()


@dataclass(slots=True)
class World:
    """Two workers before one CSMS."""

    clock: Clock
    cache: MemoryCache
    csms: FailingCsms
    changes: list[tuple[str, Circuit]]

    def worker(self) -> Csms:
        return GuardedCsms(self.csms, self.guard())

    def guard(self) -> Guard:
        return Guard("csms", self.cache, clock=self.clock, on_change=self._changed)

    def _changed(self, system: str, state: Circuit) -> None:
        self.changes.append((system, state))

    def down(self) -> None:
        self.csms.failure = BackendUnavailable("csms", 2.0, "timed out")

    def up(self) -> None:
        self.csms.failure = None

    def fail(self, worker: Csms, times: int) -> None:
        for _ in range(times):
            with pytest.raises(BackendUnavailable):
                worker.ping()

    def opened(self) -> Csms:
        worker = self.worker()
        self.down()
        self.fail(worker, 5)
        self.csms.reached.clear()
        return worker

    def at_once(self, number: int, call: Callable[[], None]) -> list[BackendError | None]:
        barrier = threading.Barrier(number)

        def one(_: int) -> BackendError | None:
            barrier.wait(timeout=5)
            try:
                call()
            except BackendError as exc:
                return exc
            return None

        with ThreadPoolExecutor(number) as pool:
            return list(pool.map(one, range(number)))


def new_world() -> World:
    clock = Clock()
    return World(clock, MemoryCache(clock), FailingCsms(), [])
