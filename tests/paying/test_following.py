"""What WeChat says of an order, in whatever order and however often, becomes one payment."""

import threading
from dataclasses import replace

import pytest

from backends.errors import BackendUnavailable, PaymentMismatch, Rejected
from backends.ports import Order, OrderState, Submission, SubmissionKind, Transaction, WhyClosed
from bot.paying.postings import postings
from tests.paying.house import (
    HOME,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    QIN,
    SEPTEMBER,
    WEI,
    House,
)


def test_a_payment_makes_a_posting_for_each_item_and_one_receipt(house: House) -> None:
    order_no = house.prepares(SEPTEMBER, OF_THE_SHOP)
    paid = house.pays(order_no)
    assert house.following.took(paid)
    assert house.state(order_no) is OrderState.PAID
    september, shop = house.payments()
    assert september.payload == {
        "transaction_id": paid.transaction_id,
        "order_no": order_no,
        "bill_no": "B09",
        "period": "2026-09",
        "principal": "43.92",
        "late_fee": "0.51",
        "amount": "44.43",
        "paid_at": "2026-11-25T12:00:00+08:00",
        "surplus": "credit",
    }
    assert (september.acct_no, shop.acct_no) == (SEPTEMBER.acct_no, OF_THE_SHOP.acct_no)
    (receipt,) = house.receipts()
    assert receipt.view == {
        "order_no": order_no,
        "amount": "164.50",
        "count": 2,
        "what": "水费 2026年9月、2026年10月",
        "shown": "2个户号",
        "paid_at": "2026-11-25T12:00:00+08:00",
    }


def test_a_family_member_who_pays_gets_the_receipt(house: House) -> None:
    house.following.took(house.pays(house.prepares(OCTOBER, openid=QIN)))
    (receipt,) = house.receipts()
    assert (receipt.openid, receipt.acct_no, receipt.view["shown"]) == (QIN, HOME, "31*****017")
    assert [one.openid for one in house.payments()] == [QIN]


