"""Engine construction: a database URL goes in, a SQLAlchemy engine with time limits comes out.

Called by `backends.csms` (somebody else's database: opened so that reading never writes, and for
its request tables so that nothing is made anew) and by `backends.records` (our own). URL forms:
docs/contracts/csms.md.
"""

import math
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from backends import sql_server

RECYCLE_S = 1500
"""Firewalls between 内网 and 外网 drop connections that were idle for half an hour."""


class DatabaseUrlError(ValueError):
    """The setting cannot work; the message names the remedy and never the URL (it holds a
    password)."""


class DriverMissing(ImportError):
    pass


def open_engine(
    url: str,
    *,
    pool_size: int,
    statement_timeout_s: float,
    owned: bool = False,
    existing: bool = False,
) -> Engine:
    """`owned`: the database is ours to write; `existing`: but not to make, which SQLite would do.
    Nothing connects before the first statement. At most `pool_size` connections exist; a thread
    waits `statement_timeout_s` for its turn."""
    target = _parse(url)
    options = _pool(pool_size, statement_timeout_s)
    if not owned:
        options["isolation_level"] = "AUTOCOMMIT"
    match target.get_backend_name():
        case "sqlite":
            options["connect_args"] = {"timeout": statement_timeout_s, "check_same_thread": False}
            return _open_sqlite(target, options, owned=owned, existing=existing or not owned)
        case "postgresql":
            options["connect_args"] = _postgres_arguments(target, statement_timeout_s)
            return _create(target, options)
        case "mssql":
            return _open_sql_server(target, options, statement_timeout_s)
    raise DatabaseUrlError(
        f"no support for {target.get_backend_name()} databases: use sqlite, postgresql or mssql"
    )


def _pool(pool_size: int, statement_timeout_s: float) -> dict[str, Any]:
    return {
        "poolclass": QueuePool,
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": statement_timeout_s,
        "pool_recycle": RECYCLE_S,
        "pool_use_lifo": True,
        "hide_parameters": True,
        "skip_autocommit_rollback": True,
    }


def begin_writing(connection: Connection) -> None:
    """SQLite takes its write lock late and then refuses instead of waiting; so take it first."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def sqlite_path(url: str) -> Path | None:
    target = _parse(url)
    return Path(target.database or "") if target.get_backend_name() == "sqlite" else None


def _parse(url: str) -> URL:
    with suppress(ArgumentError):
        return make_url(url)
    raise DatabaseUrlError("not a database URL: expected e.g. sqlite:///data/waterdesk.sqlite3")


def _open_sqlite(url: URL, options: dict[str, Any], *, owned: bool, existing: bool) -> Engine:
    path = url.database
    if not path or path == ":memory:" or path.startswith("file:"):
        raise DatabaseUrlError("SQLite needs a file of its own: sqlite:///path/to/file.sqlite3")
    if existing:
        located = f"file:{quote(str(Path(path).absolute()))}"
        url = url.set(database=located, query={"mode": "rw" if owned else "ro", "uri": "true"})
    engine = _create(url, options)
    if owned:
        event.listen(engine, "connect", _set_up_own_sqlite)
    if existing:
        _notice_replaced_file(engine, path)
    return engine


def _notice_replaced_file(engine: Engine, path: str) -> None:
    """A fresh copy is moved over the old one; pooled connections would go on reading the old."""

    @event.listens_for(engine, "connect")
    def remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def compare(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _set_up_own_sqlite(connection: Any, _record: object) -> None:
    """FULL: what was answered to a citizen must outlive a power cut. (Write-ahead logging is a
    property of the file, which `backends.records.schema` sets.)"""
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _postgres_arguments(url: URL, statement_timeout_s: float) -> dict[str, Any]:
    """A dead server is noticed by TCP; one that thinks too long stops itself. Each statement is
    planned for its values: a plan kept from when a table was small, or made for a state that few
    rows are in, would read far too much."""
    limit = f"-c statement_timeout={math.ceil(statement_timeout_s * 1000)}"
    limit += " -c plan_cache_mode=force_custom_plan"
    given = url.query.get("options", "")
    wanted = {
        "connect_timeout": max(2, math.ceil(statement_timeout_s)),
        "tcp_user_timeout": math.ceil(statement_timeout_s * 2000),
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "waterdesk",
    }
    mine = {name: value for name, value in wanted.items() if name not in url.query}
    return mine | {"options": f"{limit} {given if isinstance(given, str) else ' '.join(given)}"}


def _open_sql_server(url: URL, options: dict[str, Any], statement_timeout_s: float) -> Engine:
    limit_s = sql_server.whole_seconds(statement_timeout_s)
    options["connect_args"] = {"timeout": limit_s}
    engine = _create(sql_server.port_as_freetds_reads_it(url), options)
    sql_server.set_up(engine, limit_s)
    return engine


def _create(url: URL, options: dict[str, Any]) -> Engine:
    try:
        return create_engine(url, **options)
    except NoSuchModuleError as error:
        raise DatabaseUrlError(f"no such database driver: {url.drivername}") from error
    except ImportError as error:
        raise DriverMissing(_remedy(url)) from error


def _remedy(url: URL) -> str:
    if url.get_backend_name() == "mssql":
        return "SQL Server needs pyodbc, unixODBC and a driver: apt install unixodbc tdsodbc"
    return f"the database driver {url.drivername} is not installed: pip install -e ."
