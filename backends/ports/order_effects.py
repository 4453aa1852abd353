"""What a turn changes in payment orders (`Records.commit`)."""

from dataclasses import dataclass
from datetime import datetime

from backends.ports.payments import Order, WhyClosed


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The order, as it was chosen in the chat. Placing the same
    `order_no` again changes nothing. NumberTaken when the number is another order's."""

    order: Order

    @property
    def openid(self) -> str:
        return self.order.openid

    @property
    def at(self) -> datetime:
        return self.order.placed_at


@dataclass(frozen=True, slots=True)
class OrderDropped:
    """The citizen does not want to pay this order. PLACED and never asked of WeChat →
    CLOSED; asked, or PREPAID → CLOSING, and the worker closes it at WeChat. Other states stay."""

    openid: str
    order_no: str
    why: WhyClosed
    at: datetime
