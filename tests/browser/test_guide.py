"""The guide to meter photos on a narrow phone."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.shape.conftest import TEMPLATES
from web.guide import guide

pytestmark = pytest.mark.browser
SMALLEST_PRINT = """Math.min(...[...document.querySelectorAll('main *')]
    .map(element => parseFloat(getComputedStyle(element).fontSize)))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = Flask(__name__)
    app.register_blueprint(guide(TEMPLATES, utility_name="滨河水务", hotline="962000"))
    app.add_url_rule("/favicon.ico", view_func=lambda: "")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/guide/meter-photo"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_guide_fits_every_screen_and_its_own_policy(
    chromium: Browser, address: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 700})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert page.evaluate(SMALLEST_PRINT) >= 15
    assert said == []
    page.close()
