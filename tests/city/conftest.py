"""A city of 2,000 accounts, built once; it is only read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine

from sandbox.city import CitySummary, build

# Seen by pytest through this import.
from tests.databases import postgres_server, shared_database_url

__all__ = ["postgres_server", "shared_database_url"]

AS_OF = date(2026, 11, 22)
ACCOUNTS = 2_000
SEED = 7


@pytest.fixture(scope="session")
def city_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('city') / 'csms.sqlite3'}"


@pytest.fixture(scope="session")
def summary(city_url: str) -> CitySummary:
    return build(city_url, ACCOUNTS, SEED, as_of=AS_OF, progress=False)


@pytest.fixture(scope="session")
def city_engine(city_url: str, summary: CitySummary) -> Iterator[Engine]:
    engine = create_engine(city_url)
    yield engine
    engine.dispose()


@pytest.fixture
def city(city_engine: Engine) -> Iterator[Connection]:
    with city_engine.connect() as connection:
        yield connection


@pytest.fixture
def fresh_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"


@pytest.fixture(scope="module")
def built_url(shared_database_url: str) -> str:
    build(shared_database_url, ACCOUNTS, SEED, as_of=AS_OF, progress=False)
    return shared_database_url


@pytest.fixture
def anywhere(built_url: str) -> Iterator[Connection]:
    engine = create_engine(built_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
