"""Builds the synthetic city: a database URL, a size and a seed in, a finished CSMS stand-in out.

Called by the command line and by tests. Nothing is held in memory but one chunk of accounts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CreateTable

from sandbox.city.chunk import Numbering, write_chunk
from sandbox.city.draw import City
from sandbox.city.errors import BadRequest, NotACity
from sandbox.city.ground import write_ground
from sandbox.city.numbers import MAX_ACCOUNTS
from sandbox.city.places import draw_neighbourhoods
from sandbox.city.plan import draw_plan
from sandbox.city.presets import city_tariffs, price_change
from sandbox.city.progress import Advance, shown
from sandbox.city.schema import INDEXES, metadata
from sandbox.city.schema.views import VIEWS
from sandbox.city.server_database import server_target
from sandbox.city.sink import Sink
from sandbox.city.sqlite_file import sqlite_target
from sandbox.city.summary import CitySummary, store, summarise

MIN_ACCOUNTS = 1_000


def build(url: str, accounts: int, seed: int, *, as_of: date, progress: bool = True) -> CitySummary:
    """Writes the city and answers what is in it. An earlier city at the URL is replaced."""
    _check(accounts, seed, as_of)
    with shown(accounts, show=progress) as advance, _target(url) as (connection, sink):
        return fill(connection, sink, accounts, seed, as_of, advance)


def fill(
    connection: Connection, sink: Sink, accounts: int, seed: int, as_of: date, advance: Advance
) -> CitySummary:
    """Into an empty database; the caller commits."""
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
    _write_city(sink, accounts, seed, as_of, advance)
    for index in INDEXES:
        advance(f"index {index.name}", accounts)
        index.create(connection)
    for view in VIEWS.values():
        connection.execute(text(view))
    advance("counting", accounts)
    summary = summarise(connection, seed, as_of.isoformat())
    store(connection, summary)
    return summary


def _check(accounts: int, seed: int, as_of: date) -> None:
    if not MIN_ACCOUNTS <= accounts <= MAX_ACCOUNTS:
        raise BadRequest(
            f"a city has {MIN_ACCOUNTS:,} to {MAX_ACCOUNTS:,} accounts, not {accounts:,}: "
            "give --accounts within these bounds"
        )
    if seed < 0:
        raise BadRequest(f"the seed is a number from 0 up, not {seed}: give another --seed")
    if not date(2000, 1, 1) <= as_of <= date(2060, 1, 1):
        raise BadRequest(f"the city knows days of 2000 to 2060, not {as_of}: give another --as-of")


@contextmanager
def _target(url: str) -> Iterator[tuple[Connection, Sink]]:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadRequest("not a database URL: give --url sqlite:///path/to/csms.sqlite3") from None
    if address.get_backend_name() != "sqlite":
        with server_target(address) as target:
            yield target
        return
    if not address.database or address.database == ":memory:":
        raise BadRequest("a city needs a file: give --url sqlite:///path/to/csms.sqlite3")
    path = Path(address.database)
    _refuse_foreign_file(path)
    with sqlite_target(path) as target:
        yield target


def _refuse_foreign_file(path: Path) -> None:
    if not path.exists() or path.stat().st_size == 0:
        return
    engine = create_engine(f"sqlite:///{path}")
    try:
        tables = inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if tables and "city_info" not in tables:
        raise NotACity(sorted(tables))


def _write_city(sink: Sink, accounts: int, seed: int, as_of: date, advance: Advance) -> None:
    change = price_change(as_of)
    plan = draw_plan(accounts, seed, as_of, change)
    city = City(plan, city_tariffs(change), draw_neighbourhoods(plan))
    write_ground(sink, plan, city.hoods, city.tariffs)
    ids = Numbering()
    for number, (_, stop) in enumerate(plan.chunk_routes):
        write_chunk(sink, city, ids, number)
        done = int(plan.routes.start[stop]) if stop < len(plan.routes.start) else accounts
        advance("accounts", done)
