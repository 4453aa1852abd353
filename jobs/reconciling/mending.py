"""What is certain is mended: money that WeChat has and we do not know of yet, refunds that have
arrived, postings that CSMS does not have. Whatever fails stays on the list."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from backends.errors import BackendError
from backends.ports import (
    Gateway,
    Order,
    Outbox,
    Records,
    Refund,
    Submission,
    SubmissionKind,
    SubmissionState,
    Transaction,
)
from bot.paying.postings import posting_key

log = structlog.get_logger()
UNDER_WAY = "on its way to CSMS"
AGAIN = "handed over to CSMS again"
MOST_OF_A_KIND = 2000
"""In one run. More is not a few lost messages, and wants a person first."""


@dataclass(frozen=True, slots=True)
class Mending:
    """`took` and `follow`: what a verified notification, or a look at a refund, goes through.
    `done`: how much of each kind."""

    gateway: Gateway
    took: Callable[[Transaction], bool]
    follow: Callable[[Refund], bool]
    outbox: Outbox
    records: Records
    clock: Callable[[], datetime]
    done: Counter[str] = field(default_factory=Counter)

    def take_in(self, order_no: str) -> bool:
        """Money of an order that we take for unpaid: WeChat is asked once more, for what it says of
        one order is what all of us believe."""

        def ask() -> bool:
            found = self.gateway.query(order_no)
            return found is not None and found.paid and self.took(found)

        return self._tried("taken in", order_no, ask)

    def give_back(self, refund: Refund) -> bool:
        return self._tried("given back", refund.order_no, lambda: self.follow(refund))

    def hand_over(self, order: Order, item_key: str) -> str:
        """Of a posting that CSMS does not have: what is done about it, '' when that takes a
        person."""
        posting = self._posting(order, item_key)
        if posting is None or posting.state not in (SubmissionState.QUEUED, SubmissionState.STUCK):
            return ""
        if posting.state is SubmissionState.QUEUED:
            return UNDER_WAY
        again = self._tried(
            "handed over", order.order_no, lambda: self.outbox.resend(posting.number, self.clock())
        )
        return AGAIN if again else ""

    def _tried(self, what: str, order_no: str, mend: Callable[[], bool]) -> bool:
        if self.done[what] >= MOST_OF_A_KIND:
            return False
        try:
            mended = mend()
        except BackendError as error:
            log.warning("difference_not_mended", order_no=order_no, why=str(error))
            return False
        self.done[what] += mended
        return mended

    def _posting(self, order: Order, item_key: str) -> Submission | None:
        wanted = posting_key(order.transaction_id, item_key)
        accounts = {item.acct_no for item in order.items if item.key == item_key}
        kind = SubmissionKind.PAYMENT.value
        return next(
            (
                one
                for acct_no in accounts
                for one in self.records.submissions_for(acct_no, kind, order.placed_at)
                if one.key == wanted
            ),
            None,
        )
