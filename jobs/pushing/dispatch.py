"""Tells workers that the ledger has something due, and works it off itself when nobody hears.

Enters: what is due. Leaves: words at the broker. Each process that pushes dispatches as well, so
none of them is needed by the others, nor is the broker: without it each looks for itself.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from backends.ports import Ledger
from jobs.pushing.draining import Drains
from jobs.pushing.sender import AT_ONCE
from jobs.pushing.tasks import BrokerAway, Words

log = structlog.get_logger()
LOOKS_EVERY_S = 1.0
PATIENCE_S = 3.0
SAID_AGAIN_S = 60.0
SWEEPS_EVERY_S = 30.0
SWEPT_AT_ONCE = 1000
SILENT_FOR = timedelta(hours=1)


@dataclass(slots=True)
class Dispatcher:
    """`looked` hears of each look. `PATIENCE_S`: a word is heard within moments. When work has
    waited for longer without a drain in this process, words are lost (the broker was restarted, a
    worker died with them): then nobody is waited for."""

    ledger: Ledger
    words: Words
    drains: Drains
    looked: Callable[[], object]
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    _waits_since_s: float | None = field(default=None, init=False)
    _begun: int = field(default=0, init=False)
    _told_s: float = field(default=float("-inf"), init=False)

    def step(self) -> int:
        """How many notices this process settled in it."""
        if self.drains.rests:
            return 0
        waiting = sum(lane.waiting for lane in self.ledger.backlog(self.clock()))
        self.looked()
        if not waiting:
            self._waits_since_s = None
            return 0
        heard = self._say(math.ceil(waiting / AT_ONCE))
        return self.drains.once() if not heard or self._waits_too_long() else 0

    def _say(self, wanted: int) -> bool:
        """Whether somebody may hear. A broker's client may raise anything (its module is missing,
        it has a bug): none of it may keep what is due from going out."""
        try:
            self.words.say(wanted)
        except Exception as error:  # noqa: BLE001 - see above; its kind is logged
            if self.monotonic() - self._told_s >= SAID_AGAIN_S:
                self._told_s = self.monotonic()
                log.warning("broker_away", why=_kind(error), remedy=_remedy(error))
            return False
        return True

    def _waits_too_long(self) -> bool:
        now_s, begun = self.monotonic(), self.drains.begun
        if self._waits_since_s is None or begun != self._begun or not self.drains.may_begin:
            self._waits_since_s, self._begun = now_s, begun
        return now_s - self._waits_since_s >= PATIENCE_S


def _kind(error: Exception) -> str:
    return str(error) if isinstance(error, BrokerAway) else type(error).__name__


def _remedy(error: Exception) -> str:
    """Without the text of errors, which may quote an address with its password."""
    if isinstance(error, BrokerAway):
        return "bring the broker back"
    if isinstance(error, ImportError):
        return f"install the client of this broker: {error}"
    return "name a broker that Celery can use in WATERDESK_BROKER_URL"


@dataclass(frozen=True, slots=True)
class Sweep:
    """Accepted pushes that WeChat never reported on, results that came early, what is stale."""

    ledger: Ledger
    clock: Callable[[], datetime]

    def step(self) -> int:
        now = self.clock()
        counts = self.ledger.sweep(now, silent_before=now - SILENT_FOR, limit=SWEPT_AT_ONCE)
        if done := sum(counts.values()):
            log.info("ledger_swept", **counts)
        return done
