"""What the house relies on at WeChat Pay, of the double and of the adapter with the sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from backends.errors import BackendUnavailable, NoStatement, Rejected
from backends.ports import (
    Order,
    OrderItem,
    Refund,
    RefundState,
    RefundStatus,
    TradeState,
    Transaction,
    WhyRefund,
)
from tests.contract.pay_houses import FakePayHouse, NotPayable, PayHouse, sandbox_pay_house

NUMBERS = count(1)
WHAT = "云川水务-水费 2026年9月、10月"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayHouse]:
    with sandbox_pay_house(tmp_path_factory.mktemp("pay"), "http://127.0.0.1:9") as house:
        yield house


@pytest.fixture(params=["fake", "sandbox"])
def house(request: pytest.FixtureRequest) -> Iterator[PayHouse]:
    house: PayHouse = (
        FakePayHouse() if request.param == "fake" else request.getfixturevalue("sandbox")
    )
    yield house
    house.come_back()


@pytest.fixture
def order(house: PayHouse) -> Order:
    return Order(
        order_no=f"WD261125103000{next(NUMBERS):010}",
        openid=house.payer,
        items=(
            OrderItem("0012345678", "B1", "2026-09", 4392),
            OrderItem("0012345678", "B2", "2026-10", 4300, 92),
        ),
        placed_at=house.now(),
        expires_at=house.now() + timedelta(minutes=15),
    )


@pytest.fixture
def paid(house: PayHouse, order: Order) -> Order:
    house.pay(order.order_no, house.gateway.prepay(order, WHAT))
    return order


@pytest.fixture
def refund(paid: Order, house: PayHouse) -> Refund:
    number = paid.order_no.replace("WD", "RF")
    return Refund(
        refund_no=number,
        key=number,
        order_no=paid.order_no,
        bill_no="B1",
        amount_fen=4392,
        total_fen=8784,
        why=WhyRefund.DUPLICATE,
        reason="重复缴费",
        openid=house.payer,
        state=RefundState.APPROVED,
        made_at=house.now(),
    )


def rejected(call: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as caught:
        call()
    return caught.value.code


def test_an_order_is_unpaid_when_wechat_has_taken_it(house: PayHouse, order: Order) -> None:
    assert house.gateway.prepay(order, WHAT)
    expected = Transaction(order.order_no, TradeState.NOTPAY, 8784)
    assert house.gateway.query(order.order_no) == expected


def test_asking_for_the_same_order_again_is_harmless(house: PayHouse, order: Order) -> None:
    first = house.gateway.prepay(order, WHAT)
    assert house.gateway.prepay(replace(order, state=order.state), WHAT) == first


def test_another_amount_under_the_same_number_is_refused(house: PayHouse, order: Order) -> None:
    house.gateway.prepay(order, WHAT)
    dearer = replace(order, items=order.items[:1])
    assert rejected(lambda: house.gateway.prepay(dearer, WHAT)) == "OUT_TRADE_NO_USED"


def test_an_order_nobody_asked_for_is_unknown(house: PayHouse, order: Order) -> None:
    assert house.gateway.query(order.order_no) is None
    rejected(lambda: house.gateway.close(order.order_no))


def test_a_paid_order_has_its_payer_its_time_and_wechats_number(
    house: PayHouse, paid: Order
) -> None:
    found = house.gateway.query(paid.order_no)
    assert found is not None
    assert (found.state, found.amount_fen, found.openid) == (
        TradeState.SUCCESS,
        8784,
        house.payer,
    )
    assert found.transaction_id
    assert found.paid_at is not None
    assert abs(found.paid_at - house.now()) < timedelta(minutes=1)


def test_a_paid_order_can_neither_be_closed_nor_asked_for_nor_paid_again(
    house: PayHouse, paid: Order
) -> None:
    assert rejected(lambda: house.gateway.close(paid.order_no))
    assert rejected(lambda: house.gateway.prepay(paid, WHAT))
    found = house.gateway.query(paid.order_no)
    assert found is not None
    assert found.paid


def test_a_closed_order_stays_closed_and_cannot_be_paid(house: PayHouse, order: Order) -> None:
    prepay_id = house.gateway.prepay(order, WHAT)
    house.gateway.close(order.order_no)
    house.gateway.close(order.order_no)
    with pytest.raises(NotPayable):
        house.pay(order.order_no, prepay_id)
    expected = Transaction(order.order_no, TradeState.CLOSED, 8784)
    assert house.gateway.query(order.order_no) == expected
    assert rejected(lambda: house.gateway.prepay(order, WHAT))


def test_an_order_whose_time_is_over_closes_by_itself(house: PayHouse, order: Order) -> None:
    prepay_id = house.gateway.prepay(order, WHAT)
    house.pass_time(timedelta(minutes=16))
    with pytest.raises(NotPayable):
        house.pay(order.order_no, prepay_id)
    found = house.gateway.query(order.order_no)
    assert found is not None
    assert found.state is TradeState.CLOSED


def test_an_order_whose_answer_was_lost_is_there(house: PayHouse, order: Order) -> None:
    house.lose_next_answer()
    with pytest.raises(BackendUnavailable) as caught:
        house.gateway.prepay(order, WHAT)
    assert caught.value.sent
    house.come_back()
    assert house.gateway.query(order.order_no) is not None


def test_an_order_that_was_asked_for_while_wechat_was_away_is_not(
    house: PayHouse, order: Order
) -> None:
    house.go_away()
    with pytest.raises(BackendUnavailable):
        house.gateway.prepay(order, WHAT)
    house.come_back()
    assert house.gateway.query(order.order_no) is None


def test_a_refund_is_under_way_and_then_done(house: PayHouse, refund: Refund) -> None:
    standing = house.gateway.refund(refund)
    assert (standing.status, standing.amount_fen, standing.total_fen, standing.succeeded_at) == (
        RefundStatus.PROCESSING,
        4392,
        8784,
        None,
    )
    house.refunds_end(refund.refund_no)
    done = house.gateway.refund_standing(refund.refund_no)
    assert done is not None
    assert (done.status, done.refund_id) == (RefundStatus.SUCCESS, standing.refund_id)
    assert done.succeeded_at is not None


def test_a_refunded_order_was_paid_all_the_same(house: PayHouse, refund: Refund) -> None:
    house.gateway.refund(refund)
    house.refunds_end(refund.refund_no)
    found = house.gateway.query(refund.order_no)
    assert found is not None
    assert found.state is TradeState.REFUND
    assert (found.paid, found.amount_fen) == (True, 8784)


def test_sending_a_refund_twice_is_once(house: PayHouse, refund: Refund) -> None:
    first = house.gateway.refund(refund)
    assert house.gateway.refund(refund) == first


def test_a_refund_whose_answer_was_lost_is_there(house: PayHouse, refund: Refund) -> None:
    house.lose_next_answer()
    with pytest.raises(BackendUnavailable) as caught:
        house.gateway.refund(refund)
    assert caught.value.sent
    house.come_back()
    assert house.gateway.refund_standing(refund.refund_no) is not None


def test_no_more_is_given_back_than_was_paid(house: PayHouse, refund: Refund) -> None:
    house.gateway.refund(refund)
    house.pass_time(timedelta(minutes=2))
    more = replace(refund, refund_no=f"{refund.refund_no}2", amount_fen=4393)
    assert rejected(lambda: house.gateway.refund(more)) == "INVALID_REQUEST"
    assert house.gateway.refund_standing(more.refund_no) is None


def test_another_amount_under_the_same_refund_number_is_refused(
    house: PayHouse, refund: Refund
) -> None:
    house.gateway.refund(refund)
    assert rejected(lambda: house.gateway.refund(replace(refund, amount_fen=1)))


def test_what_was_never_paid_is_not_given_back(
    house: PayHouse, refund: Refund, order: Order
) -> None:
    unpaid = replace(order, order_no=f"{order.order_no[:-4]}9999")
    house.gateway.prepay(unpaid, WHAT)
    assert rejected(lambda: house.gateway.refund(replace(refund, order_no=unpaid.order_no)))


def test_a_day_without_trade_has_no_bill(house: PayHouse) -> None:
    quiet = (house.now() - timedelta(days=30)).date()
    with pytest.raises(NoStatement), house.gateway.trade_bill(quiet):
        pass
