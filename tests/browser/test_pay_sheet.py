"""The phone's browser and the pay sheet in it, before a toy shop."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from sandbox.app import create_app
from sandbox.children import free_port
from sandbox.clock import MovableClock
from sandbox.pay.joining import PayStandIn
from sandbox.pay.keys import new_keys
from sandbox.pay.store import PayStore
from sandbox.serving import served
from tests.browser.conftest import Phone
from tests.browser.toy_sandbox import config_for
from tests.browser.toy_shop import ToyShop
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.pay.merchant import Merchant

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Town:
    shop: ToyShop
    control: Control
    merchant: Merchant
    address: str

    def ordered(self, openid: str, number: str = "W20260105000001") -> None:
        self.shop.call = self.merchant.call(self.merchant.prepays(openid, number))


@pytest.fixture
def shop() -> Iterator[ToyShop]:
    shop = ToyShop()
    server = make_server("127.0.0.1", 0, shop, threaded=True)
    shop.url = f"http://127.0.0.1:{server.server_port}"
    loop = threading.Thread(target=server.serve_forever, name="toy-shop", daemon=True)
    loop.start()
    yield shop
    server.shutdown()
    loop.join(timeout=10)
    server.server_close()


@pytest.fixture
def town(shop: ToyShop) -> Iterator[Town]:
    port, keys, store = free_port(), new_keys(), PayStore(":memory:")
    shop.address = f"http://127.0.0.1:{port}"
    config = replace(config_for(shop), public_url=shop.address)
    shop.appid, shop.secret = config.appid, config.secret
    clock = MovableClock(lambda: NOW)
    app = create_app(config, clock=clock, pay=PayStandIn(keys, store))
    with served(app, port) as address:
        control = Control(app)
        control.faults(pay={"notice_after_s": 0})
        yield Town(shop, control, Merchant(control, keys, config.appid, shop.url), address)
    store.close()


@pytest.fixture
def openid(town: Town, phone: Phone) -> str:
    """Who holds the phone; it is open and its holder follows."""
    phone.open(town.address).follow()
    phone.hears("欢迎关注")
    found: str = town.control.get("/state")["citizens"][0]["openid"]
    return found


def opens_shop(phone: Phone, town: Town) -> Page:
    """By a link in the chat."""
    address = town.address
    with phone.page.expect_popup() as popup:
        phone.bubbles("citizen").last.get_by_text(f"{address}/pay/W1").click()
    return popup.value


def types_password(page: Page) -> None:
    for digit in "123456":
        page.get_by_test_id(f"pay-key-{digit}").click()


def test_a_bill_is_paid_on_the_phone(town: Town, phone: Phone, openid: str) -> None:
    town.ordered(openid)
    phone.say(f"{town.address}/pay/W1")
    page = opens_shop(phone, town)
    expect(page.locator("#said")).to_have_text("ready")
    assert page.locator("#who").inner_text() == openid
    page.locator("#pay").click()
    expect(page.get_by_test_id("pay-amount")).to_have_text("¥56.70")
    types_password(page)
    expect(page.get_by_test_id("pay-sheet")).to_contain_text("支付成功")
    page.get_by_test_id("pay-done").click()
    expect(page.locator("#said")).to_have_text("get_brand_wcpay_request:ok")
    assert town.merchant.queries()["trade_state"] == "SUCCESS"
    voucher = phone.page.locator('[data-testid="bubble"][data-kind="voucher"]')
    expect(voucher).to_contain_text("¥56.70")


def test_the_citizen_thinks_better_of_it(town: Town, phone: Phone, openid: str) -> None:
    town.ordered(openid)
    phone.say(f"{town.address}/pay/W1")
    page = opens_shop(phone, town)
    expect(page.locator("#said")).to_have_text("ready")
    page.locator("#pay").click()
    page.get_by_test_id("pay-key-1").click()
    page.get_by_test_id("pay-cancel").click()
    expect(page.locator("#said")).to_have_text("get_brand_wcpay_request:cancel")
    assert town.merchant.queries()["trade_state"] == "NOTPAY"


def test_what_cannot_be_paid_says_why(town: Town, phone: Phone, openid: str) -> None:
    town.ordered(openid)
    town.merchant.closes()
    phone.say(f"{town.address}/pay/W1")
    page = opens_shop(phone, town)
    expect(page.locator("#said")).to_have_text("ready")
    page.locator("#pay").click()
    expect(page.get_by_test_id("pay-refused")).to_contain_text("已关闭")
    page.get_by_test_id("pay-close").click()
    expect(page.locator("#said")).to_have_text("get_brand_wcpay_request:fail")


def test_the_next_holder_of_the_phone_is_another_visitor(
    town: Town, phone: Phone, openid: str
) -> None:
    phone.say(f"{town.address}/pay/W1")
    page = opens_shop(phone, town)
    expect(page.locator("#who")).to_have_text(openid)
    phone.new_citizen("王二")
    other = town.control.get("/state")["citizens"][1]["openid"]
    phone.say(f"{town.address}/pay/W1")
    phone.bubbles("citizen").last.get_by_text(f"{town.address}/pay/W1").click()
    expect(page.locator("#who")).to_have_text(other)
