"""What WeChat Pay tells by itself: 200 when it is committed, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from backends.errors import BackendUnavailable, NotGenuine
from backends.ports import Order, OrderState, TradeState, Transaction
from tests.web.paying import OTHER, SEPTEMBER, Phone, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def paid(shop: Shop) -> Transaction:
    """WeChat has the money, and we do not know of it."""
    order = shop.place(SEPTEMBER)
    phone = shop.phone()
    phone.open(shop.link(order))
    phone.press(order)
    return shop.gateway.pay(order.order_no)


def tell(shop: Shop, news: Transaction | None, body: bytes = b"signed") -> int:
    shop.notices.genuine[body] = news
    return post(shop, body)


def post(shop: Shop, body: bytes, path: str = "/pay/notify") -> int:
    return shop.app().test_client().post(path, data=body).status_code


def order_of(shop: Shop, transaction: Transaction) -> Order:
    order = shop.orders.order(transaction.order_no)
    assert order is not None
    return order


def test_a_payment_is_taken_in(shop: Shop, paid: Transaction) -> None:
    assert tell(shop, paid) == 200
    order = order_of(shop, paid)
    assert (order.state, order.transaction_id) == (OrderState.PAID, paid.transaction_id)


def test_told_again_it_is_taken_in_once(shop: Shop, paid: Transaction) -> None:
    assert [tell(shop, paid) for _ in range(3)] == [200, 200, 200]
    assert len(shop.orders.records.submissions(order_of(shop, paid).openid, 10)) == 1


def test_told_in_parallel_it_is_taken_in_once(shop: Shop, paid: Transaction) -> None:
    shop.notices.genuine[b"signed"] = paid
    app = shop.app()

    def told(_: int) -> int:
        return app.test_client().post("/pay/notify", data=b"signed").status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(told, range(16)))
    assert set(answers) == {200}
    assert len(shop.orders.records.submissions(order_of(shop, paid).openid, 10)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount_fen": 4391},
        {"amount_fen": 4393},
        {"openid": OTHER},
        {"order_no": "WD000000000000ZZZZZZZZZZ"},
        {"transaction_id": ""},
        {"paid_at": None},
    ],
)
def test_what_was_not_ordered_changes_nothing(
    shop: Shop, paid: Transaction, other: dict[str, object]
) -> None:
    assert tell(shop, replace(paid, **other)) == 409  # type: ignore[arg-type]
    assert order_of(shop, paid).state is OrderState.PREPAID


def test_another_transaction_of_a_paid_order_changes_nothing(shop: Shop, paid: Transaction) -> None:
    tell(shop, paid)
    assert tell(shop, replace(paid, transaction_id="4200009"), b"other") == 409
    assert order_of(shop, paid).transaction_id == paid.transaction_id


def test_what_is_not_signed_by_wechat_is_refused_and_changes_nothing(
    shop: Shop, paid: Transaction
) -> None:
    answer = shop.app().test_client().post("/pay/notify", data=b"forged")
    assert (answer.status_code, answer.json) == (401, {"code": "FAIL", "message": "失败"})
    assert order_of(shop, paid).state is OrderState.PREPAID


@pytest.mark.parametrize("why", ["signature", "time", "serial", "merchant", "appid"])
def test_whatever_is_not_genuine_about_it(shop: Shop, paid: Transaction, why: str) -> None:
    shop.notices.fail_with(NotGenuine("wechatpay", why))
    assert post(shop, b"signed") == 401
    assert order_of(shop, paid).state is OrderState.PREPAID


def test_with_our_database_away_wechat_is_to_repeat_it(shop: Shop, paid: Transaction) -> None:
    shop.orders.fail_with(BackendUnavailable("records", 1.0, "no answer"))
    assert tell(shop, paid) == 503
    shop.orders.fail_with(None)
    assert tell(shop, paid) == 200


def test_an_unpaid_one_is_no_news(shop: Shop, paid: Transaction) -> None:
    assert tell(shop, replace(paid, state=TradeState.NOTPAY)) == 200
    assert order_of(shop, paid).state is OrderState.PREPAID


def test_an_event_that_means_nothing_to_us_is_no_failure(shop: Shop) -> None:
    assert tell(shop, None) == 200


def test_nobody_sends_a_book(shop: Shop) -> None:
    assert post(shop, b"x" * 70_000) == 413


@pytest.mark.parametrize("path", ["/pay/notify", "/pay/refund-notify"])
def test_only_a_post_is_a_notification(path: str, shop: Shop) -> None:
    phone: Phone = shop.phone()
    assert phone.browser.get(path).status_code in (403, 404, 405)
