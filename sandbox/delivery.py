"""Delivery of a callback as often as the platform would: again on silence and on a wrong status,
twice or out of order when the switches say so. Called for whoever plays a citizen."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sandbox.attempt import Attempt, Callback, Exchange, Try, attempt
from sandbox.envelope import Stamp, new_stamp
from sandbox.faults import CallbackFaults
from sandbox.replies import Judgement, Verdict
from sandbox.transport import exchange
from sandbox.world import World

_BEST_FIRST = list(Judgement)


@dataclass(frozen=True, slots=True)
class Delivered:
    verdict: Verdict
    attempts: tuple[Attempt, ...]


class Courier:
    """Never holds the world's lock while it waits for the server."""

    def __init__(self, world: World, http: Exchange = exchange) -> None:
        self._world = world
        self._http = http

    def deliver(self, callback: Callback) -> Delivered:
        world = self._world
        faults = world.faults.callback
        overtaken = self._hold_back(callback, faults)
        try:
            if world.chance(faults.parallel):
                delivered = self._two_at_once(callback, faults)
            else:
                delivered = self._until_answered(callback, faults)
        finally:
            if overtaken is not None:
                overtaken.set()
        if world.chance(faults.duplicate):
            self._once_more(callback, faults, delivered.verdict)
        return delivered

    def _until_answered(self, callback: Callback, faults: CallbackFaults) -> Delivered:
        attempts: list[Attempt] = []
        verdict = Verdict(Judgement.UNDELIVERED)
        stamp = self._stamp(faults)
        for number in range(1, faults.max_deliveries + 1):
            if number > 1 and faults.renew_signature:
                stamp = self._stamp(faults)
            tried, verdict = attempt(self._world, self._http, Try(callback, faults, stamp, number))
            attempts.append(tried)
            if verdict.judgement is not Judgement.UNDELIVERED:
                break
        return Delivered(verdict, tuple(attempts))

    def _two_at_once(self, callback: Callback, faults: CallbackFaults) -> Delivered:
        tries = [Try(callback, faults, self._stamp(faults), number) for number in (1, 2)]
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(lambda this: attempt(self._world, self._http, this), tries))
        verdict = min((v for _, v in both), key=lambda v: _BEST_FIRST.index(v.judgement))
        return Delivered(verdict, tuple(tried for tried, _ in both))

    def _once_more(self, callback: Callback, faults: CallbackFaults, first: Verdict) -> None:
        """A duplicate after the answer: its own answer is thrown away, but should be the same."""
        before = first.clear if first.judgement is Judgement.ANSWERED else None
        this = Try(callback, faults, self._stamp(faults), 2, answered_before=before)
        attempt(self._world, self._http, this)

    def _stamp(self, faults: CallbackFaults) -> Stamp:
        world = self._world
        with world.news:
            return new_stamp(world.rng, world.clock.of_server, faults.skew_s)

    def _hold_back(self, callback: Callback, faults: CallbackFaults) -> threading.Event | None:
        """Reordering: this message waits until the citizen's next one is through. Returns the one
        that this message overtakes, for the caller to release."""
        world = self._world
        with world.news:
            overtaken = world.held.pop(callback.openid, None)
            held_back = callback.is_message and world.chance(faults.reorder)
            if overtaken is not None or not held_back:
                return overtaken
            waiting = world.held[callback.openid] = threading.Event()
        waiting.wait(world.config.reorder_hold_s)
        with world.news:
            if world.held.get(callback.openid) is waiting:
                del world.held[callback.openid]
        return None
