"""Where the month's books lie: our own and the city's, in PostgreSQL when its programs are here."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.postgres import CannotStart, running_postgres


@dataclass(frozen=True, slots=True)
class Databases:
    records: str
    city: str

    @property
    def are_served(self) -> bool:
        """Whether there are connections that somebody could cut."""
        return make_url(self.records).get_backend_name() == "postgresql"


@contextmanager
def two_databases(folder: Path, *, served: bool) -> Iterator[Databases]:
    """SQLite in the folder when they shall not be served, or cannot be."""
    if not served:
        yield _files(folder)
        return
    server = running_postgres()
    try:
        url = server.__enter__()
    except CannotStart:
        yield _files(folder)
        return
    try:
        yield Databases(_new(url, "records"), _new(url, "city"))
    finally:
        server.__exit__(None, None, None)


def _files(folder: Path) -> Databases:
    own, city = (f"sqlite:///{folder / name}.sqlite3" for name in ("records", "city"))
    return Databases(own, city)


def _new(server_url: str, name: str) -> str:
    server, unique = make_url(server_url), f"{name}_{secrets.token_hex(4)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {unique}"))
    engine.dispose()
    return server.set(database=unique).render_as_string(hide_password=False)
