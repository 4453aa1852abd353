"""What templates may do with values: money, dates, volumes, names of codes, quick replies."""

from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.wording.filters import (
    all_filters,
    clean,
    day,
    moment,
    money,
    named,
    period,
    price,
    quick_reply,
    volume,
    weekday,
)
from tests.unit.messages import ZONE


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("56.7", "56.70"), ("0", "0.00"), ("1234567.89", "1234567.89"), ("-3.5", "-3.50")],
)
def test_money_has_two_decimals_and_no_separators(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("unit_price", "shown"),
    [("1.7000", "1.70"), ("3.1950", "3.195"), ("5", "5.00"), ("0.5", "0.50"), ("1E+1", "10.00")],
)
def test_prices_have_two_decimals_or_as_many_as_they_need(unit_price: str, shown: str) -> None:
    assert price(Decimal(unit_price)) == shown


def test_days_and_periods_are_written_as_people_say_them() -> None:
    assert day(date(2026, 3, 5)) == "2026年3月5日"
    assert day("2026-03-05") == "2026年3月5日"
    assert [weekday(f"2026-11-{n}") for n in (22, 23)] == ["周日", "周一"]
    assert weekday(date(2026, 11, 28)) == "周六"
    assert day(datetime(2026, 11, 22, 0, 30, tzinfo=ZONE)) == "2026年11月22日"
    assert moment(datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)) == "11月2日08:05"
    assert moment("2026-11-22T18:00+08:00") == "11月22日18:00"
    assert period("2026-07") == "2026年7月"


@pytest.mark.parametrize(
    ("m3", "shown"),
    [("12.000", "12"), ("12.500", "12.5"), ("100", "100"), ("0.000", "0"), ("1E+2", "100")],
)
def test_volumes_lose_the_zeros_after_the_point_and_no_others(m3: str, shown: str) -> None:
    assert volume(Decimal(m3)) == shown + "立方米"


def test_an_unknown_code_is_shown_as_it_is() -> None:
    role = named({"owner": "户主"})
    assert (role("owner"), role("tenant")) == ("户主", "tenant")


def test_each_table_of_values_becomes_a_filter() -> None:
    filters = all_filters({"role": {"owner": "户主"}})
    assert filters["role"]("owner") == "户主"
    assert filters["last"]([1, 2]) == 2


def test_a_quick_reply_sends_exactly_what_it_says() -> None:
    link = quick_reply("加 & 减 = 100%?", "加减", "c.1")
    href = link.split('"')[1]
    sent = parse_qs(urlsplit(href).query)
    assert sent == {"msgmenucontent": ["加 & 减 = 100%?"], "msgmenuid": ["c.1"]}
    assert link.endswith('">加减</a>')


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_no_text_breaks_out_of_a_quick_reply(send: str, label: str, id_: str) -> None:
    link = quick_reply(send, label, id_)
    assert link.startswith('<a href="weixin://bizmsgmenu?')
    assert link.count('"') - label.count('"') == 2
    assert (link.count("<"), link.count(">")) == (2, 2)


@given(st.text(max_size=60))
def test_a_value_from_outside_brings_no_tag_and_no_end_of_cdata(value: str) -> None:
    cleaned = clean(value)
    assert "<" not in cleaned
    assert ">" not in cleaned
    assert len(cleaned) == len(value)


def test_a_template_shows_values_harmless_and_its_own_links_whole() -> None:
    environment = jinja2.Environment(autoescape=True, finalize=clean)
    template = environment.from_string("{{ address }} & {{ link }}")
    shown = template.render(address='<a href="x">A&B]]></a>', link=Markup("<a>查</a>"))
    assert shown == '＜a href="x"＞A&B]]＞＜/a＞ & <a>查</a>'
