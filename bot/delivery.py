"""Each message once, each delivery answered in time, whatever is slow or gone.

Enters: an authentic message and when it arrived. Leaves: the reply's XML (empty: nothing to say).
A second delivery never runs again; what takes longer than the time allowed is acknowledged and
follows as a customer-service message, or with the citizen's next message: exactly one of the two.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from bot.job import Job
from bot.late import LateAnswers
from bot.memory import Answered, Claimed, Memory, Waiting
from bot.metrics import Metrics
from bot.reach import NeedsBackend, OutOfReach
from bot.redis_link import MemoryLost
from bot.turn import LeaseLost, Spoken, TurnRunner
from dialogs.definition import Backends
from dialogs.inbound import Inbound
from dialogs.reply import Outcome

log = structlog.get_logger()
POLL_S = 0.03
IMPATIENT_S = 0.3


@dataclass(frozen=True, slots=True)
class Limits:
    """`answer_within_s` counts from arrival; `late_within_s` is the longest a backend may take.
    `waiting_at_once` request threads may wait for a slow turn: the rest acknowledge early, so
    that other citizens' messages find a thread."""

    answer_within_s: float
    late_within_s: float
    turns_at_once: int
    waiting_at_once: int


class Delivery:
    def __init__(
        self,
        runner: TurnRunner,
        memory: Memory,
        backends: Backends,
        late: LateAnswers,
        metrics: Metrics,
        limits: Limits,
        *,
        new_id: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._runner = runner
        self._memory = memory
        self._backends = backends
        self._late = late
        self._metrics = metrics
        self._limits = limits
        self._new_id = new_id
        self._monotonic = monotonic
        self._sleep = sleep
        self._pool = ThreadPoolExecutor(limits.turns_at_once, thread_name_prefix="turn")
        self._free = threading.BoundedSemaphore(limits.turns_at_once)
        self._seats = threading.BoundedSemaphore(limits.waiting_at_once)

    def answer(self, inbound: Inbound, arrived_s: float) -> tuple[str, str]:
        """(reply XML, outcome for the metrics). Never raises."""
        deadline_s = arrived_s + self._limits.answer_within_s
        try:
            claim = self._claim(inbound, deadline_s)
            if isinstance(claim, Answered):
                return claim.reply.strip(), "duplicate"
            if isinstance(claim, Waiting):
                return self._still_waiting(inbound, claim)
            return self._take_turn(inbound, claim, deadline_s)
        except LeaseLost:  # another delivery has run the turn, and answers it on its connection
            return "", "lease_lost"
        except MemoryLost as error:
            log.error("memory_lost", why=str(error))
            self._metrics.failure("common/memory_lost")
            return self._runner.without_memory(inbound).xml, "memory_lost"

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _claim(self, inbound: Inbound, deadline_s: float) -> Claimed | Answered | Waiting:
        token = self._new_id()
        while True:
            found = self._memory.begin(inbound.openid, inbound.key, token)
            if not isinstance(found, Waiting) or found.why == "detached":
                return found
            # A duplicate waits a little longer than the first delivery, to get the same reply.
            patience_s = IMPATIENT_S if found.why == "pending" else 0.0
            if self._monotonic() + POLL_S >= deadline_s + patience_s:
                return found
            self._sleep(POLL_S)

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
        if not self._free.acquire(blocking=False):
            spoken = self._runner.say(inbound, "common/overloaded")
            self._runner.save_apology(inbound, claim, spoken, detached=False)
            return spoken.xml, "overloaded"
        job = Job()
        self._pool.submit(self._run, job, inbound, claim)
        seated = self._seats.acquire(blocking=False)
        try:
            left_s = deadline_s - self._monotonic()
            spoken_or_none = job.wait(left_s if seated else min(left_s, IMPATIENT_S))
        finally:
            if seated:
                self._seats.release()
        if spoken_or_none is not None:
            return spoken_or_none.xml, "answered"
        return self._acknowledge(job, inbound, claim)

    def _acknowledge(self, job: Job, inbound: Inbound, claim: Claimed) -> tuple[str, str]:
        ack = self._runner.say(inbound, "common/looking_up")
        lease_s = self._limits.late_within_s + 5

        def detach() -> None:
            self._memory.detach(inbound.openid, inbound.key, claim, ack.xml, lease_s=lease_s)

        if job.leave(detach):
            return ack.xml, "acknowledged"
        spoken = job.wait(IMPATIENT_S)
        return (spoken.xml, "answered") if spoken else ("", "lease_lost")

    def _run(self, job: Job, inbound: Inbound, claim: Claimed) -> None:
        """The turn in the pool, to its end: saved, and told by one of the two ways."""
        try:
            outcome, spoken = self._decide_and_commit(inbound, claim)
            attached = job.finish()
            spoken = self._save(inbound, claim, outcome, spoken, detached=not attached)
            if attached:
                job.deliver(spoken)
            else:
                self._late.send(inbound, claim, spoken)
        except Exception as error:  # noqa: BLE001 - the pool would swallow it, the citizen would wait
            job.deliver(self._runner.apologise(inbound, error))
        finally:
            self._free.release()

    def _decide_and_commit(self, inbound: Inbound, claim: Claimed) -> tuple[Outcome | None, Spoken]:
        """The outcome is None when the turn failed: the dialog stays where it is."""
        try:
            outcome = self._runner.decide(inbound, claim, self._backends)
            spoken = self._runner.speak(inbound, claim, outcome)
            if outcome.effects:
                self._runner.commit(outcome.effects)
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a turn
            return None, self._runner.apologise(inbound, error)
        return outcome, spoken

    def _save(
        self,
        inbound: Inbound,
        claim: Claimed,
        outcome: Outcome | None,
        spoken: Spoken,
        *,
        detached: bool,
    ) -> Spoken:
        """What to tell the citizen: the reply, unless nothing of the turn has remained."""
        try:
            if outcome is None:
                self._runner.save_apology(inbound, claim, spoken, detached=detached)
            else:
                self._runner.save(inbound, claim, outcome, spoken, detached=detached)
        except LeaseLost:
            log.warning("lease_lost", detached=detached)
            return spoken if detached else Spoken("")
        except MemoryLost as error:
            log.warning("turn_not_saved", why=str(error), detached=detached)
            remains = detached or (outcome is not None and outcome.effects)
            return spoken if remains else self._runner.without_memory(inbound)
        return spoken

    def _sorry(self, inbound: Inbound, claim: Claimed, error: Exception) -> str:
        spoken = self._runner.apologise(inbound, error)
        self._runner.save_apology(inbound, claim, spoken, detached=False)
        return spoken.xml
