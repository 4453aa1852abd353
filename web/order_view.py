"""An order as its page shows it: texts, and what stands where in which state."""

from dataclasses import dataclass
from datetime import datetime

from backends.ports import Order, OrderItem, OrderState, WhyClosed
from bot.paying.cashier import TOO_LATE
from bot.paying.receipts import yuan
from dialogs.masking import masked_account


@dataclass(frozen=True, slots=True)
class Standing:
    """`name`: payable, checking, paid, settled, closed or expired. `word` heads the page, `then`
    is the one next step."""

    name: str
    word: str
    then: str


PAYABLE = Standing("payable", "待支付", "核对好了，就点下面的按钮。")
CHECKING = Standing("checking", "正在确认", "正在向微信支付确认，请稍等，不要重复支付。")
PAID = Standing("paid", "支付成功", "正在入账，一两分钟后回复“查欠费”就能看到。")
SETTLED = Standing("settled", "支付成功", "已经入账，谢谢您。")
EXPIRED = Standing("expired", "已过期", "这一单没有付款。要缴费，请回到聊天，回复“缴费”。")
CLOSED = {
    WhyClosed.REPLACED: "您后来又选了一单，请付那一单。",
    WhyClosed.CANCELLED: "这一单取消了，没有付款。要缴费，请回到聊天，回复“缴费”。",
    WhyClosed.EXPIRED: EXPIRED.then,
    WhyClosed.CHANGED: "应缴的金额有变化，这一单作废了。请回到聊天，回复“缴费”重新选。",
}


def standing(order: Order, now: datetime) -> Standing:
    match order.state:
        case OrderState.PAID:
            return PAID
        case OrderState.SETTLED:
            return SETTLED
        case OrderState.CLOSING:
            return CHECKING
        case OrderState.CLOSED:
            return _closed(order)
    if now < order.expires_at - TOO_LATE:
        return PAYABLE
    return CHECKING if order.asked_at else EXPIRED


def _closed(order: Order) -> Standing:
    why = WhyClosed(order.why_closed) if order.why_closed else WhyClosed.EXPIRED
    word = "已过期" if why is WhyClosed.EXPIRED else "已作废"
    return Standing("closed", word, CLOSED[why])


@dataclass(frozen=True, slots=True)
class Row:
    """`late_fee`: '' where there is none."""

    account: str
    what: str
    amount: str
    late_fee: str


def rows(order: Order) -> tuple[Row, ...]:
    return tuple(_row(item) for item in order.items)


def _row(item: OrderItem) -> Row:
    year, month = item.period.split("-")
    what = f"{year}年{int(month)}月水费" if item.bill_no else "预存水费"
    late = str(yuan(item.late_fee_fen)) if item.late_fee_fen else ""
    return Row(masked_account(item.acct_no), what, str(yuan(item.amount_fen)), late)
