"""Whether an order can be paid now, and what stands in the way."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from backends.errors import BackendUnavailable, Rejected
from backends.ports import Order, OrderState, WhyClosed
from bot.paying.cashier import Ready, Refusal, Why
from tests.fakes import FakeGateway
from tests.paying.house import OCTOBER, OF_THE_SHOP, PREPAYMENT, QIN, SEPTEMBER, SILENCE, House


def test_an_order_is_held_locked_and_taken_by_wechat_before_its_owner_may_pay(house: House) -> None:
    order_no = house.places(SEPTEMBER, OF_THE_SHOP)
    ready = house.presses(order_no)
    assert isinstance(ready, Ready)
    assert ready.call["package"] == f"prepay_id=wx{order_no}"
    assert house.state(order_no) is OrderState.PREPAID
    assert house.locked(SEPTEMBER) == house.locked(OF_THE_SHOP) == (order_no,)
    assert house.gateway.trades[order_no].description == "滨河水务-水费 2026年9月、2026年10月"


def test_pressing_again_gives_the_same_order_to_pay(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    assert isinstance(house.presses(order_no), Ready)
    assert len(house.gateway.trades) == 1


def test_a_prepayment_is_paid_without_a_bill(house: House) -> None:
    house.following.took(house.pays(house.prepares(PREPAYMENT)))
    house.posts()
    (payment,) = house.payments()
    assert (payment.payload["bill_no"], payment.payload["principal"]) == ("", "100.00")


def test_an_order_is_shown_and_made_ready_for_its_owner_only(house: House) -> None:
    order_no = house.places(OCTOBER)
    assert house.presses(order_no, QIN) == Refusal(Why.UNKNOWN)
    assert house.cashier.look(order_no, QIN) is None
    assert house.presses("WD0") == Refusal(Why.UNKNOWN)


def test_too_close_to_its_end_an_order_is_not_begun(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.later(minutes=14)
    assert house.presses(order_no) == Refusal(Why.EXPIRED)
    assert house.gateway.trades == {}


def test_a_bill_that_was_paid_at_the_counter_is_found_before_the_pay_sheet(house: House) -> None:
    order_no = house.places(SEPTEMBER, OCTOBER)
    house.books.pay_at_counter(OCTOBER)
    assert house.presses(order_no) == Refusal(Why.CHANGED)
    order = house.order(order_no)
    assert (order.state, order.why_closed) == (OrderState.CLOSED, WhyClosed.CHANGED)
    assert house.locked(SEPTEMBER) == ()
    assert isinstance(house.presses(house.places(SEPTEMBER)), Ready)


def test_bills_are_compared_when_nobody_else_can_pay_them_any_more(house: House) -> None:
    order_no, lock = house.places(OCTOBER), house.takings.lock

    def paid_a_moment_before(order: Order, now: object) -> None:
        house.books.pay_at_counter(OCTOBER)
        lock(order, house.now)

    house.takings.lock = paid_a_moment_before  # type: ignore[method-assign]
    assert house.presses(order_no) == Refusal(Why.CHANGED)


def test_the_citizen_s_own_older_order_gives_way(house: House) -> None:
    older = house.prepares(SEPTEMBER, OCTOBER)
    newer = house.prepares(OCTOBER)
    order = house.order(older)
    assert (order.state, order.why_closed) == (OrderState.CLOSED, WhyClosed.REPLACED)
    assert house.locked(OCTOBER) == (newer,)
    assert house.presses(older) == Refusal(Why.CLOSED)


def test_an_older_order_that_was_paid_a_moment_ago_does_not_give_way(house: House) -> None:
    older = house.prepares(OCTOBER)
    newer = house.places(OCTOBER)
    house.pays(older)
    assert house.presses(newer) == Refusal(Why.PAID)
    assert house.state(older) is OrderState.PAID


def test_a_family_member_s_order_makes_others_wait_until_its_end(house: House) -> None:
    theirs = house.prepares(OCTOBER, openid=QIN)
    end = house.order(theirs).expires_at
    house.later(minutes=5)
    own = house.prepares(SEPTEMBER)
    mine = house.places(SEPTEMBER, OCTOBER)
    assert house.presses(mine) == Refusal(Why.HELD, end)
    assert house.state(own) is OrderState.PREPAID
    house.later(minutes=10)
    assert isinstance(house.presses(mine), Ready)
    assert house.state(theirs) is OrderState.CLOSED


def test_a_bill_that_is_paid_and_not_posted_yet_cannot_be_paid_again(house: House) -> None:
    house.following.took(house.pays(house.prepares(OCTOBER, openid=QIN)))
    assert house.presses(house.places(OCTOBER)) == Refusal(Why.PAID)


def test_an_order_whose_older_one_cannot_be_closed_now_waits(house: House) -> None:
    older, newer = house.prepares(OCTOBER), house.places(OCTOBER)
    house.gateway.fail_with(SILENCE)
    assert house.presses(newer) == Refusal(Why.AWAY)
    assert house.state(older) is OrderState.CLOSING
    house.gateway.fail_with(None)
    assert isinstance(house.presses(newer), Ready)
    assert house.state(older) is OrderState.CLOSED


def test_a_lost_answer_does_not_lose_the_order(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.gateway.lose_answers(1)
    assert house.presses(order_no) == Refusal(Why.AWAY)
    assert house.state(order_no) is OrderState.PLACED
    assert isinstance(house.presses(order_no), Ready)
    house.following.took(house.pays(order_no))
    assert house.state(order_no) is OrderState.PAID


def test_an_order_whose_answer_was_lost_is_closed_at_wechat_when_it_is_over(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.gateway.lose_answers(1)
    house.presses(order_no)
    house.later(minutes=5)
    house.following.drop(house.order(order_no), WhyClosed.CANCELLED)
    assert house.state(order_no) is OrderState.CLOSED
    with pytest.raises(ValueError, match="cannot be paid"):
        house.pays(order_no)


def test_while_csms_is_away_wechat_is_not_asked_to_take_an_order(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.takings.fail_with(BackendUnavailable("csms", 3.0))
    assert house.presses(order_no) == Refusal(Why.AWAY)
    assert house.gateway.trades == {}
    house.takings.fail_with(None)
    house.due.fail_with(BackendUnavailable("csms", 3.0))
    assert house.presses(order_no) == Refusal(Why.AWAY)
    assert house.gateway.trades == {}


def test_what_wechat_refuses_is_not_ready(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.gateway.fail_with(Rejected("wechatpay", "NO_AUTH", "not opened"))
    assert house.presses(order_no) == Refusal(Why.AWAY)


@dataclass
class Meanwhile:
    """Something happens while WeChat takes an order."""

    gateway: FakeGateway
    happens: Callable[[], object]

    def __call__(self, order: Order, description: str) -> str:
        prepay_id = FakeGateway.prepay(self.gateway, order, description)
        self.happens()
        return prepay_id


def test_an_order_that_is_cancelled_while_wechat_takes_it_is_not_given_to_the_page(
    house: House,
) -> None:
    order_no = house.places(OCTOBER)

    def cancelled() -> None:
        house.orders.drop(order_no, WhyClosed.CANCELLED, house.now)

    house.gateway.prepay = Meanwhile(house.gateway, cancelled)  # type: ignore[method-assign]
    assert house.presses(order_no) == Refusal(Why.CLOSED)
    assert house.state(order_no) is OrderState.CLOSED
    assert house.locked(OCTOBER) == ()
    with pytest.raises(ValueError, match="cannot be paid"):
        house.pays(order_no)


def test_an_order_that_is_paid_while_the_button_is_pressed_again_says_so(house: House) -> None:
    order_no = house.places(OCTOBER)

    def paid() -> None:
        house.following.took(house.pays(order_no))

    house.gateway.prepay = Meanwhile(house.gateway, paid)  # type: ignore[method-assign]
    assert house.presses(order_no) == Refusal(Why.PAID)


def test_a_page_that_waits_learns_of_the_payment_and_asks_no_more_often_than_it_may(
    house: House,
) -> None:
    order_no = house.prepares(OCTOBER)
    house.pays(order_no)
    house.looks = False
    seen = house.cashier.look(order_no, "oTESTwei")
    assert seen is not None
    assert seen.state is OrderState.PREPAID
    house.looks = True
    seen = house.cashier.look(order_no, "oTESTwei")
    assert seen is not None
    assert seen.state is OrderState.PAID


def test_a_page_that_waits_is_shown_what_is_known_while_wechat_is_away(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.gateway.fail_with(SILENCE)
    seen = house.cashier.look(order_no, "oTESTwei")
    assert seen is not None
    assert seen.state is OrderState.PREPAID
