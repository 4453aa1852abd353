"""templates/content: read as staff mean it, taken up when saved, refused in their words."""

import os
from datetime import date, time
from pathlib import Path

import pytest

from bot import content_files
from bot.content_entries import clock, hours_in_words, weekdays
from bot.content_files import ContentFiles
from tests.logged import logged_by
from tests.shape.conftest import TEMPLATES

OUTLET = """
[[outlet]]
name = "翠湖营业厅"
district = "城东区"
address = "翠湖路18号"
phone = "0871-65120018"
hours = [{ days = "周一至周五", opens = "08:30", closes = "17:30" }]
latitude = 25.0478
longitude = 102.7183
services = "全部业务"
"""
WAY = '[[way]]\nname = "营业厅"\nhow = "报户号就能交"\n'
ARTICLE = """
[[article]]
title = "防冻"
summary = "包好水管"
starts_on = 2026-11-15
ends_on = 2026-11-22
"""


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"outlets": OUTLET, "ways_to_pay": WAY, "news": ARTICLE}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def save(folder: Path, name: str, text: str) -> None:
    """A file system may keep whole seconds: each saving has one of its own."""
    path = folder / f"{name}.toml"
    before_s = path.stat().st_mtime if path.exists() else 0.0
    path.write_text(text, encoding="utf-8")
    os.utime(path, (before_s + 1, before_s + 1))


def test_the_shipped_files_have_no_problems() -> None:
    assert list(content_files.problems(TEMPLATES / "content")) == []


def test_the_shipped_outlets_are_in_several_districts_of_the_city() -> None:
    outlets = ContentFiles(TEMPLATES / "content", monotonic=Clock()).outlets()
    assert len(outlets) >= 8
    assert len({one.district for one in outlets}) >= 4
    assert all(abs(one.latitude - 29.87) < 0.2 for one in outlets)
    assert all(abs(one.longitude - 118.42) < 0.2 for one in outlets)


def test_an_outlet_is_read_as_it_was_meant(folder: Path) -> None:
    (outlet,) = ContentFiles(folder, monotonic=Clock()).outlets()
    assert (outlet.name, outlet.district) == ("翠湖营业厅", "城东区")
    assert outlet.hours[0].weekdays == (1, 2, 3, 4, 5)
    assert outlet.hours[0].closes == time(17, 30)
    assert outlet.hours_text == "周一至周五 08:30—17:30"
    assert (outlet.latitude, outlet.closed_on) == (25.0478, ())


def test_news_is_shown_from_its_first_day_to_its_last_the_newest_first(folder: Path) -> None:
    older = ARTICLE.replace("防冻", "旧闻").replace("2026-11-15", "2026-11-01")
    save(folder, "news", older + ARTICLE)
    content = ContentFiles(folder, monotonic=Clock())
    assert [one.title for one in content.articles(date(2026, 11, 15))] == ["防冻", "旧闻"]
    assert [one.title for one in content.articles(date(2026, 11, 14))] == ["旧闻"]
    assert len(content.articles(date(2026, 11, 22))) == 2
    assert content.articles(date(2026, 11, 23)) == ()


def test_a_saved_file_is_taken_up_within_seconds_and_not_looked_at_before(folder: Path) -> None:
    clock = Clock()
    content = ContentFiles(folder, monotonic=clock)
    assert len(content.ways_to_pay()) == 1
    save(folder, "ways_to_pay", WAY + WAY.replace("营业厅", "支付宝"))
    clock.now_s = 4.9
    assert len(content.ways_to_pay()) == 1
    clock.now_s = 5.0
    assert [one.name for one in content.ways_to_pay()] == ["营业厅", "支付宝"]


def test_a_broken_file_is_logged_once_and_what_was_good_stays(folder: Path) -> None:
    clock = Clock()
    content = ContentFiles(folder, monotonic=clock)
    assert len(content.outlets()) == 1
    save(folder, "outlets", OUTLET + "[[outlet]")
    with logged_by(content_files) as logs:
        for clock.now_s in (6.0, 12.0, 18.0):
            assert len(content.outlets()) == 1
    assert [(one["event"], one["file"]) for one in logs] == [("content_broken", "outlets.toml")]
    save(folder, "outlets", OUTLET * 2)
    clock.now_s = 24.0
    assert len(content.outlets()) == 2


