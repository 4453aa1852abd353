"""`ports.Gateway` behind a guard (guard.py), for the web server. Constructed in bot/app.py."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from backends.guard import Guard
from backends.ports import Gateway, Order, Refund, RefundStanding, Transaction


@dataclass(frozen=True, slots=True)
class GuardedGateway:
    gateway: Gateway
    guard: Guard

    def prepay(self, order: Order, description: str) -> str:
        return self.guard.run(lambda: self.gateway.prepay(order, description))

    def payment_call(self, prepay_id: str, now: datetime, nonce: str) -> Mapping[str, str]:
        """Only signs: nobody is called."""
        return self.gateway.payment_call(prepay_id, now, nonce)

    def query(self, order_no: str) -> Transaction | None:
        return self.guard.run(lambda: self.gateway.query(order_no))

    def close(self, order_no: str) -> None:
        self.guard.run(lambda: self.gateway.close(order_no))

    def refund(self, refund: Refund) -> RefundStanding:
        return self.guard.run(lambda: self.gateway.refund(refund))

    def refund_standing(self, refund_no: str) -> RefundStanding | None:
        return self.guard.run(lambda: self.gateway.refund_standing(refund_no))

    def trade_bill(self, day: date) -> AbstractContextManager[Iterator[bytes]]:
        """Not guarded: its reader takes its time, and no citizen waits for it."""
        return self.gateway.trade_bill(day)
