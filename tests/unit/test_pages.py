"""Long texts on pages: nothing lost, nothing too long for WeChat, no link cut in two."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.pages import MAX_BYTES, split, tidy

LINK = re.compile(r'<a href="[^"]*">[^<]*</a>')


def hint(page: int, pages: int) -> str:
    return f"（第{page}/{pages}页，回复“更多”看下一页）"


def words_of(texts: tuple[str, ...]) -> str:
    bare = (text.removesuffix(hint(n, len(texts))) for n, text in enumerate(texts, start=1))
    return re.sub(r"\s", "", "".join(bare))


def test_what_fits_stays_one_page_without_a_hint() -> None:
    for text in ("水" * 666, "a" * 2000, ""):
        assert split(text, hint) == (text,)


def test_one_byte_more_makes_two_pages_of_which_the_first_has_a_hint() -> None:
    first, last = split("a" * 2001, hint)
    assert first.endswith("\n\n（第1/2页，回复“更多”看下一页）")
    assert "页" not in last


def test_an_account_and_its_indented_lines_stay_together() -> None:
    account = "户号 31*****017\n  2026年9月 44.85元\n  2026年10月 56.70元"
    pages = split("\n".join([account] * 40), hint)
    assert len(pages) > 1
    for page in pages:
        assert page.startswith("户号 31*****017")
        assert page.count("户号") == page.count("56.70元")


def test_an_account_longer_than_a_page_is_cut_between_its_lines() -> None:
    bills = [f"  · {2000 + n}年10月 12立方米 56.70元，违约金1.20元" for n in range(60)]
    pages = split("\n".join(["户号 31*****041", *bills]), hint)
    lines = [line.strip() for page in pages for line in page.splitlines()]
    assert [line for line in lines if line.startswith("·")] == [bill.strip() for bill in bills]


def test_a_line_longer_than_a_page_is_cut_beside_its_links_never_in_one() -> None:
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%9B%B4%E5%A4%9A&msgmenuid=0">更多</a>'
    for before in range(0, 1500, 7):
        pages = split("x" * before + (link + "，") * 40, hint)
        assert sum(len(LINK.findall(page)) for page in pages) == 40
        assert all(page.count("<a ") == page.count("</a>") for page in pages)


def test_a_link_longer_than_a_page_is_cut_all_the_same() -> None:
    pages = split(f'<a href="{"x" * 5000}">y</a>', hint)
    assert all(len(page.encode()) <= MAX_BYTES for page in pages)


@pytest.mark.parametrize(
    ("ragged", "tidied"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \t\nb", "a\nb"),
        ("\n\n a\n\n\n\n\nb \n\n", "a\n\nb"),
        ("查\x00水\x1d费\ufffe\uffff", "查水费"),
        ("a\tb", "a\tb"),
        ("a\ud800b", "ab"),
    ],
)
def test_tidy_leaves_newlines_and_words_only(ragged: str, tidied: str) -> None:
    assert tidy(ragged) == tidied


_LINKS = st.builds(
    '<a href="weixin://bizmsgmenu?msgmenucontent={}&msgmenuid=0">{}</a>'.format,
    st.text("%0123456789ABCDEF", max_size=90),
    st.text("水费查询欠绑定", min_size=1, max_size=8),
)
_PIECES = st.one_of(_LINKS, st.text("水a💧é  ", max_size=400), st.just("\n"), st.just("\n  "))


@given(st.lists(_PIECES, max_size=80).map("".join))
def test_no_page_is_too_long_and_no_word_is_lost_and_no_link_is_broken(text: str) -> None:
    pages = split(text, hint)
    assert all(len(page.encode()) <= MAX_BYTES for page in pages)
    assert words_of(pages) == re.sub(r"\s", "", text)
    assert [link for page in pages for link in LINK.findall(page)] == LINK.findall(text)


@given(st.text(max_size=300))
def test_tidied_text_is_in_its_last_form(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert "\r" not in once
    assert "\n\n\n" not in once
