"""Orders, items, postings and refunds as rows and as values."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from backends.ports import Order, OrderItem, OrderState, Posting, Refund, RefundState, WhyRefund
from backends.records.columns import SHANGHAI
from backends.records.tables_payments import FORGOTTEN, KNOWN, MOST_TROUBLE

AnyRow = Row[*tuple[Any, ...]]

PLACED, PREPAID, CLOSING, CLOSED = (
    OrderState.PLACED.value,
    OrderState.PREPAID.value,
    OrderState.CLOSING.value,
    OrderState.CLOSED.value,
)
PAID, SETTLED = OrderState.PAID.value, OrderState.SETTLED.value
TO_PAY = (PLACED, PREPAID)
OPEN = (*TO_PAY, CLOSING)
UNPAID = (*OPEN, CLOSED)
IN_FLIGHT = (PREPAID, CLOSING, PAID)
TO_SEND = (RefundState.APPROVED.value, RefundState.PROCESSING.value)
NOT_GOING = (RefundState.REFUSED.value, RefundState.CLOSED.value)
"""Refunds by which no money goes back."""


def from_order(order: Order) -> dict[str, Any]:
    return {
        "order_no": order.order_no,
        "openid": order.openid,
        "payer": KNOWN,
        "state": order.state.value,
        "amount_fen": order.amount_fen,
        "placed_at": order.placed_at,
        "expires_at": order.expires_at,
        "asked_at": order.asked_at,
        "prepay_id": order.prepay_id,
        "transaction_id": order.transaction_id or order.order_no,
        "paid_at": order.paid_at,
        "paid_day": order.paid_at.astimezone(SHANGHAI).date() if order.paid_at else None,
        "why_closed": order.why_closed,
        "look_at": order.expires_at if order.state.value in OPEN else None,
    }


def from_items(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "order_no": order.order_no,
            "item_key": item.key,
            "item_no": item_no,
            "acct_no": item.acct_no,
            "bill_no": item.bill_no,
            "period": item.period,
            "principal_fen": item.principal_fen,
            "late_fee_fen": item.late_fee_fen,
            "posted_fen": 0,
            "credited_fen": 0,
            "returned_fen": 0,
            "pay_no": "",
            "event_id": 0,
        }
        for item_no, item in enumerate(order.items)
    ]


def to_order(row: AnyRow, items: Iterable[AnyRow]) -> Order:
    return Order(
        order_no=row.order_no,
        openid="" if row.payer == FORGOTTEN else row.openid,
        items=tuple(map(_to_item, items)),
        placed_at=row.placed_at,
        expires_at=row.expires_at,
        state=OrderState(row.state),
        asked_at=row.asked_at,
        prepay_id=row.prepay_id,
        transaction_id="" if row.transaction_id == row.order_no else row.transaction_id,
        paid_at=row.paid_at,
        why_closed=row.why_closed,
    )


def _to_item(row: AnyRow) -> OrderItem:
    return OrderItem(
        acct_no=row.acct_no,
        bill_no=row.bill_no,
        period=row.period,
        principal_fen=row.principal_fen,
        late_fee_fen=row.late_fee_fen,
    )


def to_posting(row: AnyRow) -> Posting:
    return Posting(
        order_no=row.order_no,
        item_key=row.item_key,
        posted_fen=row.posted_fen,
        credited_fen=row.credited_fen,
        returned_fen=row.returned_fen,
        pay_no=row.pay_no,
        event_id=row.event_id,
    )


def from_refund(refund: Refund) -> dict[str, Any]:
    return {
        "refund_no": refund.refund_no,
        "refund_key": refund.key,
        "order_no": refund.order_no,
        "bill_no": refund.bill_no,
        "amount_fen": refund.amount_fen,
        "total_fen": refund.total_fen,
        "why": refund.why.value,
        "reason": refund.reason,
        "state": refund.state.value,
        "made_at": refund.made_at,
        "asked_by": refund.asked_by,
        "approved_by": refund.approved_by,
        "refund_id": refund.refund_id,
        "succeeded_at": refund.succeeded_at,
        "trouble": trouble(refund.trouble),
    }


def to_refund(row: AnyRow) -> Refund:
    return Refund(
        refund_no=row.refund_no,
        key=row.refund_key,
        order_no=row.order_no,
        bill_no=row.bill_no,
        amount_fen=row.amount_fen,
        total_fen=row.total_fen,
        why=WhyRefund(row.why),
        reason=row.reason,
        openid=row.openid or "",
        state=RefundState(row.state),
        made_at=row.made_at,
        asked_by=row.asked_by,
        approved_by=row.approved_by,
        refund_id=row.refund_id,
        succeeded_at=row.succeeded_at,
        trouble=row.trouble,
    )


def trouble(why: str) -> str:
    """PostgreSQL refuses the character NUL, and the reason is somebody else's text."""
    return why.replace("\0", "")[:MOST_TROUBLE]
