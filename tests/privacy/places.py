"""Everything that a run leaves behind, as bytes with a name: rows, files, Redis."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import create_engine, inspect, text

from tests.privacy.search import Place

_KEY = object()
_WHOLE: dict[bytes, tuple[object, ...]] = {
    b"string": ("GET", _KEY),
    b"hash": ("HGETALL", _KEY),
    b"list": ("LRANGE", _KEY, 0, -1),
    b"zset": ("ZRANGE", _KEY, 0, -1),
    b"set": ("SMEMBERS", _KEY),
}


def rows(url: str, tables: Iterable[str] | None = None) -> Iterator[Place]:
    """Each table's columns, each with all that stands in it. None: every table there is."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            for table in tables or inspect(connection).get_table_names():
                found = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
                names, whole = list(found.keys()), found.all()
                for place, name in enumerate(names):
                    column = b"\n".join(_bytes(row[place]) for row in whole)
                    yield Place(f"row {table}.{name}", column)
    finally:
        engine.dispose()


def files(folder: Path, without: Iterable[str] = ()) -> Iterator[Place]:
    """Below `folder`, their names too; but for those whose names begin like one of `without`."""
    left_out = tuple(without)
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(left_out):
            yield Place(f"file {name}", name.encode() + b"\n" + path.read_bytes())


def in_redis(url: str) -> Iterator[Place]:
    """Each key with all that it holds, of whatever kind. One that ends meanwhile is in the journal:
    WeChat tells by itself what became of cards."""
    client = redis.Redis.from_url(url)
    try:
        for key in sorted(client.scan_iter()):
            held = _held(client, key)
            yield Place(f"redis {key.decode(errors='replace')}", key + b"\n" + held)
    finally:
        client.close()


def said(whose: str, bubbles: Iterable[Any]) -> Place:
    """What the account has told a citizen, replies and customer-service messages, links and all."""
    told = [bubble for bubble in bubbles if bubble["who"] != "citizen"]
    return Place(f"told {whose}", json.dumps(told, ensure_ascii=False).encode())


def _held(client: "redis.Redis", key: bytes) -> bytes:
    kind = client.type(key)
    if kind == b"none":
        return b""
    if kind not in _WHOLE:
        raise AssertionError(f"{key!r} is a {kind!r}: nobody has said how to look into it")
    found: Any = client.execute_command(  # type: ignore[no-untyped-call]
        *(key if part is _KEY else part for part in _WHOLE[kind])
    )
    if isinstance(found, dict):
        found = [part for pair in found.items() for part in pair]
    return b"\n".join(found) if isinstance(found, list | set) else bytes(found or b"")


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