def test_files_that_are_not_there_are_logged_and_empty(tmp_path: Path) -> None:
    with logged_by(content_files) as logs:
        content = ContentFiles(tmp_path, monotonic=Clock())
        assert content.outlets() == ()
        assert content.articles(date(2026, 11, 22)) == ()
    assert [one["event"] for one in logs] == ["content_broken"] * 2
    assert "没有这个文件" in next(iter(content_files.problems(tmp_path)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('phone = "0871-65120018"', "", "第1个 [[outlet]]（翠湖营业厅） 缺少 phone"),
        ('phone = "0871-65120018"', "phone = 871", 'phone 要写成引号里的文字，例如 phone = "…"'),
        ('name = "翠湖营业厅"', f'name = "{"长" * 31}"', "name 太长：31 字，最多 30 字"),
        ("latitude = 25.0478", "latitude = 102.7", "纬度和经度有没有写反"),
        ("周一至周五", "工作日", "days 要写“每天”“周一至周五”或“周六、周日”"),
        ('opens = "08:30"', 'opens = "8点半"', '要写成 "08:30"'),
        ('opens = "08:30"', 'opens = "18:30"', "closes 要晚于 opens"),
        ("[{ days", "[{ day = 1, days", "hours 里只能写 days、opens、closes"),
        ('services = "全部业务"', "services = 1", "services 要写成引号里的文字"),
        ('services = "全部业务"', 'service = "全部业务"', "不认识 service；能写的是"),
        ('services = "全部业务"', 'closed_on = ["元旦"]', "closed_on 要写成日期的列表"),
        ("[[outlet]]", "[[outlets]]", "不认识 outlets；能写的是 [[outlet]]"),
        ("[[outlet]]", "[outlet]", "outlet 要写成 [[outlet]]（两层方括号）"),
        ("services = ", "services = = ", "outlets.toml:10：第"),
    ],
)
def test_each_slip_of_the_pen_is_named(folder: Path, old: str, new: str, told: str) -> None:
    assert old in OUTLET
    save(folder, "outlets", OUTLET.replace(old, new))
    (why,) = content_files.problems(folder)
    assert why.startswith(("outlets.toml：", "outlets.toml:"))
    assert told in why


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('summary = "包好水管"', 'summary = "包"\nurl = "www.x.com"', "url 要写成完整的网址"),
        ("ends_on = 2026-11-22", 'ends_on = "2026-11-22"', "ends_on 要写成日期，不加引号"),
        ("ends_on = 2026-11-22", "ends_on = 2026-11-01", "ends_on 早于 starts_on"),
    ],
)
def test_slips_in_the_news_are_named_too(folder: Path, old: str, new: str, told: str) -> None:
    save(folder, "news", ARTICLE.replace(old, new))
    (why,) = content_files.problems(folder)
    assert f"第1个 [[article]]（防冻） {told}" in why


def test_days_and_hours_are_read_in_the_ways_people_write_them() -> None:
    assert weekdays("每天") == (1, 2, 3, 4, 5, 6, 7)
    assert weekdays("周六、周日") == (6, 7)
    assert weekdays("周一到周三，周五") == (1, 2, 3, 5)
    assert weekdays("周八") == weekdays("") == ()
    assert (clock("9:05"), clock("24:00"), clock("25:00")) == (time(9, 5), time.max, None)


def test_hours_are_said_in_words(folder: Path) -> None:
    around_the_clock = OUTLET.replace("周一至周五", "每天").replace("08:30", "00:00")
    save(folder, "outlets", around_the_clock.replace("17:30", "24:00"))
    (outlet,) = ContentFiles(folder, monotonic=Clock()).outlets()
    assert hours_in_words(outlet.hours) == "每天 00:00—24:00"
