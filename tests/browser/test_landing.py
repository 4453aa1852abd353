"""Where a tapped card leads, on a narrow phone: large print, one screen, one way back."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from bot.content_files import ContentFiles
from bot.wording.landing import read_pages
from tests.browser.test_guide import SMALLEST_PRINT
from tests.shape.conftest import TEMPLATES
from web.card_links import Said
from web.go import go

pytestmark = pytest.mark.browser
PAGES = read_pages(TEMPLATES)
WAYS = ContentFiles(TEMPLATES / "content", monotonic=time.monotonic).ways_to_pay()
ROWS = {
    "户号": "31*****017",
    "本期欠费": "43.92元",
    "欠费合计": "87.84元",
    "缴费截止": "2026年12月10日",
}
SAID = Said(ROWS, datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
WECHAT = "window.told = []; window.WeixinJSBridge = { call: name => window.told.push(name) }"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = Flask(__name__)
    ours = {"utility_name": "滨河水务", "hotline": "962000"}
    app.register_blueprint(go(TEMPLATES, PAGES, **ours, ways=lambda: WAYS, card=lambda _: SAID))
    app.add_url_rule("/favicon.ico", view_func=lambda: "")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/go"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_page_fits_a_narrow_screen_in_large_print(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 700})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for name in PAGES:
        page.goto(f"{address}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.evaluate(SMALLEST_PRINT) >= 17
        button = page.locator("button").bounding_box()
        assert button
        assert button["y"] + button["height"] <= 700, "the way back is on the first screen"
    assert said == []
    page.close()


def test_the_button_closes_the_window_in_wechat(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.add_init_script(WECHAT)
    page.goto(f"{address}/reading")
    page.click("button")
    assert page.evaluate("window.told") == ["closeWindow"]
    page.close()


def test_the_button_says_where_to_go_outside_wechat(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/reading")
    page.click("button")
    assert page.inner_text("button") == "请回到微信里的聊天"
    page.close()
