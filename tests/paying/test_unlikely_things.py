"""What a look at the happy path leaves out: answers that are behind, refunds by others, two sides
that fail apart."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backends.errors import BackendUnavailable, PaymentMismatch, Rejected
from backends.ports import OrderState, RefundState, TradeState, WhyClosed
from bot.paying.cashier import Refusal, Why
from tests.paying.house import OCTOBER, QIN, SEPTEMBER, House
from tests.paying.test_worker import approved, news
from tests.paying.test_worker import state as refund_state


def unless_it_is_asked_again(house: House, first: Callable[[], object]) -> Callable[[str], object]:
    """`Gateway.query` whose first answer is made by `first`."""
    queries = [first]
    query = house.gateway.query
    return lambda order_no: queries.pop()() if queries else query(order_no)


@pytest.fixture
def ordered(house: House) -> str:
    return house.prepares(OCTOBER)


def test_an_order_that_wechat_does_not_find_yet_is_closed_there_all_the_same(
    house: House, ordered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pay sheet may be open, and nobody would look at a payment of a closed order."""
    monkeypatch.setattr(house.gateway, "query", lambda _: None)
    house.following.drop(house.order(ordered), WhyClosed.CANCELLED)
    with pytest.raises(ValueError, match="cannot be paid"):
        house.pays(ordered)
    assert house.state(ordered) is OrderState.CLOSED


def test_a_payment_that_wechat_does_not_find_yet_is_not_taken_for_none(
    house: House, ordered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pays(ordered)
    late = unless_it_is_asked_again(house, lambda: None)
    monkeypatch.setattr(house.gateway, "query", late)
    house.following.drop(house.order(ordered), WhyClosed.CANCELLED)
    assert house.state(ordered) is OrderState.PAID


def test_an_order_that_wechat_never_knew_is_over(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.gateway.fail_with(BackendUnavailable("wechatpay", 2.0))
    house.orders.hold(order_no, house.now)
    assert house.orders.asking(order_no, house.now)
    house.gateway.fail_with(None)
    house.following.drop(house.order(order_no), WhyClosed.CANCELLED)
    assert house.state(order_no) is OrderState.CLOSED


def given_back_by_others(house: House, order_no: str) -> None:
    """Paid while nobody told us, and refunded in the merchant's console."""
    house.pays(order_no)
    trade = house.gateway.trades[order_no]
    trade.transaction = replace(trade.transaction, state=TradeState.REFUND)


@pytest.mark.parametrize("minutes", [1, 16])
def test_money_that_went_back_before_we_knew_of_it_is_not_posted(
    house: House, ordered: str, minutes: int
) -> None:
    given_back_by_others(house, ordered)
    house.later(minutes=minutes)
    house.works()
    assert house.state(ordered) is OrderState.CLOSED
    assert (house.payments(), house.receipts()) == ([], [])
    assert house.locked(OCTOBER) == ()
    house.prepares(OCTOBER, openid=QIN)


def test_nobody_else_takes_in_money_that_went_back(house: House, ordered: str) -> None:
    given_back_by_others(house, ordered)
    with pytest.raises(PaymentMismatch, match="refund"):
        house.following.took(house.gateway.trades[ordered].transaction)
    assert house.payments() == []


def test_a_payment_that_we_know_of_stays_one_when_it_is_refunded(house: House) -> None:
    refund = approved(house)
    house.works()
    said = house.gateway.query(refund.order_no)
    assert said is not None
    assert said.state is TradeState.REFUND
    assert not house.following.took(said)
    assert house.state(refund.order_no) is OrderState.PAID


def test_an_order_that_was_paid_and_posted_a_moment_ago_has_not_changed(
    house: House, ordered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_owed = house.due.still_owed

    def meanwhile(acct_nos: list[str]) -> object:
        house.following.took(house.pays(ordered))
        house.posts()
        return still_owed(acct_nos)

    monkeypatch.setattr(house.due, "still_owed", meanwhile)
    assert house.presses(ordered) == Refusal(Why.PAID)


def test_while_locks_cannot_be_released_payments_are_found_all_the_same(house: House) -> None:
    """Of many orders that wait for CSMS none may keep WeChat from being asked about the others."""
    given_up, paid = house.prepares(SEPTEMBER), house.prepares(OCTOBER)
    house.orders.drop(given_up, WhyClosed.CANCELLED, house.now)
    house.pays(paid)
    house.takings.fail_with(BackendUnavailable("csms", 3.0))
    house.later(seconds=5)
    house.silent.step()
    assert house.state(given_up) is OrderState.CLOSING
    assert house.state(paid) is OrderState.PAID
    house.takings.fail_with(None)
    house.later(minutes=1)
    house.works()
    assert house.state(given_up) is OrderState.CLOSED


def test_a_refund_that_was_made_though_its_answer_was_lost_is_not_taken_for_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = approved(house)
    house.gateway.lose_answers(1)
    house.works()

    def refuse(_: object) -> None:
        raise Rejected("wechatpay", "INVALID_REQUEST", "this number is known")

    monkeypatch.setattr(house.gateway, "refund", refuse)
    house.later(minutes=1)
    house.works()
    assert refund_state(house, refund) is RefundState.PROCESSING
    assert news(house) == ["refund_started"]
