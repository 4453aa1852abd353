"""The demo's switches on real stores: the city's database and the embedded Redis."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from sandbox.children import free_port
from sandbox.csms_switch import CsmsSwitch
from sandbox.redis_switch import EmbeddedRedis
from sandbox.switches import SwitchFailed


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "city.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE account (no TEXT, owner TEXT);
            INSERT INTO account VALUES ('1000000001', '张三');
            CREATE VIEW wx_account AS SELECT no, owner FROM account;
            CREATE VIEW wx_owner AS SELECT owner FROM wx_account;
            CREATE TRIGGER add_account INSTEAD OF INSERT ON wx_account
            BEGIN INSERT INTO account VALUES (NEW.no, NEW.owner); END;
            """
        )
    return path


@pytest.fixture
def csms(database: Path) -> Iterator[CsmsSwitch]:
    switch = CsmsSwitch(database, lock_timeout_s=0.1)
    yield switch
    switch.close()


def owners(database: Path) -> list[str]:
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        return [owner for (owner,) in connection.execute("SELECT owner FROM wx_owner")]


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_hanging_city_keeps_every_reader_waiting(
    database: Path, csms: CsmsSwitch, journal: str
) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
    csms.set("hang")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        owners(database)
    csms.set("ok")
    assert owners(database) == ["张三"]


def test_a_city_that_is_down_has_no_views_and_gets_them_all_back(
    database: Path, csms: CsmsSwitch
) -> None:
    csms.set("down")
    csms.set("down")
    with pytest.raises(sqlite3.OperationalError, match="no such table: wx_owner"):
        owners(database)
    csms.set("ok")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO wx_account VALUES ('1000000002', '李四')")
        connection.commit()
    assert owners(database) == ["张三", "李四"]


def test_requests_and_events_go_away_with_the_views_and_come_back_with_their_rows(
    database: Path, csms: CsmsSwitch
) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            "CREATE TABLE wx_request (no TEXT); INSERT INTO wx_request VALUES ('W1');"
            "CREATE TABLE wx_event (id INTEGER);"
        )
    csms.set("down")
    csms.set("down")
    with closing(sqlite3.connect(database)) as connection:
        for statement in ("SELECT * FROM wx_request", "SELECT * FROM wx_event"):
            with pytest.raises(sqlite3.OperationalError, match="no such table"):
                connection.execute(statement)
    csms.set("hang")
    csms.set("ok")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT no FROM wx_request").fetchall() == [("W1",)]
        assert connection.execute("SELECT id FROM wx_event").fetchall() == []
    assert owners(database) == ["张三"]


def test_each_state_leads_to_each_other(database: Path, csms: CsmsSwitch) -> None:
    for state in ("down", "hang", "down", "ok", "hang", "hang", "ok"):
        csms.set(state)
    assert owners(database) == ["张三"]


def test_views_taken_away_by_a_demo_that_was_killed_come_back(
    database: Path, csms: CsmsSwitch
) -> None:
    csms.set("down")
    CsmsSwitch(database).restore()
    assert owners(database) == ["张三"]


def test_a_switch_that_cannot_be_thrown_says_what_to_do(database: Path, csms: CsmsSwitch) -> None:
    with closing(sqlite3.connect(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM account").fetchone()
        reader.execute("SELECT * FROM account")
        with pytest.raises(SwitchFailed, match="try again"):
            csms.set("hang")


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(free_port(), tmp_path, os.environ, tmp_path / "redis.log")
    server.start()
    yield server
    server.stop()


def test_the_embedded_redis_comes_back_with_its_data_on_the_same_port(
    embedded: EmbeddedRedis,
) -> None:
    with redis.Redis.from_url(embedded.url) as client:
        client.set("citizen", "1")
        embedded.set("down")
        with pytest.raises(redis.ConnectionError):
            client.get("citizen")
        embedded.set("ok")
        assert client.get("citizen") == b"1"


def test_a_slow_redis_answers_late_but_answers(embedded: EmbeddedRedis) -> None:
    with redis.Redis.from_url(embedded.url) as client:
        client.set("citizen", "1")
        embedded.set("slow")
        slowest = 0.0
        deadline = time.monotonic() + 10
        while slowest < 0.2 and time.monotonic() < deadline:
            slowest = max(slowest, seconds_to_read(client))
        assert slowest >= 0.2
        embedded.set("ok")
        assert min(seconds_to_read(client) for _ in range(5)) < 0.2


def seconds_to_read(client: "redis.Redis") -> float:
    before = time.monotonic()
    assert client.get("citizen") == b"1"
    return time.monotonic() - before
