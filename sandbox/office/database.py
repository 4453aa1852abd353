"""The office's own way into the city's database."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from sandbox.office.private import KEY_OPTION

_LOCK_WAIT_S = 2.0


def open_office(url: str, key: str = "") -> Engine:
    """Nothing connects yet. `key`: shared with the server, for private values. SQLite: each piece
    of work opens the file anew, for a city that is built again is another file, and waits only
    briefly for a lock."""
    options = {KEY_OPTION: key}
    if make_url(url).get_backend_name() == "sqlite":
        wait = {"timeout": _LOCK_WAIT_S}
        return create_engine(url, poolclass=NullPool, connect_args=wait, execution_options=options)
    return create_engine(url, pool_pre_ping=True, execution_options=options)
