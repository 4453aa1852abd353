"""Payment orders 缴费订单 as conversations place and show them. Orders count fen; what a dialog
remembers and shows is yuan, as text."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from backends.ports import Bill, Order, OrderItem, OrderState
from dialogs.engine.definition import Turn

# Who is sent to a page that can take no money any more has been sent for nothing.
TOO_LATE = timedelta(minutes=2)
NEWS_FOR = timedelta(days=1)
OPEN, CHECKING, PAID, EXPIRED = "open", "checking", "paid", "expired"
FAMILY = "family"


def standing(order: Order, now: datetime) -> str:
    """OPEN: it can be paid. CHECKING: nobody knows yet whether it was. PAID: not all of it is
    posted. Or why it came to nothing (`WhyClosed`), as long as that is news; '' beyond."""
    match order.state:
        case OrderState.PLACED | OrderState.PREPAID if now < order.expires_at - TOO_LATE:
            return OPEN
        case OrderState.PLACED if order.asked_at is None:
            return _news(order, EXPIRED, now)
        case OrderState.PLACED | OrderState.PREPAID | OrderState.CLOSING:
            return CHECKING
        case OrderState.PAID:
            return PAID
    return _news(order, order.why_closed, now)


def _news(order: Order, why: str, now: datetime) -> str:
    return why if now - order.placed_at < NEWS_FOR else ""


def held(turn: Turn, bills: Sequence[Bill]) -> dict[str, str]:
    """Bill number → why nobody need pay it now: PAID and not posted yet, or FAMILY is about to.
    The citizen's own order gives way to a new one."""
    orders = turn.ask.orders.in_flight([bill.bill_no for bill in bills]) if bills else {}
    found = {bill_no: _why_held(turn, order) for bill_no, order in orders.items()}
    return {bill_no: why for bill_no, why in found.items() if why}


def _why_held(turn: Turn, order: Order) -> str:
    if order.state is OrderState.PAID:
        return PAID
    mine = order.openid == turn.openid
    return "" if mine or turn.now >= order.expires_at else FAMILY


def new_order(turn: Turn, items: tuple[OrderItem, ...]) -> Order:
    """The same for a message that is replayed: its number too is made of the message."""
    placed_at = min(turn.inbound.at, turn.now)
    return Order(
        order_no=f"WD{placed_at:%y%m%d%H%M%S}{_digits(turn.key)}",
        openid=turn.openid,
        items=items,
        placed_at=placed_at,
        expires_at=placed_at + turn.policy.order_lives,
    )


def _digits(key: str) -> str:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return f"{int.from_bytes(digest) % 10**10:010d}"


def view(turn: Turn, order: Order) -> dict[str, Any]:
    """As a dialog remembers and shows one that can be paid. `until`: the moment it ends."""
    periods = {item.period for item in order.items if item.bill_no}
    return {
        "order_no": order.order_no,
        "count": len(order.items),
        "total": yuan(order.amount_fen),
        "periods": sorted(periods),
        "until": order.expires_at.astimezone(turn.now.tzinfo).isoformat(timespec="minutes"),
        "link": turn.policy.order_link(order.order_no, order.expires_at),
    }


def paid_of(turn: Turn, acct_no: str, bills: Sequence[Bill]) -> dict[str, Decimal]:
    """Of payments for the account that CSMS has not posted yet: ISO moment → yuan."""
    keys = [*(bill.bill_no for bill in bills), f"prepay:{acct_no}"]
    sums: dict[str, Decimal] = {}
    for key, order in turn.ask.orders.in_flight(keys).items():
        if order.paid_at is None or order.state is not OrderState.PAID:
            continue
        at = order.paid_at.astimezone(turn.now.tzinfo).isoformat()
        paid = sum(item.amount_fen for item in order.items if item.key == key)
        sums[at] = sums.get(at, Decimal(0)) + Decimal(paid).scaleb(-2)
    return dict(sorted(sums.items(), reverse=True))


def yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def fen(amount: Decimal | str) -> int:
    """Of yuan with two decimals."""
    return int(Decimal(amount).scaleb(2))


def item(acct_no: str, bill: Mapping[str, Any]) -> OrderItem:
    """Of a bill as the dialog remembers it (dialogs/pay.py)."""
    late_fee_fen = fen(bill["late_fee"])
    principal_fen = fen(bill["owed"]) - late_fee_fen
    return OrderItem(acct_no, bill["bill_no"], bill["period"], principal_fen, late_fee_fen)
