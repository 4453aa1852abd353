"""An order's page in a real browser: narrow, in large type, and with what WeChat answers."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Response, redirect, request
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from backends.ports import Order, Visitor
from sandbox.children import free_port
from tests.web.paying import OCTOBER, PAYER, SEPTEMBER, Shop

pytestmark = pytest.mark.browser
WECHAT = """
window.WeixinJSBridge = {
  invoke: (name, values, done) =>
    window.paySheet(values).then((word) => done({ err_msg: `${name}:${word}` })),
  call: () => {},
};
"""


@dataclass
class Door:
    page: Page
    shop: Shop
    order: Order

    def open(self) -> Page:
        self.page.goto(self.shop.public_url + self.shop.link(self.order))
        return self.page


@pytest.fixture
def door(browser_page: Page) -> Iterator[Door]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    shop = Shop(public_url=url, open_url=f"{url}/wechat")
    app = shop.app()

    @app.get("/wechat/connect/oauth2/authorize")
    def authorize() -> Response:
        """WeChat says who it is, as it does by itself inside WeChat."""
        shop.weblogin.codes["code"] = Visitor(PAYER, is_snapshot=False)
        back, state = request.args["redirect_uri"], request.args["state"]
        return redirect(f"{back}?code=code&state={state}", Response=Response)  # type: ignore[return-value]

    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Door(browser_page, shop, shop.place(SEPTEMBER, OCTOBER))
    server.shutdown()
    thread.join()
    server.server_close()


def in_wechat(door: Door, word: str = "ok", *, pays: bool = False) -> Page:
    """`word`: what WeChat's pay sheet says in the end, whether or not anybody paid."""

    def pay_sheet(values: dict[str, str]) -> str:
        assert values["signType"] == "RSA"
        if pays:
            door.shop.gateway.pay(door.order.order_no)
        return word

    door.page.expose_function("paySheet", pay_sheet)
    door.page.add_init_script(WECHAT)
    return door.open()


def test_paid_in_wechat_it_says_so_once_wechat_pay_does(door: Door) -> None:
    page = in_wechat(door, pays=True)
    page.get_by_role("button", name="微信支付 87.84元").click()
    expect(page.get_by_role("heading")).to_have_text("支付成功")
    expect(page.get_by_role("button", name="微信支付")).to_be_hidden()


def test_the_word_of_the_page_alone_is_not_believed(door: Door) -> None:
    page = in_wechat(door)
    page.get_by_role("button", name="微信支付 87.84元").click()
    expect(page.get_by_role("status")).to_contain_text("正在向微信支付确认")
    expect(page.get_by_role("heading")).to_have_text("待支付")


@pytest.mark.parametrize(("word", "said"), [("cancel", "您取消了支付"), ("fail", "没有成功")])
def test_what_was_not_paid_can_be_paid_again(door: Door, word: str, said: str) -> None:
    page = in_wechat(door, word)
    pay = page.get_by_role("button", name="微信支付 87.84元")
    pay.click()
    expect(page.get_by_role("status")).to_contain_text(said)
    expect(pay).to_be_enabled()


def test_outside_wechat_it_says_where_to_open_it(door: Door) -> None:
    page = door.open()
    page.get_by_role("button", name="微信支付 87.84元").click()
    expect(page.get_by_role("status")).to_contain_text("请在微信里打开")


@pytest.mark.parametrize(("width", "root_px"), [(320, 16), (320, 32), (430, 16)])
def test_it_fits_a_narrow_phone_in_large_type(
    door: Door, width: int, root_px: int, tmp_path: Path
) -> None:
    door.page.set_viewport_size({"width": width, "height": 700})
    page = in_wechat(door)
    page.evaluate("px => { document.documentElement.style.fontSize = `${px}px`; }", root_px)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / f"order-{width}-{root_px}.png", full_page=True)
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
