"""The three books of a few days: WeChat and CSMS as doubles, our own on a real SQLite database."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from backends.ports import (
    CitizenFollowed,
    Listed,
    Mismatch,
    Order,
    OrderItem,
    OrderPlaced,
    Orders,
    Outbox,
    Posting,
    Records,
    Refund,
    Refunds,
    RefundState,
    Statements,
    Taking,
    TradeRow,
    Transaction,
    WhyClosed,
    WhyRefund,
)
from backends.records.adapter import open_records
from backends.records.orders import open_orders
from backends.records.outbox import open_outbox
from backends.records.refunds import open_refunds
from backends.records.statements import open_statements
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from jobs.job import Order as Errand
from jobs.reconciling.books import Books
from jobs.reconciling.fetching import Fetching
from jobs.reconciling.mending import Mending
from jobs.reconciling.reconcile import Reconcile
from tests.fakes import FakeGateway, FakeTakings
from tests.reconciling.bills import NOON, bill, given_back, paid
from tests.upgraded import upgraded_sqlite

DAY = date(2026, 11, 25)
NEXT = date(2026, 11, 26)
NEXT_MORNING = NOON + timedelta(hours=22, minutes=20)
WEI, HOME, SHOP = "oTESTwei", "3100000017", "3100000025"
OCTOBER = OrderItem(HOME, "B10", "2026-10", 4392, 51)
NOVEMBER = OrderItem(HOME, "B11", "2026-11", 4300)
OF_THE_SHOP = OrderItem(SHOP, "B12", "2026-10", 12000)
PREPAYMENT = OrderItem(HOME, "", "2026-11", 10000)


@dataclass
class World:
    folder: Path
    records: Records
    orders: Orders
    refunds: Refunds
    statements: Statements
    outbox: Outbox
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.gateway = FakeGateway(lambda: self.now)
        self.takings = FakeTakings()
        self.following = Following(
            self.orders, self.gateway, self.takings, "credit", lambda: self.now
        )
        self.refunding = Refunding(self.refunds, self.gateway, lambda: self.now)
        self._serials = count(1)

    def prepares(self, *items: OrderItem) -> Order:
        number = f"WD{next(self._serials):022d}"
        placed = Order(number, WEI, items or (OCTOBER,), self.now, self.now + timedelta(minutes=15))
        self.records.commit([CitizenFollowed(WEI, self.now), OrderPlaced(placed)])
        self.orders.hold(number, self.now)
        assert self.orders.asking(number, self.now)
        self.orders.prepaid(number, self.gateway.prepay(placed, "水费"), self.now)
        return self.order(placed)

    def pays(self, *items: OrderItem) -> Order:
        """WeChat has told us, and CSMS has posted all of it."""
        order = self.pays_unposted(*items)
        self.post(order)
        return self.order(order)

    def pays_unposted(self, *items: OrderItem) -> Order:
        order = self.prepares(*items)
        assert self.following.took(self.gateway.pay(order.order_no))
        return self.order(order)

    def closes(self, order: Order) -> None:
        self.orders.drop(order.order_no, WhyClosed.EXPIRED, self.now)
        assert self.orders.closed(order.order_no, self.now)

    def post(self, order: Order, **credited: int) -> None:
        """`credited`: by bill number what went to the prepaid balance instead."""
        for item in order.items:
            aside = credited.get(item.bill_no, 0)
            taking = self.takes(order, item, aside)
            posted = item.amount_fen - aside
            self.posted(order, item, posted, aside, 0, taking.pay_no)

    def takes(self, order: Order, item: OrderItem, credited: int = 0) -> Taking:
        """In the books of CSMS; we have not heard of it."""
        billed = bool(item.bill_no) and not credited
        taking = Taking(
            pay_no=f"P{next(self._serials):04d}",
            transaction_id=self.order(order).transaction_id,
            acct_no=item.acct_no,
            bill_no=item.bill_no if billed else "",
            period=item.period if billed else "",
            principal_fen=item.principal_fen if billed else 0,
            late_fee_fen=item.late_fee_fen if billed else 0,
            amount_fen=item.amount_fen,
            paid_at=self.order(order).paid_at or self.now,
            state="paid",
        )
        self.takings.taken.append(taking)
        return taking

    def posted(
        self,
        order: Order,
        item: OrderItem,
        posted: int,
        credited: int,
        returned: int,
        pay_no: str = "",
    ) -> None:
        told = Posting(order.order_no, item.key, posted, credited, returned, pay_no, 1)
        assert self.orders.post(told, None, self.now)

    def gives_back(self, order: Order, fen: int, bill_no: str = "", done: bool = True) -> Refund:
        number = f"R{next(self._serials):04d}"
        total = order.amount_fen
        made = Refund(
            *(number, f"key-{number}", order.order_no, bill_no, fen, total, WhyRefund.STAFF),
            *("退款", WEI, RefundState.ASKED, self.now, "lu"),
        )
        assert self.refunds.propose(made)
        assert self.refunds.approve(number, "ma", self.now)
        self.refunding.follow(made)
        if done:
            self.refunding.told(self.gateway.finish(number))
        found = self.refunds.refund(number)
        assert found is not None
        return found

    def order(self, order: Order) -> Order:
        found = self.orders.order(order.order_no)
        assert found is not None
        return found

    def bill(self, day: date = DAY, *more: TradeRow, without: str = "") -> None:
        """WeChat's bill of what it took and gave back on the day."""
        left_out = {without} - {""}
        rows = [row for row in self.rows(day) if not left_out & {row.order_no, row.refund_no}]
        self.gateway.bills[day] = bill([*rows, *more])

    def rows(self, day: date) -> Iterator[TradeRow]:
        for trade in reversed(self.gateway.trades.values()):
            if (at := trade.transaction.paid_at) and at.date() == day:
                yield row_of(trade.transaction)
        for refund_no, standing in self.gateway.refunds.items():
            done = standing.succeeded_at
            if done and done.date() == day:
                fen, order_no = standing.amount_fen, standing.order_no
                ids = {"transaction_id": self.gateway.trades[order_no].transaction.transaction_id}
                yield given_back(order_no, refund_no, fen, at=done, **ids)

    def job(self) -> Reconcile:
        """Another each time, as it is another process."""
        books = Books(self.statements, self.orders, self.refunds, self.takings)
        mending = Mending(
            self.gateway,
            self.following.took,
            self.refunding.follow,
            self.outbox,
            self.records,
            lambda: self.now,
        )
        fetching = Fetching(self.gateway, self.statements, self.folder)
        return Reconcile(books, fetching, mending, self.folder)

    def reconcile(self, now: datetime = NEXT_MORNING, **options: Any) -> Mapping[str, int]:
        self.now = now
        return list(self.job()(Errand(now, **options)))[-1]

    def open(self) -> list[tuple[Mismatch, str]]:
        found = self.statements.open_differences(0, 100)
        return [(one.difference.mismatch, one.difference.key) for one in found]

    def listed(self, day: date = DAY) -> list[Listed]:
        return list(self.statements.differences(day, 100))

    def only(self, day: date = DAY) -> Listed:
        (one,) = self.listed(day)
        return one

    def paper(self, day: date = DAY) -> str:
        file = self.folder / f"wechat-{day.isoformat()}.csv"
        return file.read_bytes().decode("utf-8-sig")

    def rows_of_paper(self, day: date = DAY) -> list[list[str]]:
        return [line.split(",") for line in self.paper(day).splitlines()[1:]]


def row_of(transaction: Transaction, **changes: Any) -> TradeRow:
    at = transaction.paid_at or NOON
    row = paid(transaction.order_no, transaction.amount_fen, at=at)
    return replace(row, transaction_id=transaction.transaction_id, **changes)


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    url = upgraded_sqlite(folder / "own.sqlite3")
    with ExitStack() as open_ones:

        def kept(adapter: Any) -> Any:
            return open_ones.enter_context(closing(adapter))

        timing = {"pool_size": 2, "statement_timeout_s": 20}
        yield World(
            folder / "statements",
            kept(open_records(url, **timing)),
            kept(open_orders(url, **timing)),
            kept(open_refunds(url, **timing)),
            kept(open_statements(url, **timing)),
            kept(open_outbox(url, **timing)),
        )
