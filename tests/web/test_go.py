"""Where a tapped card leads: one thing to do, readable on any phone, nothing private."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backends.ports import WayToPay
from bot.wording.card_files import led_to
from bot.wording.landing import LandingPage, read_pages
from bot.wording.words import WordingError
from tests.shape.conftest import TEMPLATES
from web.card_links import Said
from web.go import go

PAGES = read_pages(TEMPLATES)
WAYS = (WayToPay("微信生活缴费", "选水费，输入户号。", ""),)
ROWS = {"户号": "31*****017", "欠费合计": "87.84元", "温馨提示": "缴过的请忽略；"}
SAID = {"ours": Said(ROWS, datetime(2026, 11, 22, 9, 30, tzinfo=UTC))}


def serving(pages: dict[str, LandingPage]) -> Flask:
    app = Flask(__name__)
    ours = {"utility_name": "滨河<水务>", "hotline": "962000"}
    app.register_blueprint(go(TEMPLATES, pages, **ours, ways=lambda: WAYS, card=SAID.get))
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


def test_a_query_that_is_not_ours_is_not_shown(browser: FlaskClient) -> None:
    for query in ("a=%3Cscript%3E31*", "card=%3Cscript%3E31*", "card="):
        assert browser.get(f"/go/bill?{query}").text == browser.get("/go/bill").text


@pytest.mark.parametrize("name", ["bill", "due"])
def test_what_the_card_said_is_said_again_with_the_ways_to_pay(
    browser: FlaskClient, name: str
) -> None:
    answer = browser.get(f"/go/{name}?card=ours")
    for words in ("31*****017", "87.84元", "11月22日09:30发出时", "微信生活缴费", "别的途径都不是"):
        assert words in answer.text
    assert "缴过的请忽略；" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "31*****017" not in browser.get(f"/go/{name}").text


def test_other_pages_say_nothing_of_the_card(browser: FlaskClient) -> None:
    assert browser.get("/go/result?card=ours").text == browser.get("/go/result").text


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
