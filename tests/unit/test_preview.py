"""The preview page: every reply, readable by customer service, and safe to open in a browser."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.wording import preview
from bot.wording.card_files import paths, read
from bot.wording.cards import Cards
from bot.wording.templates import TemplateFiles
from bot.wording.words import read_contract, read_values, read_wording

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class _Page(HTMLParser):
    """Collects tags and text, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def page() -> _Page:
    contract, values = read_contract(TEMPLATES), read_values(TEMPLATES)
    files = TemplateFiles(TEMPLATES, contract, values)
    cards = Cards(TEMPLATES, contract, values, monotonic=lambda: 0.0)
    titles = read_wording(TEMPLATES).titles
    return parsed(preview.page(files.preview(), titles, cards.preview()))


def test_every_reply_and_card_is_on_the_page(page: _Page) -> None:
    for path in (TEMPLATES / "replies").rglob("[!_]*.j2"):
        assert path.relative_to(TEMPLATES / "replies").as_posix().removesuffix(".j2") in page.text
    kinds = [kind for path in paths(TEMPLATES) for kind in read(path).layouts]
    assert all(kind in page.text for kind in kinds)
    replies = list((TEMPLATES / "replies").rglob("[!_]*.j2"))
    assert page.tags.count("figure") == len(replies) + len(kinds)


def test_a_card_is_drawn_with_its_words_in_order(page: _Page) -> None:
    drawn = page.text[page.text.index("bill bill_opened") :]
    told = ("水费账单通知", "户号", "31*****017", "金额", "75.60元", "详情")
    found = [drawn.index(words) for words in told]
    assert found == sorted(found)


def test_dialogs_have_their_titles_and_shared_replies_theirs(page: _Page) -> None:
    assert all(title in page.text for title in ("绑定户号", "查欠费", "我的户号", "各处通用"))


def test_links_are_blue_words_and_nothing_can_be_clicked() -> None:
    link = '回复“<a href="weixin://bizmsgmenu?msgmenucontent=x&msgmenuid=0">菜单</a>”'
    page = parsed(preview.page([("common/x", link)], {}))
    assert "a" not in page.tags
    assert page.tags.count("b") == 1
    assert "回复“菜单”" in page.text


def test_nothing_in_a_reply_becomes_markup() -> None:
    nasty = '<script>alert(1)</script> <b>粗</b> <a href="x"><img src=x onerror=y></a> & "'
    page = parsed(preview.page([("common/<x>", nasty)], {}))
    assert not {"script", "img"} & set(page.tags)
    assert "<script>alert(1)</script>" in page.text
    assert "common/<x>" in page.text


def test_the_size_of_each_reply_is_shown() -> None:
    assert "6 字节" in parsed(preview.page([("common/x", "好的")], {})).text
