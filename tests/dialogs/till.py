"""What becomes of a citizen's payment order 缴费单 outside the chat (付款: 打开), in one word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import (
    Order,
    OrderItem,
    OrderState,
    Posting,
    TradeState,
    Transaction,
    WhyClosed,
)
from tests.fakes import FakeCsms, FakeOrders

FAMILY = "oFAMILY"
LIVES = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Till:
    csms: FakeCsms
    orders: FakeOrders

    def do(self, what: str, openid: str, now: datetime) -> None:
        whose, _, acct_no = what.removeprefix("家人").partition(" ")
        who = FAMILY if what.startswith("家人") else openid
        if acct_no:
            self.orders.place(self._of_all_bills(acct_no, who, now))
        order = self.orders.latest(who)
        assert order, f"{what}：还没有缴费单"
        match whose:
            case "打开":
                self._open(order, now)
            case "付了":
                self._paid(order, now)
            case "入账":
                self._posted(order, now)
            case "过期":
                self.orders.drop(order.order_no, WhyClosed.EXPIRED, now)
            case "关了":
                self.orders.closed(order.order_no, now)
            case _:
                raise AssertionError(f"付款只能是打开、付了、入账、过期或关了，不是“{what}”")

    def _open(self, order: Order, now: datetime) -> None:
        assert not self.orders.hold(order.order_no, now)
        assert self.orders.asking(order.order_no, now)
        assert self.orders.prepaid(order.order_no, "wx1", now)

    def _paid(self, order: Order, now: datetime) -> None:
        said = Transaction(
            order.order_no,
            TradeState.SUCCESS,
            order.amount_fen,
            transaction_id=f"42{order.order_no}",
            openid=order.openid,
            paid_at=now,
        )
        assert self.orders.paid(said, (), None, now)

    def _posted(self, order: Order, now: datetime) -> None:
        for number, item in enumerate(order.items):
            posting = Posting(order.order_no, item.key, item.amount_fen, 0, 0, "P1", number)
            assert self.orders.post(posting, None, now)
            self.csms.settle(item.bill_no)

    def _of_all_bills(self, acct_no: str, openid: str, now: datetime) -> Order:
        bills = self.csms.unpaid_bills([acct_no])
        items = tuple(
            OrderItem(
                acct_no,
                bill.bill_no,
                bill.period,
                int(bill.principal_owed * 100),
                int(bill.late_fee * 100),
            )
            for bill in bills
        )
        return Order(f"WD{now:%y%m%d%H%M%S}F{acct_no[1:]}", openid, items, now, now + LIVES)


def ordered(orders: FakeOrders, openid: str) -> list[set[str]]:
    """The citizen's orders, first placed first: state, number of items, accounts, periods, yuan."""
    placed = orders.records.state.payments.orders.values()
    return [_words(order) for order in placed if order.openid == openid]


def _words(order: Order) -> set[str]:
    closed = {order.why_closed} if order.state is OrderState.CLOSED else set()
    told = {order.state.value, f"{len(order.items)}项", f"{order.amount_fen / 100:.2f}元"} | closed
    for item in order.items:
        told |= {item.acct_no, item.period, f"{item.amount_fen / 100:.2f}"}
    return told
