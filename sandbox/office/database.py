"""The office's own way into the city's database."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

_LOCK_WAIT_S = 2.0


def open_office(url: str) -> Engine:
    """Nothing connects yet. SQLite: each piece of work opens the file anew, for a city that is
    built again is another file, and waits only briefly for a lock."""
    if make_url(url).get_backend_name() == "sqlite":
        return create_engine(url, poolclass=NullPool, connect_args={"timeout": _LOCK_WAIT_S})
    return create_engine(url, pool_pre_ping=True)
