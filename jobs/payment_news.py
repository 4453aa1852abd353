"""What CSMS has made of a payment: posted, or what of it is to be given back.

Of each item of an order it says so once. What it did not take is proposed as a refund, to which
staff agree (docs/payment.md). The citizen is told what they did not mean; the rest they know.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from backends.ports import (
    Changes,
    ItemPosted,
    Lane,
    Notice,
    Order,
    OrderItem,
    Outbox,
    OutsideEvent,
    Posting,
    Refund,
    RefundState,
    Submission,
    SubmissionChange,
    SubmissionKind,
    SubmissionState,
    WhyRefund,
)
from dialogs.masking import masked_account
from jobs.meanings import Meaning, asked

REASON = "水费未入账的部分，退回"
ANSWERED = (SubmissionState.DONE, SubmissionState.RETURNED)


def posted(event: OutsideEvent, outbox: Outbox) -> Changes:
    """ValueError when the event is about another transaction or bill than was handed over, or when
    its amounts do not add up: nothing is believed of it then."""
    payment = _payment(event, outbox)
    if payment is None:
        return Changes()
    for name in ("transaction_id", "bill_no"):
        if str(event.data[name]) != payment.payload[name]:
            raise ValueError(f"another {name} than was handed over")
    order, item = _ordered(payment, outbox)
    made = Posting(
        order_no=order.order_no,
        item_key=item.key,
        posted_fen=_fen(event.data["posted"]),
        credited_fen=_fen(event.data["credited"]),
        returned_fen=_fen(event.data["returned"]),
        pay_no=str(event.data.get("pay_no") or ""),
        event_id=event.event_id,
    )
    if made.posted_fen + made.credited_fen + made.returned_fen != item.amount_fen:
        raise ValueError("the amounts do not add up")
    return _changes(event, payment, order, item, made)


def refused(event: OutsideEvent, outbox: Outbox) -> Changes:
    """Nothing was taken."""
    payment = _payment(event, outbox)
    if payment is None:
        return Changes()
    order, item = _ordered(payment, outbox)
    made = Posting(order.order_no, item.key, 0, 0, item.amount_fen, "", event.event_id)
    return _changes(event, payment, order, item, made)


def or_refused(answered: Meaning) -> Meaning:
    """Of a payment that CSMS cannot even read nothing was taken either."""

    def meaning(event: OutsideEvent, outbox: Outbox) -> Changes:
        found = asked(event, outbox)
        is_payment = found is not None and found.kind is SubmissionKind.PAYMENT
        return refused(event, outbox) if is_payment else answered(event, outbox)

    return meaning


def _changes(
    event: OutsideEvent, payment: Submission, order: Order, item: OrderItem, made: Posting
) -> Changes:
    done = made.returned_fen < item.amount_fen
    change = SubmissionChange(
        payment.number,
        SubmissionState.DONE if done else SubmissionState.RETURNED,
        event.ext_no,
        {**event.data, "state": "posted" if done else "refused"},
    )
    refund = _refund(event, payment, order, item, made) if made.returned_fen else None
    news = tuple(_news(event, payment, item, made))
    return Changes((change,), news, posted=(ItemPosted(made, refund),))


def _refund(
    event: OutsideEvent, payment: Submission, order: Order, item: OrderItem, made: Posting
) -> Refund:
    """Its number is made of two that are unique, so it is nobody else's."""
    return Refund(
        refund_no=f"{order.order_no}-{payment.number}",
        key=f"returned:{order.order_no}:{item.key}",
        order_no=order.order_no,
        bill_no=item.bill_no,
        amount_fen=made.returned_fen,
        total_fen=order.amount_fen,
        why=WhyRefund.SURPLUS,
        reason=REASON,
        openid=payment.openid,
        state=RefundState.PROPOSED,
        made_at=event.at,
    )


def _news(
    event: OutsideEvent, payment: Submission, item: OrderItem, made: Posting
) -> Iterator[Notice]:
    key = f"{made.order_no}:{item.key}"
    about = {"shown": masked_account(item.acct_no), "order_no": made.order_no}
    for how, fen in (("credit", made.credited_fen), ("refund", made.returned_fen)):
        if fen:
            view = {**about, "period": item.period, "amount": _yuan(fen), "how": how}
            yield _notice("payment_surplus", f"{key}:{how}", payment, view)
    if event.data.get("restores") is True:
        yield _notice("water_restored", key, payment, about)


def _notice(kind: str, key: str, payment: Submission, view: dict[str, str]) -> Notice:
    return Notice(kind, key, payment.openid, payment.acct_no, view, Lane.RESULT)


def _payment(event: OutsideEvent, outbox: Outbox) -> Submission | None:
    """None too for one that was answered before: the first answer has been posted, and another one
    would promise the citizen what nobody gives."""
    found = asked(event, outbox)
    is_open = found and found.kind is SubmissionKind.PAYMENT and found.state not in ANSWERED
    return found if is_open else None


def _ordered(payment: Submission, outbox: Outbox) -> tuple[Order, OrderItem]:
    """LookupError when the order is not (any more) with us."""
    order = outbox.order(payment.payload["order_no"])
    if order is None:
        raise LookupError("no such order")
    paid = (payment.acct_no, payment.payload["bill_no"])
    for item in order.items:
        if (item.acct_no, item.bill_no) == paid:
            return order, item
    raise LookupError("no such item of the order")


def _fen(text: object) -> int:
    """ValueError for what is no amount in whole fen."""
    try:
        fen = Decimal(str(text)).scaleb(2)
    except InvalidOperation:
        raise ValueError("no amount of money") from None
    if not fen.is_finite() or fen < 0 or fen != fen.to_integral_value():
        raise ValueError("no amount of money")
    return int(fen)


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))
