"""The databases that contract tests run on: `database_url` gives each test a clean one.

SQLite always; PostgreSQL from a server that the session starts when its programs are installed;
and every URL in WATERDESK_TEST_DATABASE_URLS (space separated).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, make_url, text
from sqlalchemy.engine import URL

from backends.records.schema import upgrade
from backends.records.tables import metadata
from tests.postgres import CannotStart, running_postgres

GIVEN = os.environ.get("WATERDESK_TEST_DATABASE_URLS", "").split()
KINDS = ["sqlite", "postgresql", *GIVEN]


def _name(param: str) -> str:
    """Test ids must not show a given URL: it may hold a password."""
    if "://" not in param:
        return param
    return f"given-{GIVEN.index(param)}-{make_url(param).get_backend_name()}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    try:
        with running_postgres() as url:
            yield url
    except CannotStart as reason:
        pytest.skip(f"no PostgreSQL to test with: {reason}")


@pytest.fixture(params=KINDS, ids=_name)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with _clean(request, tmp_path) as url:
        yield url


@pytest.fixture(params=KINDS, ids=_name, scope="module")
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """For modules whose tests only read; never beside `database_url` in one module."""
    with _clean(request, tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture(scope="module")
def shared_records_url(shared_database_url: str) -> str:
    upgrade(shared_database_url)
    return shared_database_url


@pytest.fixture
def upgraded_url(shared_records_url: str) -> Iterator[str]:
    """The platform's own schema, without rows; made once a module, for that takes a while."""
    yield shared_records_url
    engine = create_engine(shared_records_url)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


@contextmanager
def _clean(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    given: str = request.param
    if given == "sqlite":
        yield f"sqlite:///{folder / 'test.sqlite3'}"
        return
    if given == "postgresql":
        given = request.getfixturevalue("postgres_server")
    url = make_url(given)
    clean = _own_database if url.get_backend_name() == "postgresql" else _emptied
    with clean(url) as usable:
        yield usable


@contextmanager
def _own_database(server: URL) -> Iterator[str]:
    name = f"waterdesk_test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def _emptied(database: URL) -> Iterator[str]:
    """Elsewhere, making databases takes rights and time; so the one given is used and emptied."""
    _drop_everything(database)
    yield database.render_as_string(hide_password=False)
    _drop_everything(database)


def _drop_everything(database: URL) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        views, tables = MetaData(), MetaData()
        views.reflect(connection, views=True)
        tables.reflect(connection)
        for name in views.tables.keys() - tables.tables.keys():
            connection.execute(text(f"DROP VIEW {name}"))
        tables.drop_all(connection)
    engine.dispose()
