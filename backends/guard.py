"""A circuit breaker 熔断 around an outside system, its state shared by all workers.

Enters: a call of a port. Leaves: its result, or BackendUnavailable at once while the circuit is
open. Only BackendUnavailable counts as a failure: a refusal is an answer, and so is a slow one.
When the store is gone every call passes. Called through GuardedCsms and its like; bot/app.py wires.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Concatenate, Final, ParamSpec, TypeVar

from backends.errors import BackendError, BackendUnavailable
from backends.ports import Csms, SharedCache

T = TypeVar("T")
P = ParamSpec("P")

_MEMO_S: Final = 0.5
# The open flag outlives the pause: half-open is “flag set, pause over”. It goes by itself only
# when nobody has asked for so long that what it says is stale.
_FLAG_S: Final = 3600.0


class Circuit(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def _nobody_listens(system: str, state: Circuit) -> None:
    """The default of `on_change`."""


class Guard:
    """`failures` within `window_s` open the circuit for `open_s`; then one call probes.

    Two keys: `…:open` holds the flag, `…:pause` stands while nobody may call. Whoever adds the
    pause again after its end is the probe; should that worker die, the next end makes the next.

    At most `at_once` calls of this worker are under way (0: any number); the rest are refused at
    once, so that a system that hangs cannot take every thread before its first failure shows.
    """

    def __init__(
        self,
        system: str,
        cache: SharedCache,
        *,
        clock: Callable[[], float],
        failures: int = 5,
        window_s: float = 10.0,
        open_s: float = 15.0,
        at_once: int = 0,
        on_change: Callable[[str, Circuit], None] = _nobody_listens,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        if failures < 1 or not 0 < window_s <= open_s:
            raise ValueError("need failures >= 1 and 0 < window_s <= open_s")
        self._system = system
        self._cache = cache
        self._clock = clock
        self._failures = failures
        self._window_s = window_s
        self._open_s = open_s
        self._places = BoundedSemaphore(at_once) if at_once else None
        self._on_change = on_change
        self._new_id = new_id
        self._open_key = f"circuit:{system}:open"
        self._pause_key = f"circuit:{system}:pause"
        self._count_key = f"circuit:{system}:failures"
        self._memo: tuple[float, str | None] | None = None

    def run(self, call: Callable[[], T]) -> T:
        if self._flag() is None:
            return self._run_closed(call)
        probe = self._new_id()
        if self._cache.add(self._pause_key, probe, self._open_s) is False:
            raise BackendUnavailable(self._system, 0.0, "circuit open")
        flag = self._look()
        if flag is None:  # another worker's probe closed it since our last look
            self._cache.delete_if(self._pause_key, probe)
            return self._run_closed(call)
        return self._run_probe(call, flag, probe)

    def _run_closed(self, call: Callable[[], T]) -> T:
        with self._place():
            try:
                return call()
            except BackendUnavailable:
                self._count_failure()
                raise

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._places is None:
            yield
            return
        if not self._places.acquire(blocking=False):
            raise BackendUnavailable(self._system, 0.0, "too many calls under way")
        try:
            yield
        finally:
            self._places.release()

    def _run_probe(self, call: Callable[[], T], flag: str, probe: str) -> T:
        self._on_change(self._system, Circuit.HALF_OPEN)
        try:
            result = call()
        except BackendUnavailable:
            self._cache.set(self._open_key, flag, _FLAG_S)
            self._cache.set(self._pause_key, probe, self._open_s)
            self._on_change(self._system, Circuit.OPEN)
            raise
        except BackendError:
            self._close(flag, probe)
            raise
        except BaseException:
            # Not the system's doing: leave the question to the next call.
            self._cache.delete_if(self._pause_key, probe)
            raise
        self._close(flag, probe)
        return result

    def _count_failure(self) -> None:
        # Calls that were under way when the circuit opened must not count against the time after.
        if self._look() is not None:
            return
        if self._cache.count(self._count_key, self._window_s) < self._failures:
            return
        flag = self._new_id()
        self._cache.set(self._pause_key, flag, self._open_s)
        if self._cache.add(self._open_key, flag, _FLAG_S):
            self._on_change(self._system, Circuit.OPEN)
        self._look()

    def _close(self, flag: str, probe: str) -> None:
        self._cache.delete_if(self._open_key, flag)
        self._cache.delete_if(self._pause_key, probe)
        self._look()
        self._on_change(self._system, Circuit.CLOSED)

    def _flag(self) -> str | None:
        memo, now_s = self._memo, self._clock()
        if memo is None:
            return self._look()
        if now_s - memo[0] < _MEMO_S:
            return memo[1]
        # Dated before asking, so that of many threads one asks.
        self._memo = (now_s, memo[1])
        return self._look()

    def _look(self) -> str | None:
        flag = self._cache.get(self._open_key)
        self._memo = (self._clock(), flag)
        return flag


def _guarded(
    method: Callable[Concatenate[Csms, P], T],
) -> Callable[Concatenate["GuardedCsms", P], T]:
    """The method of the port, run behind the guard on whatever implements it."""
    name = method.__name__

    def guarded(self: "GuardedCsms", /, *args: P.args, **kwargs: P.kwargs) -> T:
        called: Callable[P, T] = getattr(self.csms, name)
        return self.guard.run(lambda: called(*args, **kwargs))

    return guarded


@dataclass(frozen=True, slots=True)
class GuardedCsms:
    """`ports.Csms` behind a guard. The ping too: where citizens are few, the readiness check is
    what finds it well again."""

    csms: Csms
    guard: Guard

    prove = _guarded(Csms.prove)
    accounts = _guarded(Csms.accounts)
    unpaid_bills = _guarded(Csms.unpaid_bills)
    bills = _guarded(Csms.bills)
    bill_lines = _guarded(Csms.bill_lines)
    payments = _guarded(Csms.payments)
    tier_usage = _guarded(Csms.tier_usage)
    meters = _guarded(Csms.meters)
    readings = _guarded(Csms.readings)
    visits = _guarded(Csms.visits)
    visit_slots = _guarded(Csms.visit_slots)
    contact = _guarded(Csms.contact)
    real_name = _guarded(Csms.real_name)
    spot_checks = _guarded(Csms.spot_checks)
    ping = _guarded(Csms.ping)
