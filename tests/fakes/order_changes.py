"""What happens to payment orders of the in-memory records."""

from collections.abc import Sequence
from datetime import datetime

from backends.errors import NotFound, NumberTaken, Overtaken
from backends.ports import (
    Notice,
    Order,
    OrderState,
    Posting,
    Refund,
    RefundState,
    Submission,
    Transaction,
    WhyClosed,
)
from backends.ports.orders import FIRST_LOOK
from tests.fakes.order_state import OPEN, TO_PAY, UNPAID, Payments
from tests.fakes.records_state import State
from tests.fakes.records_work import plan, submit

NOT_GOING = (RefundState.REFUSED, RefundState.CLOSED)


def place(payments: Payments, order: Order) -> None:
    known = payments.orders.get(order.order_no)
    if known is None:
        payments.orders[order.order_no] = order
        payments.looks[order.order_no] = order.expires_at
    elif known.openid != order.openid:
        raise NumberTaken


def hold(payments: Payments, order_no: str) -> tuple[Order, ...]:
    order = payments.orders.get(order_no)
    if order is None or order.state not in TO_PAY:
        return ()
    holders = {payments.holds.get(item.key, order_no) for item in order.items} - {order_no}
    if not holders:
        payments.holds |= {item.key: order_no for item in order.items}
    return tuple(payments.orders[other] for other in sorted(holders))


def asking(payments: Payments, order_no: str, now: datetime) -> bool:
    order = payments.orders.get(order_no)
    if order is None or order.state is not OrderState.PLACED:
        return False
    if any(payments.holds.get(item.key) != order_no for item in order.items):
        return False
    payments.change(order, asked_at=order.asked_at or now)
    payments.looks[order_no] = min(now + FIRST_LOOK, order.expires_at)
    return True


def prepaid(payments: Payments, order_no: str, prepay_id: str, now: datetime) -> bool:
    order = payments.orders.get(order_no)
    if order is None or order.state not in TO_PAY:
        return False
    payments.change(order, state=OrderState.PREPAID, prepay_id=prepay_id)
    payments.looks[order_no] = min(now + FIRST_LOOK, order.expires_at)
    return True


def drop(payments: Payments, order_no: str, why: WhyClosed, now: datetime) -> OrderState | None:
    order = payments.orders.get(order_no)
    if order is None:
        return None
    if order.state is OrderState.PLACED and order.asked_at is None:
        payments.change(order, state=OrderState.CLOSED, why_closed=why.value)
        payments.release(order_no)
    elif order.state in TO_PAY:
        payments.change(order, state=OrderState.CLOSING, why_closed=why.value)
        payments.looks[order_no] = now
    return payments.orders[order_no].state


def closed(payments: Payments, order_no: str) -> bool:
    order = payments.orders.get(order_no)
    if order is None or order.state is not OrderState.CLOSING:
        return False
    payments.change(order, state=OrderState.CLOSED)
    payments.release(order_no)
    return True


def look_again(payments: Payments, order_no: str, at: datetime) -> None:
    order = payments.orders.get(order_no)
    if order is not None and order.state in OPEN:
        before_its_end = payments.looks[order_no] < order.expires_at
        payments.looks[order_no] = min(at, order.expires_at) if before_its_end else at


def paid(
    state: State,
    transaction: Transaction,
    postings: Sequence[Submission],
    told: Notice | None,
    now: datetime,
) -> bool:
    payments = state.payments
    order = payments.orders.get(transaction.order_no)
    if order is None:
        raise NotFound("records", "order")
    _compare(payments, order, transaction)
    if order.state not in UNPAID:
        return False
    payments.change(
        order,
        state=OrderState.PAID,
        transaction_id=transaction.transaction_id,
        paid_at=transaction.paid_at,
    )
    for item in order.items:
        payments.holds.setdefault(item.key, order.order_no)
    for posting in postings:
        submit(state, posting)
    if told is not None:
        plan(state, told, now)
    return True


def _compare(payments: Payments, order: Order, transaction: Transaction) -> None:
    known = order.transaction_id or transaction.transaction_id
    elsewhere = any(
        one.transaction_id == transaction.transaction_id and one.order_no != order.order_no
        for one in payments.orders.values()
    )
    if known != transaction.transaction_id or elsewhere:
        raise Overtaken("records", "the order")
    if order.amount_fen != transaction.amount_fen:
        raise Overtaken("records", "the order")


def post(payments: Payments, posting: Posting, refund: Refund | None) -> bool:
    order = payments.orders.get(posting.order_no)
    if order is None or order.state is not OrderState.PAID:
        return False
    if posting.item_key not in payments.unposted(order):
        return False
    payments.postings[order.order_no, posting.item_key] = posting
    if payments.holds.get(posting.item_key) == order.order_no:
        del payments.holds[posting.item_key]
    if not payments.unposted(order):
        payments.change(order, state=OrderState.SETTLED)
    if refund is not None and not is_proposed(payments, refund) and has_room(payments, refund):
        payments.refunds[refund.refund_no] = refund
    return True


def is_proposed(payments: Payments, refund: Refund) -> bool:
    if any(one.key == refund.key for one in payments.refunds.values()):
        return True
    if refund.refund_no in payments.refunds:
        raise NumberTaken
    return False


def has_room(payments: Payments, refund: Refund) -> bool:
    order = payments.orders.get(refund.order_no)
    if order is None or order.state in UNPAID:
        return False
    going = sum(
        one.amount_fen
        for one in payments.refunds.values()
        if one.order_no == order.order_no and one.state not in NOT_GOING
    )
    return going + refund.amount_fen <= order.amount_fen
