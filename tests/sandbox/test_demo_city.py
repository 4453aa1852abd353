"""When the demo builds its city, and when it takes the one that is there."""

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from sandbox.csms_switch import CsmsSwitch
from sandbox.demo_city import Wish, prepare

TODAY = date(2026, 1, 5)


def test_a_city_is_built_once_and_again_when_another_is_wished(tmp_path: Path) -> None:
    told: list[str] = []
    first = prepare(tmp_path, Wish(1_000, 1), TODAY, told.append)
    again = prepare(tmp_path, Wish(1_000, 1), date(2026, 3, 1), told.append)
    assert (len(told), again) == (1, first)
    other = prepare(tmp_path, Wish(1_000, 2), TODAY, told.append)
    assert len(told) == 2
    assert other.hints != first.hints


def test_the_hints_say_what_a_citizen_needs_to_try_them(tmp_path: Path) -> None:
    city = prepare(tmp_path, Wish(1_000, 1), TODAY, lambda _: None)
    titles = [hint.title for hint in city.hints]
    (reading,) = [title for title in titles if title.startswith("可以自报读数")]
    assert re.search(r"户主 .+，上次读数 \d+$", reading)
    for wanted in ("要预约上门抄表", "快到第二阶梯", "这期水费高了", "远传水表"):
        assert any(title.startswith(wanted) for title in titles)


def test_a_city_of_an_earlier_edition_is_built_anew(tmp_path: Path) -> None:
    told: list[str] = []
    prepare(tmp_path, Wish(1_000, 1), TODAY, told.append)
    (tmp_path / "city.json").write_text('{"accounts": 1000, "seed": 1}', "utf-8")
    prepare(tmp_path, Wish(1_000, 1), TODAY, told.append)
    assert len(told) == 2


def test_a_city_left_without_views_gets_them_back(tmp_path: Path) -> None:
    city = prepare(tmp_path, Wish(1_000, 1), TODAY, lambda _: None)
    CsmsSwitch(city.database).set("down")
    prepare(tmp_path, Wish(1_000, 1), TODAY, lambda _: None)
    with closing(sqlite3.connect(city.database)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM wx_account").fetchone()
    assert count == 1_000
