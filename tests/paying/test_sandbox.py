"""The cashier and the worker on our own database, against the sandbox's WeChat Pay, from the button
to money that is given back. No notification reaches them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backends.ports import (
    Order,
    OrderItem,
    OrderPlaced,
    OrderState,
    Posting,
    RefundState,
    WhyClosed,
)
from backends.records.adapter import SqlRecords, open_records
from backends.records.orders import SqlOrders, open_orders
from backends.records.refunds import SqlRefunds, open_refunds
from bot.paying.agreeing import Agreeing, Wanted
from bot.paying.cashier import Cashier, Ready, Refusal, Why
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from jobs.paying import AgreedRefunds, SilentOrders
from tests.contract.pay_houses import NotPayable, SandboxPayHouse, sandbox_pay_house
from tests.fakes import FakeDueLists, FakeTakings
from tests.paying.house import OCTOBER, SEPTEMBER
from tests.upgraded import upgraded_sqlite
from tests.web.paying import bill

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Shop:
    sandbox: SandboxPayHouse
    records: SqlRecords
    orders: SqlOrders
    refunds: SqlRefunds
    placed: int = 0

    def __post_init__(self) -> None:
        gateway, takings = self.sandbox.gateway, FakeTakings()
        self.following = Following(self.orders, gateway, takings, "credit", self.now)
        self.cashier = Cashier(
            orders=self.orders,
            gateway=gateway,
            takings=takings,
            due=FakeDueLists(bills=[bill(SEPTEMBER), bill(OCTOBER)]),
            following=self.following,
            utility_name="滨河水务",
            clock=self.now,
            new_nonce=lambda: "5K8264ILTKCH16CQ2502S",
            may_look=lambda _: True,
        )
        self.silent = SilentOrders(self.orders, self.following, self.now)
        refunding = Refunding(self.refunds, gateway, self.now)
        self.agreed = AgreedRefunds(self.refunds, refunding, self.now)
        self.agreeing = Agreeing(self.orders, self.refunds, self.now, lambda: "WR2611250001")

    def now(self) -> datetime:
        return self.sandbox.now().astimezone(SHANGHAI)

    def prepares(self, *items: OrderItem) -> str:
        self.placed += 1
        now = self.now()
        number = f"WD{now:%y%m%d%H%M%S}{self.placed:010d}"
        order = Order(number, self.sandbox.payer, items, now, now + timedelta(minutes=15))
        self.records.commit([OrderPlaced(order)])
        assert isinstance(self.cashier.prepare(number, order.openid), Ready)
        return number

    def pays(self, order_no: str) -> None:
        self.sandbox.pay(order_no, self.order(order_no).prepay_id)

    def csms_posts(self, order: Order) -> None:
        for event_id, item in enumerate(order.items):
            made = Posting(order.order_no, item.key, item.amount_fen, 0, 0, "P1", event_id)
            assert self.orders.post(made, None, self.now())

    def order(self, order_no: str) -> Order:
        found = self.orders.order(order_no)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("shop")
    url = upgraded_sqlite(folder / "own.sqlite3")
    with (
        sandbox_pay_house(folder, "http://127.0.0.1:9") as sandbox,
        closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_orders(url, pool_size=2, statement_timeout_s=5)) as orders,
        closing(open_refunds(url, pool_size=1, statement_timeout_s=5)) as refunds,
    ):
        yield Shop(sandbox, records, orders, refunds)


def test_a_payment_is_found_and_given_back(shop: Shop) -> None:
    order_no = shop.prepares(SEPTEMBER, OCTOBER)
    shop.pays(order_no)
    shop.sandbox.pass_time(timedelta(seconds=5))
    assert shop.silent.step() == 1
    paid = shop.order(order_no)
    assert (paid.state, paid.amount_fen) == (OrderState.PAID, 8743)
    shop.csms_posts(paid)
    refund = shop.agreeing.ask(Wanted(order_no, "B10", 0, "重复缴费"), by="ann")
    assert shop.agreeing.approve(refund.refund_no, by="ben")
    assert shop.agreed.step() == 1
    shop.sandbox.pass_time(timedelta(minutes=10))
    assert shop.agreed.step() == 1
    given_back = shop.refunds.refund(refund.refund_no)
    assert given_back is not None
    assert (given_back.state, given_back.amount_fen) == (RefundState.SUCCESS, 4300)


def test_an_order_gives_way_and_cannot_be_paid_any_more(shop: Shop) -> None:
    prepaid = OrderItem("3100000033", "", "2026-11", 5000)
    older = shop.prepares(prepaid)
    newer = shop.prepares(prepaid)
    assert shop.order(older).why_closed == WhyClosed.REPLACED
    with pytest.raises(NotPayable):
        shop.pays(older)
    shop.pays(newer)
    again = shop.cashier.prepare(newer, shop.sandbox.payer)
    assert again == Refusal(Why.PAID)


def test_an_order_that_nobody_pays_is_closed_at_its_end(shop: Shop) -> None:
    order_no = shop.prepares(OrderItem("3100000041", "", "2026-11", 5000))
    shop.sandbox.pass_time(timedelta(minutes=15))
    while shop.silent.step():
        continue
    assert shop.order(order_no).state is OrderState.CLOSED
