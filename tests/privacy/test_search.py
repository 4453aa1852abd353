"""The judge can fail: whatever is planted, wherever, is found."""

import base64
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
import redis

from tests.privacy import places
from tests.privacy.search import PASSWORD_DIGITS, Finding, Place, search
from tests.privacy.values import PAPERS, VALUES

ID_NO, MOBILE, NAME = VALUES["her ID number"], VALUES["her new mobile"], VALUES["her name"]
PASSWORD, EMAIL = VALUES["her password"], VALUES["her e-mail"]

WAYS: dict[str, Callable[[str], str | bytes]] = {
    "as it is": str,
    "upper": str.upper,
    "lower": str.lower,
    "in a sentence": lambda value: f"号码是{value}，请查收",
    "with +86": lambda value: f"+86{value}",
    "in JSON": lambda value: json.dumps({"text": f"“{value}”"}),
    "in a link": lambda value: quote(f"改成 {value}"),
    "as UTF-16": lambda value: f"a{value}b".encode("utf-16"),
    "as big-endian UTF-16": lambda value: value.encode("utf-16-be"),
    "reversed": lambda value: value[::-1],
    "as hex": lambda value: value.encode().hex().upper(),
    "in base64 of a link": lambda value: base64.urlsafe_b64encode(f'{{"a":"{value}"}}'.encode()),
}


def _in_base64(before: str) -> Callable[[str], bytes]:
    return lambda value: base64.b64encode(f'{before}{value}" }}'.encode())


WAYS |= {f"in base64 behind {before}": _in_base64(before) for before in ("", "{", "{'", '{"n":"')}


def found(planted: str | bytes) -> set[str]:
    data = planted if isinstance(planted, bytes) else planted.encode()
    around = b"..." + b"7f" * 40 + b" \n" + data + b"\n " + b"00" * 40
    return {one.what for one in search([Place("here", around)], VALUES, {})}


@pytest.mark.parametrize("way", WAYS)
def test_every_value_is_found_however_it_is_written(way: str) -> None:
    long = {what: value for what, value in VALUES.items() if len(value) != PASSWORD_DIGITS}
    assert [what for what, value in long.items() if what not in found(WAYS[way](value))] == []


@pytest.mark.parametrize(
    "written",
    [
        "110105 19491231 002x",
        "110105-1949-1231-002X",
        "1101 0519 4912 3100 2X",
        base64.b64encode(b"110105 19491231 002X").decode(),
        base64.b64encode(b"11010519491231002x").decode(),
    ],
)
def test_an_id_number_is_found_in_any_grouping(written: str) -> None:
    assert "her ID number" in found(written)


@pytest.mark.parametrize("written", ["{0}", "'{0}'", "密码{0}。", "135 792", '{{"first": "{0}"}}'])
def test_a_password_is_found_by_itself(written: str) -> None:
    assert found(written.format(PASSWORD)) == {"her password"}
    assert "her password" in found(base64.b64encode(PASSWORD.encode()))


@pytest.mark.parametrize("chance", [f"12:00:01.{PASSWORD}", f"a{PASSWORD}f", f"0{PASSWORD}"])
def test_its_digits_within_others_are_chance(chance: str) -> None:
    assert found(chance) == set()


@pytest.mark.parametrize("masked", ["赵*", "138****5678", "z***@example.com", "*" * 14 + "002X"])
def test_what_is_masked_is_not_found(masked: str) -> None:
    assert found(masked) == set()


def test_a_picture_is_found_whole_in_part_or_in_base64_and_so_is_its_position() -> None:
    picture = PAPERS["her ID card, front"]
    third = len(picture) // 3
    for written in (picture, picture[third:], base64.b64encode(b"{" + picture)):
        assert "her ID card, front" in _whats(written)
    assert {"a JPEG", "EXIF", "the mobile in EXIF"} <= _whats(picture)
    assert _whats(bytes(range(256)) * 1000) == set()


def test_what_is_planted_in_any_place_is_found_there(tmp_path: Path, redis_url: str) -> None:
    file = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.executescript("PRAGMA journal_mode = WAL; CREATE TABLE note (a TEXT, b BLOB)")
        database.execute("INSERT INTO note VALUES (?, ?)", (NAME, EMAIL.encode()))
        database.commit()
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / f"{MOBILE}.photo").write_bytes(b"sealed")
        assert _where(places.rows(f"sqlite:///{file}")) == {"row note.a", "row note.b"}
        in_files = _where(places.files(tmp_path))
    assert {f"file media/{MOBILE}.photo", "file own.sqlite3-wal"} <= in_files
    for kept in (_in_string, _in_hash, _in_list, _in_key, _in_zset, _in_set):
        with closing(redis.Redis.from_url(redis_url)) as client:
            key = kept(client)
            assert f"redis {key}" in _where(places.in_redis(redis_url))
            client.delete(key)
    bubbles = [{"who": "account", "text": f'<a href="x{ID_NO}">1</a>'}, {"who": "citizen"}]
    assert _where([places.said("her", bubbles)]) == {"told her"}
    assert _where([places.said("her", [{"who": "citizen", "text": ID_NO}])]) == set()


def test_a_finding_does_not_quote_the_value() -> None:
    (one, *_) = search([Place("here", ID_NO.encode())], VALUES, {})
    assert isinstance(one, Finding)
    assert ID_NO not in str(one)


def _where(looked_at: Iterable[Place]) -> set[str]:
    return {one.place for one in search(looked_at, VALUES, {})}


def _whats(written: bytes) -> set[str]:
    return {one.what for one in search([Place("here", written)], VALUES, PAPERS)}


def _in_string(client: redis.Redis) -> str:
    client.set("wd:planted:a", f"text {MOBILE}")
    return "wd:planted:a"


def _in_hash(client: redis.Redis) -> str:
    client.hset("wd:planted:b", "field", json.dumps({"private": NAME}))
    return "wd:planted:b"


def _in_list(client: redis.Redis) -> str:
    client.rpush("wd:planted:c", "one", ID_NO.lower())
    return "wd:planted:c"


def _in_key(client: redis.Redis) -> str:
    client.set(f"wd:planted:{EMAIL}", "1")
    return f"wd:planted:{EMAIL}"


def _in_zset(client: redis.Redis) -> str:
    client.zadd("wd:planted:z", {ID_NO: 1})
    return "wd:planted:z"


def _in_set(client: redis.Redis) -> str:
    client.sadd("wd:planted:s", NAME)
    return "wd:planted:s"
