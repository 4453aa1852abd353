"""What a citizen is told of a payment, and what it is called at WeChat Pay."""

from decimal import Decimal

from backends.ports import Lane, Notice, Order, Refund, Transaction
from dialogs.masking import masked_account

MOST_PERIODS = 3


def description(utility_name: str, order: Order) -> str:
    """What the pay sheet and WeChat's own receipt show, ≤ 127 characters. No comma and no
    back-quote: WeChat's trade bill does not escape them."""
    plain = utility_name.replace(",", " ").replace("`", " ")[:60]
    return f"{plain}-{what(order)}"


def what(order: Order) -> str:
    """Like “水费 2026年9月、10月” or “预存水费”."""
    periods = sorted({item.period for item in order.items if item.bill_no})
    if not periods:
        return "预存水费"
    if len(periods) > MOST_PERIODS:
        return f"水费 {_month(periods[0])}至{_month(periods[-1])}"
    return "水费 " + "、".join(_month(period) for period in periods)


def received(order: Order, transaction: Transaction) -> Notice:
    """The receipt 缴费回执: once for an order, whoever brings the news."""
    accounts = list(dict.fromkeys(item.acct_no for item in order.items))
    alone = len(accounts) == 1
    view: dict[str, str | int | bool] = {
        "order_no": order.order_no,
        "amount": str(yuan(order.amount_fen)),
        "count": len(order.items),
        "what": what(order),
        "shown": masked_account(accounts[0]) if alone else f"{len(accounts)}个户号",
        "paid_at": transaction.paid_at.isoformat() if transaction.paid_at else "",
    }
    acct_no = accounts[0] if alone else ""
    return Notice("payment_received", order.order_no, order.openid, acct_no, view, Lane.RESULT)


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _month(period: str) -> str:
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def refunded(refund: Refund, kind: str) -> Notice:
    """`kind`: refund_started, refund_done or refund_trouble."""
    view: dict[str, str | int | bool] = {
        "order_no": refund.order_no,
        "refund_no": refund.refund_no,
        "amount": str(yuan(refund.amount_fen)),
        "reason": refund.reason,
    }
    return Notice(kind, refund.refund_no, refund.openid, "", view, Lane.RESULT)
