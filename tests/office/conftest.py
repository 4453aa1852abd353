"""A city of 1,000 accounts on each database, built once for a module; each test takes accounts of
its own."""

from collections.abc import Iterator

import pytest

from sandbox.city import build
from sandbox.office.database import open_office
from tests.city.conftest import AS_OF

# Seen by pytest through this import.
from tests.databases import postgres_server, shared_database_url
from tests.office.town import KEY, Town

__all__ = ["postgres_server", "shared_database_url"]


@pytest.fixture(scope="module")
def town(shared_database_url: str) -> Iterator[Town]:
    build(shared_database_url, 1_000, 7, as_of=AS_OF, progress=False)
    engine = open_office(shared_database_url, KEY)
    yield Town(engine)
    engine.dispose()
