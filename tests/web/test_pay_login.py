"""Who comes to an order's page: whoever WeChat says, on a link of ours that is not over."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from backends.errors import BackendUnavailable
from tests.web.paying import OTHER, PAYER, SEPTEMBER, Phone, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def phone(shop: Shop) -> Phone:
    return shop.phone()


def test_a_browser_that_is_not_known_goes_to_wechat_and_comes_back_to_the_page(
    shop: Shop, phone: Phone
) -> None:
    order = shop.place(SEPTEMBER)
    sent = phone.get(shop.link(order))
    address = urlsplit(sent.location)
    assert sent.status_code == 302
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        "https://open.weixin.qq.com/connect/oauth2/authorize"
    )
    asked = parse_qs(address.query)
    assert list(asked) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert asked["redirect_uri"] == ["https://water.example/pay/enter"]
    assert asked["scope"] == ["snsapi_base"]
    assert address.fragment == "wechat_redirect"
    assert "43.92" in phone.open(shop.link(order)).text


def test_a_known_browser_is_not_asked_again_for_half_an_hour(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    phone.open(shop.link(order))
    shop.now += timedelta(minutes=29)
    assert phone.get(shop.link(order)).status_code == 200
    shop.now += timedelta(minutes=2)
    assert phone.get(shop.link(order)).status_code == 302


@pytest.mark.parametrize("changed", ["&s=", "&s=0123456789abcdef0123456789abcdef", "x"])
def test_a_link_that_is_not_ours_opens_nothing(shop: Shop, phone: Phone, changed: str) -> None:
    link = shop.link(shop.place(SEPTEMBER))
    forged = link.split("&s=")[0] + changed
    answer = phone.get(forged)
    assert answer.status_code == 403
    assert "链接过期了" in answer.text


def test_a_link_shows_what_became_of_the_order_for_a_day_and_then_no_more(
    shop: Shop, phone: Phone
) -> None:
    order = shop.place(SEPTEMBER)
    shop.now += timedelta(hours=24)
    assert phone.open(shop.link(order)).status_code == 200
    shop.now += timedelta(hours=1)
    assert phone.open(shop.link(order)).status_code == 403


def test_the_end_of_a_link_cannot_be_moved(shop: Shop, phone: Phone) -> None:
    link = shop.link(shop.place(SEPTEMBER))
    until = parse_qs(urlsplit(link).query)["e"][0]
    assert phone.get(link.replace(until, str(int(until) + 1))).status_code == 403


def test_an_order_is_shown_to_nobody_but_its_owner(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    answer = phone.open(shop.link(order), OTHER)
    assert answer.status_code == 403
    assert "43.92" not in answer.text
    assert "3100000017" not in answer.text
    assert phone.press(order).json["why"] == "unknown"
    assert phone.get(f"/pay/{order.order_no}/state").status_code == 403


def test_the_preview_of_a_page_pays_nothing(shop: Shop, phone: Phone) -> None:
    answer = phone.open(shop.link(shop.place(SEPTEMBER)), PAYER, is_snapshot=True)
    assert answer.status_code == 403
    assert "使用完整服务" in answer.text


def test_a_code_is_good_for_once(shop: Shop, phone: Phone) -> None:
    sent = phone.get(shop.link(shop.place(SEPTEMBER)))
    assert "链接过期了" in phone.come_back(sent, "used").text


def test_who_does_not_agree_is_told_so(shop: Shop, phone: Phone) -> None:
    sent = phone.get(shop.link(shop.place(SEPTEMBER)))
    assert "没有您的同意" in phone.come_back(sent, "").text


def test_a_state_of_another_browser_lets_nobody_in(shop: Shop, phone: Phone) -> None:
    order = shop.place(SEPTEMBER)
    sent = phone.get(shop.link(order))
    assert shop.phone().come_back(sent, "code").status_code == 403


def test_wechat_away_is_said_kindly(shop: Shop, phone: Phone) -> None:
    sent = phone.get(shop.link(shop.place(SEPTEMBER)))
    shop.weblogin.fail_with(BackendUnavailable("wechat", 4.0, "no answer"))
    assert "过一会儿" in phone.come_back(sent, "code").text


def test_the_way_back_leads_to_our_own_pages_only(shop: Shop, phone: Phone) -> None:
    """Flask's `full_path` of a page of ours; nothing else fits."""
    sent = phone.browser.get("/pay/x?e=1&s=2&next=https://evil.example", base_url=shop.public_url)
    assert sent.status_code == 403


def test_cookies_are_of_these_pages_only(shop: Shop, phone: Phone) -> None:
    cookie = phone.get(shop.link(shop.place(SEPTEMBER))).headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/pay"):
        assert word in cookie


def test_on_plain_http_a_cookie_is_not_secure() -> None:
    shop = Shop(public_url="http://127.0.0.1:8000")
    cookie = shop.phone().get(shop.link(shop.place(SEPTEMBER))).headers["Set-Cookie"]
    assert "Secure" not in cookie
