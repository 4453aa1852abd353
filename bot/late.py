"""Answers that come after the acknowledgement: a customer-service message, or kept for the next.

The turn has been saved with the answer still owed and the citizen's lock still held; what happens
here decides which of the two ways it goes, never both.
"""

import structlog

from backends.errors import BackendError, BackendUnavailable
from backends.ports import CustomerMessages
from bot.memory import Claimed, Memory
from bot.metrics import Metrics
from bot.redis_link import MemoryLost
from bot.turn import Spoken
from dialogs.engine.inbound import Inbound

log = structlog.get_logger()


class LateAnswers:
    def __init__(self, messages: CustomerMessages, memory: Memory, metrics: Metrics) -> None:
        self._messages = messages
        self._memory = memory
        self._metrics = metrics

    def send(self, inbound: Inbound, claim: Claimed, spoken: Spoken) -> None:
        fate = self._send(inbound.openid, spoken.text) if spoken.text else "nothing_to_say"
        self._metrics.late(fate)
        log.info("late_answer", fate=fate)
        delivered = fate in ("delivered", "unknown")
        try:
            self._memory.release(inbound.openid, claim, late_delivered=delivered)
        except MemoryLost:
            log.warning("late_answer_not_released")  # its lease ends by itself

    def _send(self, openid: str, text: str) -> str:
        """`unknown` (no answer, but perhaps carried out) counts as delivered: the same answer
        twice would be one too many, and the citizen can always ask again."""
        try:
            self._messages.send_text(openid, text)
        except BackendUnavailable as error:
            return "unknown" if error.sent else "handed_over"
        except BackendError as error:
            log.info("late_answer_refused", why=str(error))
            return "handed_over"
        return "delivered"