def test_word_that_it_is_unpaid_changes_nothing(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    found = house.gateway.query(order_no)
    assert found is not None
    assert not house.following.took(found)
    assert house.state(order_no) is OrderState.PREPAID


def test_a_notification_twice_at_once_and_a_query_beside_it_are_one_payment(house: House) -> None:
    order_no = house.prepares(SEPTEMBER, OCTOBER)
    paid, order = house.pays(order_no), house.order(order_no)
    news: list[bool] = []
    told = [
        *(threading.Thread(target=lambda: news.append(house.following.took(paid))) for _ in "123"),
        *(threading.Thread(target=lambda: house.following.follow(order)) for _ in "12"),
    ]
    for thread in told:
        thread.start()
    for thread in told:
        thread.join()
    assert news.count(True) <= 1
    assert house.state(order_no) is OrderState.PAID
    assert (len(house.payments()), len(house.receipts())) == (2, 1)


def test_a_payment_seconds_before_the_closing_counts(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.later(minutes=14, seconds=55)
    house.pays(order_no)
    house.later(seconds=5)
    house.works()
    assert house.state(order_no) is OrderState.PAID


def test_a_payment_that_wechat_s_answer_did_not_know_yet_stops_the_closing(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.pays(order_no)
    house.gateway.behind.add(order_no)
    house.following.drop(house.order(order_no), WhyClosed.CANCELLED)
    assert house.state(order_no) is OrderState.CLOSING
    assert house.locked(OCTOBER) == (order_no,)
    house.gateway.behind.clear()
    house.later(seconds=30)
    house.works()
    assert house.state(order_no) is OrderState.PAID


def test_a_lost_answer_to_the_closing_leaves_it_to_the_worker(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    gone = BackendUnavailable("wechatpay", 3.0, sent=True)
    close = house.gateway.close

    def lost(order_no: str) -> None:
        close(order_no)
        raise gone

    house.gateway.close = lost  # type: ignore[method-assign]
    with pytest.raises(BackendUnavailable):
        house.following.drop(house.order(order_no), WhyClosed.CANCELLED)
    assert house.state(order_no) is OrderState.CLOSING
    house.works()
    assert house.state(order_no) is OrderState.CLOSED


def test_an_order_whose_lock_cannot_be_released_is_not_closed_yet(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.takings.fail_with(BackendUnavailable("csms", 3.0))
    with pytest.raises(BackendUnavailable):
        house.following.drop(house.order(order_no), WhyClosed.CANCELLED)
    assert house.state(order_no) is OrderState.CLOSING
    house.takings.fail_with(None)
    house.works()
    assert house.state(order_no) is OrderState.CLOSED
    assert house.locked(OCTOBER) == ()


def test_money_for_a_closed_order_is_taken_all_the_same(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    paid = house.pays(order_no)
    house.orders.drop(order_no, WhyClosed.CANCELLED, house.now)
    house.orders.closed(order_no, house.now)
    newer = house.prepares(OCTOBER)
    assert house.following.took(paid)
    assert house.following.took(house.pays(newer))
    house.posts()
    assert house.state(order_no) is house.state(newer) is OrderState.SETTLED
    ways = house.orders.postings_of([order_no, newer]).values()
    assert sorted((one.posted_fen, one.credited_fen) for (one,) in ways) == [(0, 4300), (4300, 0)]


def test_while_csms_is_away_a_payment_waits_and_is_posted_later(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.following.took(house.pays(order_no))
    house.later(hours=30)
    house.works()
    assert house.state(order_no) is OrderState.PAID
    assert set(house.orders.in_flight([OCTOBER.key])) == {OCTOBER.key}
    house.posts()
    assert house.state(order_no) is OrderState.SETTLED
    assert house.orders.in_flight([OCTOBER.key]) == {}


def test_where_the_utility_gives_back_a_double_payment_is_proposed_as_a_refund() -> None:
    house = House(surplus="refund")
    order_no = house.prepares(OCTOBER, PREPAYMENT)
    house.following.took(house.pays(order_no))
    house.books.pay_at_counter(OCTOBER)
    house.posts()
    assert house.state(order_no) is OrderState.SETTLED
    assert [(one.bill_no, one.amount_fen) for one in house.proposals()] == [("B10", 4300)]


@pytest.mark.parametrize(
    ("differs", "what"),
    [
        ({"amount_fen": 4299}, "amount"),
        ({"openid": QIN}, "payer"),
        ({"order_no": "WD0"}, "order"),
        ({"transaction_id": ""}, "transaction"),
        ({"paid_at": None}, "transaction"),
    ],
)
def test_what_was_not_ordered_changes_nothing(
    house: House, differs: dict[str, object], what: str
) -> None:
    order_no = house.prepares(OCTOBER)
    paid: Transaction = replace(house.pays(order_no), **differs)  # type: ignore[arg-type]
    with pytest.raises(PaymentMismatch) as refused:
        house.following.took(paid)
    assert refused.value.what == what
    assert house.state(order_no) is OrderState.PREPAID
    assert house.payments() == []
    assert house.receipts() == []


def test_a_number_that_is_taken_is_passed_over(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    paid = house.pays(order_no)
    (wanted,) = postings(house.order(order_no), paid, "credit", house.now, 0)
    house.records.put(somebody_s(wanted))
    assert house.following.took(paid)
    (payment,) = house.payments()
    assert payment.number != wanted.number


def somebody_s(one: Submission) -> Submission:
    return replace(one, key="another", kind=SubmissionKind.READING)


def test_an_order_that_wechat_has_closed_itself_is_closed_with_us(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    order: Order = house.order(order_no)
    house.gateway.close(order_no)
    house.following.follow(order)
    assert house.state(order_no) is OrderState.CLOSED


def test_a_refusal_to_say_what_became_of_an_order_changes_nothing(house: House) -> None:
    order_no = house.prepares(OCTOBER)
    house.gateway.fail_with(Rejected("wechatpay", "SIGN_ERROR", "keys"))
    with pytest.raises(Rejected):
        house.following.follow(house.order(order_no))
    assert house.order(order_no).openid == WEI
    assert house.state(order_no) is OrderState.PREPAID
