"""Turns that ask a backend, in threads of their own, each to its end: decided, committed, saved,
and told by one of the two ways: to the request that waits, or late.

Called by `bot.delivery`, which keeps the request's side of it.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import structlog

from backends.errors import Overtaken
from bot.job import Job
from bot.late import LateAnswers
from bot.leases import Leases
from bot.memory import Claimed
from bot.redis_link import MemoryLost
from bot.turn import LeaseLost, Spoken, TurnRunner
from dialogs.engine.definition import Backends
from dialogs.engine.inbound import Inbound
from dialogs.engine.reply import Outcome

log = structlog.get_logger()


class TurnPool:
    def __init__(
        self,
        runner: TurnRunner,
        backends: Backends,
        late: LateAnswers,
        leases: Leases,
        *,
        at_once: int,
    ) -> None:
        self._runner = runner
        self._backends = backends
        self._late = late
        self._leases = leases
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="turn")
        self._free = threading.BoundedSemaphore(at_once)

    def take(self, inbound: Inbound, claim: Claimed) -> Job | None:
        """None when there are too many already, or the worker is about to end."""
        if not self._free.acquire(blocking=False):
            return None
        job = Job()
        try:
            self._pool.submit(self._run, job, inbound, claim)
        except RuntimeError:  # the interpreter is shutting down
            self._free.release()
            return None
        return job

    def close(self) -> None:
        """Waits for the turns under way, late answers included."""
        self._pool.shutdown(wait=True)
        self._leases.close()

    def _run(self, job: Job, inbound: Inbound, claim: Claimed) -> None:
        try:
            with self._leases.held(inbound.openid, claim):
                self._to_its_end(job, inbound, claim)
        except Exception as error:  # noqa: BLE001 - the pool would swallow it, the citizen would wait
            job.deliver(self._runner.apologise(inbound, error))
        finally:
            self._free.release()

    def _to_its_end(self, job: Job, inbound: Inbound, claim: Claimed) -> None:
        outcome, spoken = self._decide_and_commit(inbound, claim)
        if job.finish():
            job.deliver(self._save_attached(inbound, claim, outcome, spoken))
        elif self._save_detached(inbound, claim, outcome, spoken):
            self._late.send(inbound, claim, spoken)

    def _decide_and_commit(self, inbound: Inbound, claim: Claimed) -> tuple[Outcome | None, Spoken]:
        """The outcome is None when the turn failed: the dialog stays where it is."""
        try:
            try:
                return self._decide_and_commit_once(inbound, claim)
            except Overtaken:  # by another citizen in this very moment: it is seen now
                return self._decide_and_commit_once(inbound, claim)
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a turn
            return None, self._runner.apologise(inbound, error)

    def _decide_and_commit_once(self, inbound: Inbound, claim: Claimed) -> tuple[Outcome, Spoken]:
        outcome = self._runner.decide(inbound, claim, self._backends)
        spoken = self._runner.speak(inbound, claim, outcome)
        if outcome.effects:
            self._runner.commit(outcome)
        return outcome, spoken

    def _save_attached(
        self, inbound: Inbound, claim: Claimed, outcome: Outcome | None, spoken: Spoken
    ) -> Spoken | None:
        """What to tell the citizen: the reply, unless nothing of the turn has remained."""
        try:
            self._save(inbound, claim, outcome, spoken, detached=False)
        except LeaseLost:
            log.warning("lease_lost", detached=False)
            return None
        except MemoryLost as error:
            log.warning("turn_not_saved", why=str(error), detached=False)
            remains = outcome is not None and outcome.effects
            return spoken if remains else self._runner.without_memory(inbound)
        return spoken

    def _save_detached(
        self, inbound: Inbound, claim: Claimed, outcome: Outcome | None, spoken: Spoken
    ) -> bool:
        """Whether there is still something to tell. A turn that was given up has been apologised
        for (the promise): only what it has changed for good is still news."""
        try:
            self._save(inbound, claim, outcome, spoken, detached=True)
        except LeaseLost:
            log.warning("lease_lost", detached=True)
            return outcome is not None and bool(outcome.effects)
        except MemoryLost as error:
            log.warning("turn_not_saved", why=str(error), detached=True)
        return True

    def _save(
        self,
        inbound: Inbound,
        claim: Claimed,
        outcome: Outcome | None,
        spoken: Spoken,
        *,
        detached: bool,
    ) -> None:
        if outcome is None:
            self._runner.save_apology(inbound, claim, spoken, detached=detached)
        else:
            self._runner.save(inbound, claim, outcome, spoken, detached=detached)
