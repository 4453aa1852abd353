"""When the demo builds its city, and when it takes the one that is there."""

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


def test_a_city_left_without_views_gets_them_back(tmp_path: Path) -> None:
    city = prepare(tmp_path, Wish(1_000, 1), TODAY, lambda _: None)
    CsmsSwitch(city.database).set("down")
    prepare(tmp_path, Wish(1_000, 1), TODAY, lambda _: None)
    with closing(sqlite3.connect(city.database)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM wx_account").fetchone()
    assert count == 1_000
