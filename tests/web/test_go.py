"""Where a tapped card leads: one thing to do, readable on any phone, nothing private."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.wording.card_files import led_to
from bot.wording.landing import LandingPage, read_pages
from bot.wording.words import WordingError
from tests.shape.conftest import TEMPLATES
from web.go import go

PAGES = read_pages(TEMPLATES)


def serving(pages: dict[str, LandingPage]) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(go(TEMPLATES, pages, utility_name="滨河<水务>", hotline="962000"))
    return app


@pytest.fixture
def browser() -> Iterator[FlaskClient]:
    with serving(PAGES).test_client() as client:
        yield client


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_to_reply_and_whom_to_call(browser: FlaskClient, name: str) -> None:
    page = browser.get(f"/go/{name}").text
    for words in (PAGES[name].title, PAGES[name].reply, "回到聊天", "962000", "滨河&lt;水务&gt;"):
        assert words in page


def test_every_card_leads_to_a_page_that_is_there(browser: FlaskClient) -> None:
    led = set(led_to(TEMPLATES))
    assert len(led) >= 10
    assert {browser.get(f"/go/{page}").status_code for _, page in led} == {200}


def test_a_photo_is_explained_where_one_is_wanted(browser: FlaskClient) -> None:
    explained = {name for name in PAGES if "/guide/meter-photo" in browser.get(f"/go/{name}").text}
    assert explained == {"reading", "spot_check"}


@pytest.mark.parametrize("path", ["/go/", "/go/none", "/go/..%2fgo.css", "/go/bill/1"])
def test_there_are_no_other_pages(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_query_is_neither_read_nor_shown(browser: FlaskClient) -> None:
    assert browser.get("/go/bill?a=%3Cscript%3E31*").text == browser.get("/go/bill").text


def test_the_page_may_run_its_own_script_and_nothing_else(browser: FlaskClient) -> None:
    response = browser.get("/go/bill")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"\bon\w+=|src=|style=|url\(|@import|https?://", response.text)


def test_what_staff_write_is_text_and_no_markup() -> None:
    page = LandingPage("<b>账单</b>", "a", "b", "c")
    with serving({"x": page}).test_client() as client:
        assert "&lt;b&gt;账单&lt;/b&gt;" in client.get("/go/x").text


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ('x = "账单"', "go.toml:1：x 要写成 [x] 表"),
        ('[x]\ntitle = "账"\ntext = "a"\nthen = "c"', "go.toml:1：[x] 缺少 reply"),
        (
            '[x]\ntitle = "账"\ntext = "a"\nreply = "b"\nthen = "c"\nphoto = "是"',
            "go.toml:6：[x] photo",
        ),
        (
            '[x]\ntitle = "账"\ntext = "a"\nreply = "b"\nthen = "c"\nlink = "d"',
            "go.toml:6：[x] 不认识 link",
        ),
        ("[x", "pages/go.toml:1：到文件末尾写法有误：表名要写在一对英文方括号里"),
    ],
)
def test_a_mistake_in_the_pages_is_named(tmp_path: Path, written: str, named: str) -> None:
    copytree(TEMPLATES / "pages", tmp_path / "pages")
    (tmp_path / "pages" / "go.toml").write_text(written, encoding="utf-8")
    with pytest.raises(WordingError, match=re.escape(named)):
        read_pages(tmp_path)
