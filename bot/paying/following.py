"""What becomes of an order at WeChat Pay: paid, closed, or asked about again later.

Enters: what a notification says, or an order to ask about. Leaves: changed orders, submissions to
CSMS, a receipt. Every step may be repeated, and broken off anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from backends.errors import BackendError, NumberTaken, PaymentMismatch, Rejected
from backends.ports import (
    Gateway,
    Order,
    Orders,
    OrderState,
    Takings,
    TradeState,
    Transaction,
    WhyClosed,
)
from bot.paying.postings import postings
from bot.paying.receipts import received

log = structlog.get_logger()
MOST_TRIES = 20
# REFUND of one that is not paid with us: others gave the money back, for we refund what is PAID.
OVER = frozenset({TradeState.CLOSED, TradeState.REVOKED, TradeState.REFUND})
PAID = frozenset({OrderState.PAID, OrderState.SETTLED})


@dataclass(frozen=True, slots=True)
class Following:
    """`surplus`: what CSMS does with money for a bill that was paid elsewhere, credit or refund."""

    orders: Orders
    gateway: Gateway
    takings: Takings
    surplus: str
    clock: Callable[[], datetime]

    def took(self, transaction: Transaction) -> bool:
        """Of a verified notification, or of a query. True when it is news that it was paid.
        PaymentMismatch when it is not what was ordered: nothing is changed."""
        if not transaction.paid:
            return False
        order = self._ordered(transaction)
        for salt in range(MOST_TRIES):
            now = self.clock()
            carried = postings(order, transaction, self.surplus, now, salt)
            try:
                return self.orders.paid(transaction, carried, received(order, transaction), now)
            except NumberTaken:
                continue
        raise NumberTaken

    def follow(self, order: Order) -> None:
        """Asks WeChat what became of an open order, and closes one that is over."""
        if order.state in (*PAID, OrderState.CLOSED):
            return
        if order.state is OrderState.CLOSING:
            self._close(order)
        elif self.clock() >= order.expires_at:
            self.drop(order, WhyClosed.EXPIRED)
        elif order.asked_at is not None:
            self._ask(order)

    def drop(self, order: Order, why: WhyClosed) -> None:
        """Nobody shall pay it. What cannot be closed now the worker closes."""
        if self.orders.drop(order.order_no, why, self.clock()) is OrderState.CLOSING:
            self._close(order)

    def abandon(self, order: Order) -> None:
        """One that was closed with us while WeChat took it. Who would pay it never learned how; so
        what fails here does no harm, and ends with the order's time."""
        try:
            self._close(order)
        except BackendError as error:
            log.warning("payment_not_closed", order_no=order.order_no, code=str(error))

    def _ask(self, order: Order) -> None:
        """An order that WeChat does not know yet is still being asked for."""
        found = self.gateway.query(order.order_no)
        if found is None:
            return
        if found.state in OVER:
            self.orders.drop(order.order_no, WhyClosed.EXPIRED, self.clock())
            self._closed(order)
        else:
            self.took(found)

    def _close(self, order: Order) -> None:
        """Of an order that is CLOSING. WeChat is asked before and, if it refuses, after: it may
        have been paid a moment ago. That it knows no such order is believed after that only: a
        query may be behind, and its pay sheet be open."""
        found = self.gateway.query(order.order_no)
        if found and self._is_over(order, found):
            return
        try:
            self.gateway.close(order.order_no)
        except Rejected as error:
            found = self.gateway.query(order.order_no)
            if found is None:
                self._closed(order)
            elif not self._is_over(order, found):
                log.warning("payment_not_closed", order_no=order.order_no, code=error.code)
            return
        self._closed(order)

    def _is_over(self, order: Order, found: Transaction) -> bool:
        if found.state in OVER:
            self._closed(order)
        elif found.paid:
            self.took(found)
        return found.paid or found.state in OVER

    def _closed(self, order: Order) -> None:
        """The lock at CSMS goes first: an order that stays CLOSING is looked at again."""
        self.takings.release(order, self.clock())
        self.orders.closed(order.order_no, self.clock())

    def _ordered(self, transaction: Transaction) -> Order:
        order = self.orders.order(transaction.order_no)
        wrong = _difference(order, transaction) or _given_back(order, transaction)
        if order is None or wrong:
            log.error(
                "payment_mismatch",
                order_no=transaction.order_no,
                what=wrong,
                paid_fen=transaction.amount_fen,
                ordered_fen=order.amount_fen if order else 0,
            )
            raise PaymentMismatch(transaction.order_no, wrong)
        return order


def _difference(order: Order | None, transaction: Transaction) -> str:
    if order is None:
        return "order"
    if order.amount_fen != transaction.amount_fen:
        return "amount"
    if order.openid != transaction.openid:
        return "payer"
    if not transaction.transaction_id or transaction.paid_at is None:
        return "transaction"
    return ""


def _given_back(order: Order | None, transaction: Transaction) -> str:
    unheard = order is not None and order.state not in PAID
    return "refund" if unheard and transaction.state is TradeState.REFUND else ""
