"""An order's page: what it shows in each state, and what its button gets."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backends.errors import BackendUnavailable
from backends.ports import OrderState, WhyClosed
from tests.web.paying import OCTOBER, OTHER, SEPTEMBER, Phone, Shop, with_counter_paid


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def phone(shop: Shop) -> Phone:
    return shop.phone()


def test_it_shows_what_is_paid_and_nothing_that_is_private(shop: Shop, phone: Phone) -> None:
    page = phone.open(shop.link(shop.place(SEPTEMBER, OCTOBER))).text
    for words in ("87.84", "2026年9月水费", "43.92元", "含违约金 0.92元", "31*****017", "12:15前"):
        assert words in page
    assert "3100000017" not in page


def test_it_is_kept_by_nobody_and_framed_by_nobody(shop: Shop, phone: Phone) -> None:
    headers = phone.open(shop.link(shop.place(SEPTEMBER))).headers
    policy = headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]
    for rule in ("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy


def test_the_button_gets_what_wechat_wants_and_locks_the_bills(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER, OCTOBER)
    phone.open(shop.link(order))
    call = phone.press(order).json["call"]
    assert {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"} == set(call)
    assert shop.takings.locked_by("B1", shop.now) == (order.order_no,)
    assert shop.gateway.trades[order.order_no].order.amount_fen == 8784


def test_pressing_again_asks_for_the_same_order(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    first, second = (phone.press(order).json["call"] for _ in range(2))
    assert first["package"] == second["package"]
    assert first["nonceStr"] != second["nonceStr"]


@pytest.mark.parametrize("header", ["", "XMLHttpRequest"])
def test_a_foreign_page_cannot_press_the_button(shop: Shop, phone: Phone, header: str) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    assert phone.press(order, header).status_code == 403
    assert not shop.gateway.trades


def test_without_a_visit_the_button_gets_nothing(shop: Shop, phone: Phone) -> None:
    assert phone.press(shop.place(SEPTEMBER)).status_code == 403


def test_a_bill_paid_at_the_counter_meanwhile_ends_the_order(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER, OCTOBER)
    phone.open(shop.link(order))
    with_counter_paid(shop, "B1")
    told = phone.press(order).json
    assert told["why"] == "changed"
    assert "重新选" in told["text"]
    assert phone.state(order)["word"] == "已作废"
    assert not shop.gateway.trades


def test_a_bill_that_family_is_paying_waits(shop: Shop, phone: Phone) -> None:
    theirs = shop.place(SEPTEMBER, openid=OTHER, number="WD261122120000BBBBBBBBBB")
    family = shop.phone()
    family.open(shop.link(theirs), OTHER)
    family.press(theirs)
    mine = shop.place(SEPTEMBER)
    phone.open(shop.link(mine))
    told = phone.press(mine).json
    assert told["why"] == "held"
    assert "12:15以后" in told["text"]
    shop.now += timedelta(minutes=16)
    fresh = shop.place(SEPTEMBER, number="WD261122121600CCCCCCCCCC")
    phone.open(shop.link(fresh))
    assert "call" in phone.press(fresh).json


def test_the_newer_order_of_a_citizen_takes_the_place_of_the_older(
    shop: Shop, phone: Phone
) -> None:
    older = shop.place(SEPTEMBER)
    phone.open(shop.link(older))
    phone.press(older)
    newer = shop.place(SEPTEMBER, OCTOBER, number="WD261122120100BBBBBBBBBB")
    assert "call" in phone.press(newer).json
    assert phone.state(older)["word"] == "已作废"
    with pytest.raises(ValueError, match="cannot be paid"):
        shop.gateway.pay(older.order_no)


def test_paid_is_what_wechat_says_whatever_the_page_says(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    phone.press(order)
    assert phone.state(order)["name"] == "payable"
    shop.gateway.pay(order.order_no)
    assert phone.state(order)["word"] == "支付成功"


def test_wechat_is_not_asked_at_every_look(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    phone.press(order)
    shop.gateway.pay(order.order_no)
    shop.looks = False
    assert phone.state(order)["name"] == "payable"
    shop.looks = True
    assert phone.state(order)["name"] == "paid"


def _gateway(shop: Shop) -> None:
    shop.gateway.fail_with(BackendUnavailable("wechatpay", 5.0, "no answer"))


def _csms(shop: Shop) -> None:
    shop.due.fail_with(BackendUnavailable("csms", 5.0, "no answer"))


def _locks(shop: Shop) -> None:
    shop.takings.fail_with(BackendUnavailable("csms", 5.0, "no answer"))


@pytest.mark.parametrize("away", [_gateway, _csms, _locks])
def test_what_is_away_is_said_and_pressing_again_works(
    shop: Shop, phone: Phone, away: Callable[[Shop], None]
) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    away(shop)
    told = phone.press(order).json
    assert told["why"] == "away"
    assert "没有付款" not in told["text"], "nobody knows, for nobody answered"
    for one in (shop.gateway, shop.due, shop.takings):
        one.fail_with(None)
    assert "call" in phone.press(order).json


def test_an_answer_that_was_lost_is_asked_for_again(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    shop.gateway.lose_answers(1)
    assert phone.press(order).json["why"] == "away"
    assert "call" in phone.press(order).json
    assert len(shop.gateway.trades) == 1


@pytest.mark.parametrize(
    ("minutes", "word"), [(0, "待支付"), (13, "待支付"), (14, "已过期"), (16, "已过期")]
)
def test_an_order_never_asked_for_ends_by_itself(
    shop: Shop, phone: Phone, minutes: int, word: str
) -> None:
    order = shop.place(SEPTEMBER)
    shop.now += timedelta(minutes=minutes)
    page = phone.open(shop.link(order)).text
    assert word in page
    assert ('id="pay"' in page) == (word == "待支付")


@pytest.mark.parametrize("why", WhyClosed)
def test_a_closed_order_says_why_and_what_to_do(shop: Shop, phone: Phone, why: WhyClosed) -> None:
    order = shop.place(SEPTEMBER)
    shop.orders.drop(order.order_no, why, shop.now)
    told = phone.open(shop.link(order)).text
    assert "已过期" in told or "已作废" in told
    assert 'id="pay"' not in told
    assert phone.press(order).json["why"] == "closed"


def test_a_paid_order_cannot_be_paid_again(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    phone.press(order)
    shop.following.took(shop.gateway.pay(order.order_no))
    assert shop.orders.order(order.order_no).state is OrderState.PAID  # type: ignore[union-attr]
    assert phone.press(order).json["why"] == "paid"
