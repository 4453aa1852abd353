"""Refunds 退款 at WeChat Pay: sent once staff have agreed, asked about until their end.

Enters: an approved refund, or what WeChat says of one. Leaves: its state, and word to the citizen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from backends.errors import BackendUnavailable, Overtaken, Rejected
from backends.ports import (
    Gateway,
    Notice,
    Refund,
    Refunds,
    RefundStanding,
    RefundState,
    RefundStatus,
)
from bot.paying.receipts import refunded

log = structlog.get_logger()
NEXT_LOOK = timedelta(minutes=10)
NEXT_TRY = timedelta(minutes=30)
AFTER_SILENCE = timedelta(minutes=1)
TOLD_AS = {
    RefundStatus.PROCESSING: "refund_started",
    RefundStatus.SUCCESS: "refund_done",
    RefundStatus.ABNORMAL: "refund_trouble",
    RefundStatus.CLOSED: "refund_trouble",
}


@dataclass(frozen=True, slots=True)
class Refunding:
    refunds: Refunds
    gateway: Gateway
    clock: Callable[[], datetime]

    def told(self, standing: RefundStanding) -> bool:
        """Of a verified notification. False when it is no news, or of a refund that is not ours.
        Overtaken when it says another amount than was agreed to: nothing is changed."""
        refund = self.refunds.refund(standing.refund_no)
        if refund is None:
            log.error("refund_mismatch", refund_no=standing.refund_no)
            return False
        return self._heard(refund, standing)

    def follow(self, refund: Refund) -> bool:
        """Sends an approved one (twice is once, by its number), asks about one under way. True when
        there is news. BackendUnavailable when nobody answers: it is tried again soon."""
        try:
            return self._heard(refund, self._standing(refund))
        except Rejected as error:
            self._failed(refund, error.code, NEXT_TRY)
        except Overtaken as error:
            self._failed(refund, str(error), NEXT_TRY)
        except BackendUnavailable as error:
            self._failed(refund, error.why or "no answer", AFTER_SILENCE)
            raise
        return False

    def _heard(self, refund: Refund, standing: RefundStanding) -> bool:
        news = _news(refund, standing)
        try:
            return self.refunds.heard(standing, news, self.clock(), wait=NEXT_LOOK)
        except Overtaken:
            log.error("refund_mismatch", refund_no=standing.refund_no)
            raise

    def _standing(self, refund: Refund) -> RefundStanding:
        if refund.state is RefundState.PROCESSING:
            found = self.gateway.refund_standing(refund.refund_no)
            if found is not None:
                return found
        try:
            return self.gateway.refund(refund)
        except Rejected:
            # It may have been made before, and its answer been lost.
            found = self.gateway.refund_standing(refund.refund_no)
            if found is None:
                raise
            return found

    def _failed(self, refund: Refund, trouble: str, wait: timedelta) -> None:
        log.warning("refund_not_sent", refund_no=refund.refund_no, why=trouble)
        self.refunds.failed(refund.refund_no, trouble, now=self.clock(), wait=wait)


def _news(refund: Refund, standing: RefundStanding) -> Notice | None:
    """Nobody is told again that a refund is under way."""
    started = standing.status is RefundStatus.PROCESSING
    if started and refund.state is RefundState.PROCESSING:
        return None
    return refunded(refund, TOLD_AS[standing.status])
