"""WeChat Pay 微信支付 as the platform uses it: one merchant, JSAPI orders, refunds, trade bills.

BackendUnavailable with `sent` means UNKNOWN: it may have been carried out, so ask (`query`).
Rejected carries WeChat's code.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from backends.ports.payments import Order, Refund, RefundStanding, Transaction


class Gateway(Protocol):
    def prepay(self, order: Order, description: str) -> str:
        """The `prepay_id`; asking again with the same order is harmless. Rejected
        "OUT_TRADE_NO_USED" when WeChat has it with other values, other codes as they come."""
        ...

    def payment_call(self, prepay_id: str, now: datetime, nonce: str) -> Mapping[str, str]:
        """What the page gives to `getBrandWCPayRequest`, signed."""
        ...

    def query(self, order_no: str) -> Transaction | None:
        """None when WeChat does not know the order."""
        ...

    def close(self, order_no: str) -> None:
        """Closed, or was so. Rejected: whatever the code, ask (`query`) what became of it."""
        ...

    def refund(self, refund: Refund) -> RefundStanding: ...

    def refund_standing(self, refund_no: str) -> RefundStanding | None: ...

    def trade_bill(self, day: date) -> AbstractContextManager[Iterator[bytes]]:
        """The plain file of WeChat's trade bill 交易账单 of the day (all rows), in pieces, checked
        against its SHA1 before the last piece is given. StatementNotReady while it is being made,
        NoStatement when nothing was traded, StatementBroken when it does not fit its SHA1."""
        ...


class GatewayNotices(Protocol):
    """What WeChat Pay tells by itself."""

    def opened(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Transaction | RefundStanding | None:
        """NotGenuine unless the bytes are signed by WeChat within five minutes and about our
        merchant and app; None for an event that means nothing to us."""
        ...
