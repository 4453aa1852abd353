"""Each message once, each delivery answered in time, whatever is slow or gone.

Enters: an authentic message and when it arrived. Leaves: the reply's XML (empty: nothing to say).
A second delivery never runs again; what takes longer than the time allowed is acknowledged and
follows as a customer-service message, or with the citizen's next message: exactly one of the two.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.job import Job
from bot.memory import Answered, Claimed, Memory, Waiting
from bot.metrics import Metrics
from bot.pool import TurnPool
from bot.reach import NeedsBackend, OutOfReach
from bot.redis_link import MemoryLost
from bot.turn import LeaseLost, TurnRunner
from dialogs.engine.inbound import Inbound

log = structlog.get_logger()
POLL_S = 0.03
IMPATIENT_S = 0.3


@dataclass(frozen=True, slots=True)
class Limits:
    """`answer_within_s` counts from arrival. `waiting_at_once` request threads may wait for a
    slow turn, and half as many for another message of the same citizen: the rest answer early, so
    that other citizens' messages find a thread."""

    answer_within_s: float
    waiting_at_once: int


class Delivery:
    def __init__(
        self,
        runner: TurnRunner,
        memory: Memory,
        pool: TurnPool,
        metrics: Metrics,
        limits: Limits,
        *,
        new_id: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._runner = runner
        self._memory = memory
        self._pool = pool
        self._metrics = metrics
        self._limits = limits
        self._new_id = new_id
        self._monotonic = monotonic
        self._sleep = sleep
        self._seats = threading.BoundedSemaphore(limits.waiting_at_once)
        # Apart, so that one citizen's many messages do not take the seats of others' slow turns.
        self._queue = threading.BoundedSemaphore(max(1, limits.waiting_at_once // 2))

    def answer(self, inbound: Inbound, arrived_s: float) -> tuple[str, str]:
        """(reply XML, outcome for the metrics). Never raises."""
        deadline_s = arrived_s + self._limits.answer_within_s
        try:
            while True:
                try:
                    return self._answer(inbound, deadline_s)
                except LeaseLost:  # somebody else has taken it over: they answer, or it starts anew
                    if self._monotonic() >= deadline_s:
                        return self._runner.say(inbound, "common/busy").xml, "lease_lost"
        except MemoryLost as error:
            log.error("memory_lost", why=str(error))
            self._metrics.failure("common/memory_lost")
            return self._runner.without_memory(inbound).xml, "memory_lost"

    def close(self) -> None:
        self._pool.close()

    def _answer(self, inbound: Inbound, deadline_s: float) -> tuple[str, str]:
        claim = self._claim(inbound, deadline_s)
        if isinstance(claim, Answered):
            return claim.reply.strip(), "duplicate"
        if isinstance(claim, Waiting):
            return self._still_waiting(inbound, claim)
        return self._take_turn(inbound, claim, deadline_s)

    def _claim(self, inbound: Inbound, deadline_s: float) -> Claimed | Answered | Waiting:
        token = self._new_id()
        found = self._memory.begin(inbound.openid, inbound.key, token)
        if not isinstance(found, Waiting) or found.why == "detached":
            return found
        with _taken(self._queue) as patient:
            if not patient:
                deadline_s = min(deadline_s, self._monotonic() + IMPATIENT_S)
            while isinstance(found, Waiting) and found.why != "detached":
                # A duplicate waits a little longer than the first delivery, to get its reply.
                patience_s = IMPATIENT_S if found.why == "pending" else 0.0
                if self._monotonic() + POLL_S >= deadline_s + patience_s:
                    break
                self._sleep(POLL_S)
                found = self._memory.begin(inbound.openid, inbound.key, token)
        return found

    def _still_waiting(self, inbound: Inbound, waiting: Waiting) -> tuple[str, str]:
        if waiting.why == "pending":  # the first delivery will answer: on its own connection
            return "", "pending"
        template = "common/busy" if waiting.why == "busy" else "common/still_looking_up"
        return self._runner.say(inbound, template).xml, waiting.why

    def _take_turn(self, inbound: Inbound, claim: Claimed, deadline_s: float) -> tuple[str, str]:
        try:
            outcome = self._runner.decide(inbound, claim, OutOfReach())
            if outcome.effects:
                raise NeedsBackend
            spoken = self._runner.speak(inbound, claim, outcome)
            self._runner.save(inbound, claim, outcome, spoken, detached=False)
        except NeedsBackend:
            return self._in_pool(inbound, claim, deadline_s)
        except (LeaseLost, MemoryLost):
            raise
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a turn
            return self._sorry(inbound, claim, error), "failed"
        return spoken.xml, "answered"

    def _in_pool(self, inbound: Inbound, claim: Claimed, deadline_s: float) -> tuple[str, str]:
        job = self._pool.take(inbound, claim)
        if job is None:
            spoken = self._runner.say(inbound, "common/overloaded")
            self._runner.save_apology(inbound, claim, spoken, detached=False)
            return spoken.xml, "overloaded"
        with _taken(self._seats) as seated:
            left_s = deadline_s - self._monotonic()
            told = job.wait(left_s if seated else min(left_s, IMPATIENT_S))
        return (told.xml, "answered") if told else self._acknowledge(job, inbound, claim)

    def _acknowledge(self, job: Job, inbound: Inbound, claim: Claimed) -> tuple[str, str]:
        ack = self._runner.say(inbound, "common/looking_up")
        promise = self._runner.promise(inbound, claim)

        def detach() -> None:
            self._memory.detach(inbound.openid, inbound.key, claim, ack.xml, promise)

        if job.leave(detach):
            return ack.xml, "acknowledged"
        told = job.wait(IMPATIENT_S)
        if told is None:  # it is being saved, by a Redis that takes its time
            return self._runner.say(inbound, "common/busy").xml, "busy"
        return told.xml, "answered"

    def _sorry(self, inbound: Inbound, claim: Claimed, error: Exception) -> str:
        spoken = self._runner.apologise(inbound, error)
        self._runner.save_apology(inbound, claim, spoken, detached=False)
        return spoken.xml


@contextmanager
def _taken(seats: threading.BoundedSemaphore) -> Iterator[bool]:
    seated = seats.acquire(blocking=False)
    try:
        yield seated
    finally:
        if seated:
            seats.release()
