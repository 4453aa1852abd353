"""Orders and refunds with the records beside them, and orders that contract tests place and pay."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from backends.ports import (
    CitizenFollowed,
    Notice,
    Order,
    OrderItem,
    OrderPlaced,
    Orders,
    OrderState,
    Posting,
    Records,
    Refund,
    Refunds,
    RefundStanding,
    RefundState,
    RefundStatus,
    Submission,
    SubmissionKind,
    TradeState,
    Transaction,
    WhyClosed,
    WhyRefund,
)
from backends.records.adapter import open_records
from backends.records.orders import open_orders
from backends.records.refunds import open_refunds
from tests.contract.requests import HOME, MINUTE, NOON, QIN, SECOND, SHOP, WEI, submission
from tests.fakes import FakeOrders, FakeRecords, FakeRefunds

FOLLOWERS = (CitizenFollowed(WEI, NOON), CitizenFollowed(QIN, NOON))
LATER = NOON + MINUTE
END = NOON + 15 * MINUTE
LIVES = timedelta(minutes=15)
OCTOBER = OrderItem(HOME, "B10", "2026-10", 4392, 51)
NOVEMBER = OrderItem(HOME, "B11", "2026-11", 4392)
OF_THE_SHOP = OrderItem(SHOP, "B12", "2026-11", 12000, 7)
PREPAYMENT = OrderItem(HOME, "", "2026-11", 10000)


@dataclass(frozen=True, slots=True)
class Till:
    records: Records
    orders: Orders
    refunds: Refunds

    def place(self, serial: int = 1, *items: OrderItem, **changes: Any) -> Order:
        placed = order(serial, *items, **changes)
        self.records.commit([OrderPlaced(placed)])
        return placed

    def prepare(self, serial: int = 1, *items: OrderItem, **changes: Any) -> Order:
        """To where the citizen may pay."""
        placed = self.place(serial, *items, **changes)
        assert self.orders.hold(placed.order_no, NOON) == ()
        assert self.orders.asking(placed.order_no, NOON)
        assert self.orders.prepaid(placed.order_no, f"prepay-{serial}", NOON)
        return self.now(placed)

    def pay(self, serial: int = 1, *items: OrderItem, **changes: Any) -> Order:
        prepared = self.prepare(serial, *items, **changes)
        assert self.orders.paid(transaction(prepared), (), None, LATER)
        return self.now(prepared)

    def close(self, of: Order) -> None:
        assert self.orders.drop(of.order_no, WhyClosed.EXPIRED, LATER) is OrderState.CLOSING
        assert self.orders.closed(of.order_no, LATER)

    def now(self, of: Order) -> Order:
        found = self.orders.order(of.order_no)
        assert found is not None
        return found

    def state(self, of: Order) -> OrderState:
        return self.now(of).state

    def due(self, now: datetime, limit: int = 10) -> list[str]:
        return [one.order_no for one in self.orders.to_ask_about(now, limit)]

    def holder(self, item: OrderItem) -> str:
        found = self.orders.in_flight([item.key]).get(item.key)
        return found.order_no if found else ""

    def refund(self, refund_no: str = "R1") -> Refund:
        found = self.refunds.refund(refund_no)
        assert found is not None
        return found


def order(serial: int = 1, *items: OrderItem, **changes: Any) -> Order:
    at = NOON + serial * SECOND
    placed = Order(f"WD{serial:022d}", WEI, items or (OCTOBER, NOVEMBER), at, at + LIVES)
    return replace(placed, **changes)


def transaction(of: Order, **changes: Any) -> Transaction:
    paid = Transaction(
        order_no=of.order_no,
        state=TradeState.SUCCESS,
        amount_fen=of.amount_fen,
        transaction_id=f"4200{of.order_no[2:]}",
        openid=of.openid,
        paid_at=NOON + 30 * SECOND,
    )
    return replace(paid, **changes)


def payment(of: Order, item: OrderItem, serial: int) -> Submission:
    return submission(
        serial,
        item.acct_no,
        key=f"pay:4200{of.order_no[2:]}:{item.key}",
        openid=of.openid,
        kind=SubmissionKind.PAYMENT,
        photo_ids=(),
    )


def receipt(of: Order) -> Notice:
    return Notice("payment_received", of.order_no, of.openid, HOME, {"amount": "88.35"})


def posting(of: Order, item: OrderItem, **changes: Any) -> Posting:
    made = Posting(of.order_no, item.key, item.amount_fen, 0, 0, f"P-{item.key}", 71)
    return replace(made, **changes)


def refund(of: Order, refund_no: str = "R1", **changes: Any) -> Refund:
    wanted = Refund(
        refund_no=refund_no,
        key=f"{of.order_no}:{refund_no}",
        order_no=of.order_no,
        bill_no="B10",
        amount_fen=4443,
        total_fen=of.amount_fen,
        why=WhyRefund.DUPLICATE,
        reason="重复缴费",
        openid=of.openid,
        state=RefundState.PROPOSED,
        made_at=LATER,
    )
    return replace(wanted, **changes)


def standing(of: Refund, status: RefundStatus, **changes: Any) -> RefundStanding:
    said = RefundStanding(
        refund_no=of.refund_no,
        order_no=of.order_no,
        refund_id="5000",
        status=status,
        amount_fen=of.amount_fen,
        total_fen=of.total_fen,
        succeeded_at=LATER + MINUTE if status is RefundStatus.SUCCESS else None,
    )
    return replace(said, **changes)


def fake_till() -> Till:
    records = FakeRecords(FOLLOWERS)
    return Till(records, FakeOrders(records), FakeRefunds(records))


@contextmanager
def sql_till(url: str) -> Iterator[Till]:
    with (
        closing(open_records(url, pool_size=2, statement_timeout_s=20)) as records,
        closing(open_orders(url, pool_size=8, statement_timeout_s=20)) as orders,
        closing(open_refunds(url, pool_size=8, statement_timeout_s=20)) as refunds,
    ):
        records.commit(FOLLOWERS)
        yield Till(records, orders, refunds)
