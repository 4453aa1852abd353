"""Payment orders that nobody has told of, and refunds that staff have agreed to, followed to their
end at WeChat Pay.

Enters: orders and refunds that are due to be looked at. Leaves: orders paid or closed, refunds sent
and settled. Any number of workers may do it at once: every step changes what it changes once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from backends.errors import BackendError, BackendUnavailable
from backends.ports import Order, Orders, OrderState, Refunds, System
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from jobs.deliveries import DeskDown

log = structlog.get_logger()
ORDERS_EVERY_S = 1.0
REFUNDS_EVERY_S = 5.0
AT_ONCE = 20
# Since WeChat was asked to take an order, and again since it has expired.
LOOKS = (
    *(timedelta(seconds=seconds) for seconds in (5, 30)),
    *(timedelta(minutes=minutes) for minutes in (1, 3, 5, 10, 30)),
)
THEN_EVERY = timedelta(hours=1)
# Somebody may be at the password, or wait to pay the same bill with another order.
CLOSING_AGAIN = timedelta(seconds=30)
AFTER_SILENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SilentOrders:
    orders: Orders
    following: Following
    clock: Callable[[], datetime]

    def step(self) -> int:
        """How many were looked at. DeskDown when WeChat Pay does not answer."""
        due = self.orders.to_ask_about(self.clock(), AT_ONCE)
        for order in due:
            self._look(order)
        return len(due)

    def _look(self, order: Order) -> None:
        """The next look is noted before, so that other workers leave the order alone meanwhile. A
        lock that CSMS cannot release now keeps nobody from asking about the other orders."""
        self.orders.look_again(order.order_no, next_look(order, self.clock()))
        try:
            self.following.follow(order)
        except BackendUnavailable as error:
            self.orders.look_again(order.order_no, self.clock() + AFTER_SILENCE)
            if error.system != System.CSMS:
                raise DeskDown from error
            log.warning("order_not_followed", order_no=order.order_no, why=str(error))
        except BackendError as error:
            log.error("order_not_followed", order_no=order.order_no, why=str(error))


def next_look(order: Order, now: datetime) -> datetime:
    """The first looks come soon, then they get rarer: a payment that WeChat is silent about is most
    likely none."""
    over = now >= order.expires_at
    if order.state is OrderState.CLOSING and not over:
        return now + CLOSING_AGAIN
    since = order.expires_at if over else order.asked_at or order.placed_at
    return next((since + look for look in LOOKS if since + look > now), now + THEN_EVERY)


@dataclass(frozen=True, slots=True)
class AgreedRefunds:
    refunds: Refunds
    refunding: Refunding
    clock: Callable[[], datetime]

    def step(self) -> int:
        """How many were sent or asked about. DeskDown when WeChat Pay does not answer."""
        due = self.refunds.to_send(self.clock(), AT_ONCE)
        for refund in due:
            try:
                self.refunding.follow(refund)
            except BackendUnavailable as error:
                raise DeskDown from error
        return len(due)
