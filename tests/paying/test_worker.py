"""The worker follows orders that nobody tells of, and refunds that staff have agreed to."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backends.errors import BackendUnavailable, Rejected
from backends.ports import (
    Order,
    OrderState,
    Refund,
    RefundState,
    RefundStatus,
    WhyClosed,
    WhyRefund,
)
from jobs.deliveries import DeskDown
from jobs.paying import next_look
from tests.paying.house import NOON, OCTOBER, SEPTEMBER, SILENCE, WEI, House

END = NOON + timedelta(minutes=15)


def asked(state: OrderState = OrderState.PREPAID, lives: timedelta = END - NOON) -> Order:
    return Order("WD1", WEI, (OCTOBER,), NOON, NOON + lives, state, asked_at=NOON)


def looks(order: Order, since: datetime) -> list[float]:
    """After how many seconds it is looked at, if WeChat never has anything to say."""
    at, found = since, list[float]()
    while len(found) < 9:
        at = next_look(order, at)
        found.append((at - since).total_seconds())
    return found


def test_looks_get_rarer_up_to_the_end_and_begin_anew_then() -> None:
    rarer = [5, 30, 60, 180, 300, 600, 1800, 5400, 9000]
    assert looks(asked(lives=timedelta(hours=4)), NOON) == rarer
    assert looks(asked(), END) == rarer


def test_an_order_that_is_being_closed_is_tried_again_soon_until_its_end() -> None:
    closing = asked(OrderState.CLOSING)
    assert next_look(closing, NOON + timedelta(minutes=8)) == NOON + timedelta(
        minutes=8, seconds=30
    )
    assert next_look(closing, END) == END + timedelta(seconds=5)


def test_a_payment_that_nobody_told_of_is_found_within_seconds(house: House) -> None:
    order_no = house.prepares(SEPTEMBER, OCTOBER)
    house.pays(order_no)
    house.works()
    assert house.state(order_no) is OrderState.PREPAID
    house.later(seconds=5)
    house.works()
    assert house.state(order_no) is OrderState.PAID
    assert len(house.receipts()) == 1


def test_an_unpaid_order_is_asked_about_again_and_not_at_once(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.later(seconds=5)
    assert house.silent.step() == 1
    assert house.silent.step() == 0
    house.later(seconds=25)
    assert house.silent.step() == 1
    assert house.state(order_no) is OrderState.PREPAID


def test_an_expired_order_is_closed_at_wechat_and_its_bills_are_free(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    assert house.locked(OCTOBER) == (order_no,)
    house.later(minutes=15)
    house.works()
    closed = house.order(order_no)
    assert (closed.state, closed.why_closed) == (OrderState.CLOSED, WhyClosed.EXPIRED)
    with pytest.raises(ValueError, match="cannot be paid"):
        house.pays(order_no)
    assert house.orders.in_flight([OCTOBER.key]) == {}


def test_an_order_that_was_never_asked_for_is_closed_without_wechat(house: House) -> None:
    order_no = house.places(OCTOBER)
    house.gateway.fail_with(AssertionError("nobody is to ask"))
    house.later(minutes=15)
    house.works()
    assert house.state(order_no) is OrderState.CLOSED


def test_while_wechat_is_silent_an_order_waits_a_minute_and_others_get_their_turn(
    house: House,
) -> None:
    first, second = house.prepares(SEPTEMBER), house.prepares(OCTOBER)
    house.pays(second)
    house.later(seconds=5)
    house.gateway.fail_with(SILENCE)
    for _ in range(2):
        with pytest.raises(DeskDown):
            house.silent.step()
    assert house.silent.step() == 0
    house.gateway.fail_with(None)
    house.later(minutes=1)
    house.works()
    assert house.state(first) is OrderState.PREPAID
    assert house.state(second) is OrderState.PAID


def test_an_order_that_fails_does_not_keep_the_others_waiting(house: House) -> None:
    odd, plain = house.prepares(SEPTEMBER), house.prepares(OCTOBER)
    house.gateway.pay(odd, openid="oTESTsomebody")
    house.pays(plain)
    house.later(seconds=5)
    house.works()
    assert house.state(odd) is OrderState.PREPAID
    assert house.state(plain) is OrderState.PAID
    assert house.silent.step() == 0


def test_two_workers_at_once_take_a_payment_once(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.pays(order_no)
    house.later(seconds=5)
    seen_by_both = house.orders.to_ask_about(house.now, 10)
    for order in (*seen_by_both, *seen_by_both):
        house.following.follow(order)
    assert house.state(order_no) is OrderState.PAID
    assert (len(house.payments()), len(house.receipts())) == (1, 1)


def approved(house: House, amount_fen: int = 4300) -> Refund:
    order_no = house.prepares(OCTOBER)
    house.following.took(house.pays(order_no))
    wanted = Refund(
        refund_no=f"{order_no}-1",
        key=f"staff:{order_no}",
        order_no=order_no,
        bill_no=OCTOBER.bill_no,
        amount_fen=amount_fen,
        total_fen=4300,
        why=WhyRefund.STAFF,
        reason="重复缴费",
        openid=WEI,
        state=RefundState.ASKED,
        made_at=house.now,
        asked_by="ann",
    )
    assert house.refunds.propose(wanted)
    assert house.refunds.approve(wanted.refund_no, "ben", house.now)
    return wanted


def news(house: House) -> list[str]:
    return [one.kind for one in house.records.planned if one.kind.startswith("refund_")]


def state(house: House, refund: Refund) -> RefundState:
    found = house.refunds.refund(refund.refund_no)
    assert found is not None
    return found.state


def test_an_approved_refund_is_sent_and_asked_about_until_it_is_done(house: House) -> None:
    refund = approved(house)
    house.works()
    assert state(house, refund) is RefundState.PROCESSING
    house.gateway.finish(refund.refund_no)
    house.works()
    assert state(house, refund) is RefundState.PROCESSING
    house.later(minutes=10)
    house.works()
    assert state(house, refund) is RefundState.SUCCESS
    assert news(house) == ["refund_started", "refund_done"]


def test_a_refund_whose_answer_was_lost_is_sent_again_and_made_once(house: House) -> None:
    refund = approved(house)
    house.gateway.lose_answers(1)
    with pytest.raises(DeskDown):
        house.agreed.step()
    assert state(house, refund) is RefundState.APPROVED
    house.later(minutes=1)
    house.works()
    assert state(house, refund) is RefundState.PROCESSING
    assert len(house.gateway.refunds) == 1


def test_a_refund_that_wechat_refuses_says_why_and_is_tried_again_later(house: House) -> None:
    refund = approved(house)
    house.gateway.refund_code = "NOT_ENOUGH"
    house.works()
    stands = house.refunds.refund(refund.refund_no)
    assert stands is not None
    assert (stands.state, stands.trouble) == (RefundState.APPROVED, "NOT_ENOUGH")
    house.gateway.refund_code = ""
    house.works()
    assert state(house, refund) is RefundState.APPROVED
    house.later(minutes=30)
    house.works()
    assert state(house, refund) is RefundState.PROCESSING


def test_a_refund_that_came_back_from_the_bank_is_told_as_trouble(house: House) -> None:
    refund = approved(house)
    house.works()
    house.refunding.told(house.gateway.finish(refund.refund_no, RefundStatus.ABNORMAL))
    assert state(house, refund) is RefundState.ABNORMAL
    assert news(house) == ["refund_started", "refund_trouble"]
    again = house.gateway.refunds[refund.refund_no]
    assert not house.refunding.told(again)


def test_what_wechat_says_of_another_amount_holds_up_nothing(house: House) -> None:
    refund = approved(house, amount_fen=4000)
    said = house.gateway.refund(refund)
    house.gateway.refunds[refund.refund_no] = replace(said, amount_fen=3999)
    house.works()
    assert house.agreed.step() == 0
    assert state(house, refund) is RefundState.APPROVED


def test_a_refund_waits_while_wechat_pay_is_away_or_takes_none_of_our_keys(house: House) -> None:
    refund = approved(house)
    house.gateway.fail_with(BackendUnavailable("wechatpay", 3.0))
    with pytest.raises(DeskDown):
        house.agreed.step()
    assert house.agreed.step() == 0
    house.gateway.fail_with(Rejected("wechatpay", "SIGN_ERROR", "keys"))
    house.later(minutes=1)
    assert house.agreed.step() == 1
    assert state(house, refund) is RefundState.APPROVED
