"""What CSMS says of payments: each item of an order is posted once, and what it did not take is
proposed as a refund, together with the event."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from backends.ports import (
    Notice,
    Order,
    OrderItem,
    OrderPlaced,
    OrderState,
    RefundState,
    Submission,
    SubmissionState,
    TradeState,
    Transaction,
    WhyRefund,
)
from backends.records.orders import SqlOrders, open_orders
from backends.records.refunds import SqlRefunds, open_refunds
from bot.paying.postings import postings
from tests.jobs.conftest import HOME, NOON, WEI, Office

SHOP = "3100000025"
OCTOBER = OrderItem(HOME, "B10", "2026-10", 4392, 51)
OF_THE_SHOP = OrderItem(SHOP, "B12", "2026-11", 12000)
PREPAYMENT = OrderItem(HOME, "", "2026-11", 10000)
TRANSACTION = "4200002026112212000000000001"


@dataclass
class Till:
    office: Office
    orders: SqlOrders
    refunds: SqlRefunds

    def pays(self, *items: OrderItem) -> tuple[Submission, ...]:
        order = Order("WD261122120000A1B2C3D4E5", WEI, items, NOON, NOON + timedelta(minutes=15))
        paid = Transaction(
            order.order_no, TradeState.SUCCESS, order.amount_fen, TRANSACTION, WEI, NOON
        )
        carried = postings(order, paid, "credit", NOON, 0)
        self.office.commit(OrderPlaced(order))
        assert self.orders.paid(paid, carried, None, NOON)
        self.office.deliveries().step()
        return carried

    def hears(self, kind: str, payment: Submission, **data: object) -> None:
        self.office.desk.tells(kind, payment.number, payment.acct_no, "", **data)
        assert self.office.events().step() == 1

    def posts(self, payment: Submission, amount: str, **differs: object) -> None:
        said = {
            "transaction_id": TRANSACTION,
            "bill_no": payment.payload["bill_no"],
            "posted": amount,
            "credited": "0.00",
            "returned": "0.00",
            "pay_no": f"P{payment.number}",
        }
        self.hears("payment_posted", payment, **{**said, **differs})

    def state(self) -> OrderState:
        found = self.orders.latest(WEI)
        assert found is not None
        return found.state

    def went(self) -> list[tuple[int, int, int]]:
        (found,) = self.orders.postings_of(["WD261122120000A1B2C3D4E5"]).values() or [()]
        return [(one.posted_fen, one.credited_fen, one.returned_fen) for one in found]

    def proposed(self) -> list[tuple[str, int, int]]:
        found = self.refunds.refunds([RefundState.PROPOSED], 10)
        return [(one.bill_no, one.amount_fen, one.total_fen) for one in found]


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Iterator[Till]:
    office.follows()
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    with (
        closing(open_orders(url, pool_size=2, statement_timeout_s=10)) as orders,
        closing(open_refunds(url, pool_size=2, statement_timeout_s=10)) as refunds,
    ):
        yield Till(office, orders, refunds)


def told(till: Till) -> list[Notice]:
    return till.office.told()


def test_a_posted_payment_is_done_and_the_last_one_settles_its_order(till: Till) -> None:
    october, shop = till.pays(OCTOBER, OF_THE_SHOP)
    till.posts(october, "44.43")
    assert till.state() is OrderState.PAID
    till.posts(shop, "120.00")
    assert till.state() is OrderState.SETTLED
    assert till.went() == [(4443, 0, 0), (12000, 0, 0)]
    assert till.office.stored(shop).state is SubmissionState.DONE
    assert told(till) == []
    assert till.proposed() == []


def test_an_item_is_posted_once_however_often_it_is_said(till: Till) -> None:
    (october,) = till.pays(OCTOBER)
    till.posts(october, "44.43")
    till.posts(october, "0.00", returned="44.43")
    assert till.went() == [(4443, 0, 0)]
    assert till.proposed() == []
    assert told(till) == []
    assert till.office.stored(october).state is SubmissionState.DONE


@pytest.mark.parametrize("kind", ["payment_refused", "request_refused"])
def test_nobody_is_promised_money_by_a_refusal_that_comes_after_the_posting(
    till: Till, kind: str
) -> None:
    (october,) = till.pays(OCTOBER)
    till.posts(october, "44.43")
    till.hears(kind, october, text="查无此账单")
    assert told(till) == []
    assert till.office.stored(october).state is SubmissionState.DONE


def test_what_a_bill_did_not_take_and_was_credited_is_told(till: Till) -> None:
    (october,) = till.pays(OCTOBER)
    till.posts(october, "40.00", credited="4.43")
    assert till.state() is OrderState.SETTLED
    assert till.proposed() == []
    (notice,) = told(till)
    assert notice.kind == "payment_surplus"
    assert notice.view == {
        "shown": "31*****017",
        "order_no": "WD261122120000A1B2C3D4E5",
        "period": "2026-10",
        "amount": "4.43",
        "how": "credit",
    }


def test_what_was_taken_neither_way_is_proposed_as_a_refund_and_told(till: Till) -> None:
    october, prepayment = till.pays(OCTOBER, PREPAYMENT)
    till.posts(prepayment, "0.00", returned="100.00", pay_no="")
    till.posts(october, "44.43")
    assert till.went() == [(4443, 0, 0), (0, 0, 10000)]
    assert till.proposed() == [("", 10000, 14443)]
    (refund,) = till.refunds.refunds([RefundState.PROPOSED], 10)
    assert (refund.why, refund.openid) == (WhyRefund.SURPLUS, WEI)
    assert len(refund.reason.encode()) <= 80
    assert till.office.stored(prepayment).state is SubmissionState.RETURNED
    (notice,) = told(till)
    assert (notice.kind, notice.view["how"]) == ("payment_surplus", "refund")


@pytest.mark.parametrize("kind", ["payment_refused", "request_refused"])
def test_of_a_refused_payment_all_is_proposed_as_a_refund(till: Till, kind: str) -> None:
    (october,) = till.pays(OCTOBER)
    till.hears(kind, october, text="查无此账单")
    assert till.state() is OrderState.SETTLED
    assert till.went() == [(0, 0, 4443)]
    assert till.proposed() == [("B10", 4443, 4443)]
    assert till.office.stored(october).state is SubmissionState.RETURNED
    assert [(one.kind, one.view["amount"]) for one in told(till)] == [("payment_surplus", "44.43")]


def test_who_pays_the_last_debt_is_told_that_supply_is_restored(till: Till) -> None:
    (shop,) = till.pays(OF_THE_SHOP)
    till.posts(shop, "120.00", restores=True)
    (notice,) = told(till)
    assert (notice.kind, notice.acct_no, notice.openid) == ("water_restored", SHOP, WEI)
    assert notice.view["shown"] == "31*****025"


@pytest.mark.parametrize(
    "differs",
    [
        {"transaction_id": "4200009"},
        {"bill_no": "B11"},
        {"posted": "44.42"},
        {"posted": "44.430001"},
        {"posted": "-44.43", "credited": "88.86"},
        {"posted": "NaN"},
        {"posted": "all"},
        {"posted": None},
    ],
)
def test_what_does_not_fit_the_payment_changes_nothing(
    till: Till, differs: dict[str, object]
) -> None:
    (october,) = till.pays(OCTOBER)
    till.posts(october, "44.43", **differs)
    assert till.state() is OrderState.PAID
    assert till.office.stored(october).state is SubmissionState.DELIVERED


def test_the_answer_to_another_kind_of_request_posts_nothing(till: Till, office: Office) -> None:
    reading = office.submits(value=1250)
    for kind in ("payment_posted", "payment_refused"):
        till.hears(kind, reading, text="")
    assert office.stored(reading).state is SubmissionState.QUEUED
