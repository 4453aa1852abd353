"""What carries a payment to CSMS: a submission for each item of the order (docs/contracts/csms.md,
kind `payment`)."""

from collections.abc import Iterator
from datetime import datetime

from backends.ports import Order, OrderItem, Submission, SubmissionKind, Transaction
from bot.paying.receipts import yuan
from dialogs.submissions import number_of


def postings(
    order: Order, transaction: Transaction, surplus: str, now: datetime, salt: int
) -> tuple[Submission, ...]:
    """`surplus`: what CSMS shall do with money for a bill that was paid elsewhere, credit or
    refund. Another `salt` gives other numbers, for when one of them is taken."""
    return tuple(_each(order, transaction, surplus, now, salt))


def posting_key(transaction_id: str, item_key: str) -> str:
    return f"pay:{transaction_id}:{item_key}"


def _each(
    order: Order, transaction: Transaction, surplus: str, now: datetime, salt: int
) -> Iterator[Submission]:
    for item in order.items:
        key = posting_key(transaction.transaction_id, item.key)
        yield Submission(
            number=number_of(f"{now:%y%m%d}", f"{key}:{salt}"),
            key=key,
            openid=order.openid,
            acct_no=item.acct_no,
            kind=SubmissionKind.PAYMENT,
            payload=_payload(order, item, transaction, surplus),
            created_at=now,
        )


def _payload(
    order: Order, item: OrderItem, transaction: Transaction, surplus: str
) -> dict[str, str]:
    return {
        "transaction_id": transaction.transaction_id,
        "order_no": order.order_no,
        "bill_no": item.bill_no,
        "period": item.period,
        "principal": str(yuan(item.principal_fen)),
        "late_fee": str(yuan(item.late_fee_fen)),
        "amount": str(yuan(item.amount_fen)),
        "paid_at": transaction.paid_at.isoformat() if transaction.paid_at else "",
        "surplus": surplus,
    }
