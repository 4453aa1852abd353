"""Engines are opened with limits, for known databases only, and errors name the remedy."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from backends.database import MAX_WRITE_REPEATS, Database, open_database
from backends.errors import BackendUnavailable
from backends.sql import (
    DatabaseUrlError,
    DriverMissing,
    open_engine,
)
from backends.sql_server import (
    let_driver_size_long_strings,
    notice_dead_connection,
    port_as_freetds_reads_it,
)


@pytest.mark.parametrize(
    "url",
    ["", "no url", "mysql://u:geheim@h/db", "sqlite://", "sqlite:///:memory:", "mssql+x://h/d"],
)
def test_a_url_that_cannot_work_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as raised:
        open_engine(url, pool_size=1, statement_timeout_s=1)
    assert "geheim" not in str(raised.value)


def test_a_missing_sql_server_driver_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with pytest.raises(DriverMissing, match="apt install unixodbc tdsodbc"):
        open_engine("mssql+pyodbc://u:p@h/db?driver=FreeTDS", pool_size=1, statement_timeout_s=1)


def test_postgresql_is_told_the_time_limit_beside_the_url_s_own_options() -> None:
    engine = open_engine(
        "postgresql+psycopg://u@h/db?options=-csearch_path%3Dcity&connect_timeout=9",
        pool_size=1,
        statement_timeout_s=2.5,
    )
    arguments = engine.dialect.create_connect_args(engine.url)[1]
    taken: dict[str, object] = {}

    def connect(*_: object, **given: object) -> None:
        taken.update(given)
        raise engine.dialect.loaded_dbapi.OperationalError("not today")

    engine.dialect.connect = connect  # type: ignore[method-assign,assignment]
    with pytest.raises(OperationalError):
        engine.connect()
    assert (
        taken["options"]
        == "-c statement_timeout=2500 -c plan_cache_mode=force_custom_plan -csearch_path=city"
    )
    assert str(taken["connect_timeout"]) == str(arguments["connect_timeout"]) == "9"


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        (
            "mssql+pyodbc://u:p@h:1433/db?driver=FreeTDS",
            "mssql+pyodbc://u:***@h/db?driver=FreeTDS&port=1433",
        ),
        (
            "mssql+pyodbc://u:p@h:1433/db?driver=ODBC+Driver+18+for+SQL+Server",
            "mssql+pyodbc://u:***@h:1433/db?driver=ODBC+Driver+18+for+SQL+Server",
        ),
    ],
)
def test_freetds_is_given_the_port_apart_from_the_host(url: str, read_as: str) -> None:
    assert str(port_as_freetds_reads_it(make_url(url))) == read_as


def test_long_strings_go_to_freetds_without_a_declared_size() -> None:
    sizes: dict[object, object] = {"name": (-9, 0, 0), "acct_no": 12, "count": None}
    let_driver_size_long_strings(sizes, "cursor", "SELECT 1", (), None)
    assert sizes == {"name": None, "acct_no": 12, "count": None}


@pytest.mark.parametrize(
    ("message", "dead"),
    [
        ("('HY000', '[HY000] [FreeTDS][SQL Server]Unknown error (20047) (SQLExecDirectW)')", True),
        ("('08S01', '[08S01] [FreeTDS]Write to the server failed (20006)')", True),
        ("('23000', '[23000] Violation of UNIQUE KEY constraint. (2627)')", False),
        ("('42S02', '[42S02] Invalid object name wx_bill. (208)')", False),
    ],
)
def test_a_dead_freetds_connection_is_known_by_its_number(message: str, dead: bool) -> None:
    context = SimpleNamespace(original_exception=Exception(message), is_disconnect=False)
    notice_dead_connection(cast("ExceptionContext", context))
    assert context.is_disconnect is dead


@pytest.fixture
def database(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    return open_database("records", url, pool_size=1, statement_timeout_s=1, owned=True)


def test_our_own_sqlite_file_checks_references_and_outlives_power_cuts(database: Database) -> None:
    def settings(connection: Connection) -> list[object]:
        names = ("foreign_keys", "synchronous", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert database.read(settings) == [1, 2, 1000]
    database.close()


def broken(tries: list[int], error: Exception) -> object:
    tries.append(1)
    raise error


@pytest.mark.parametrize(("gone", "tried"), [(True, 2), (False, 1)])
def test_a_read_is_repeated_once_and_only_for_a_dead_connection(
    database: Database, gone: bool, tried: int
) -> None:
    error = OperationalError("SELECT", {}, Exception("dead"), connection_invalidated=gone)
    tries = list[int]()
    with pytest.raises(BackendUnavailable) as raised:
        database.read(lambda _: broken(tries, error))
    assert len(tries) == tried
    assert raised.value.sent is False
    database.close()


def test_a_write_whose_connection_broke_may_have_been_carried_out(database: Database) -> None:
    error = OperationalError("INSERT", {}, Exception("dead"), connection_invalidated=True)
    with pytest.raises(BackendUnavailable) as raised:
        database.write(lambda _: broken([], error))
    assert raised.value.sent is True
    database.close()


def test_a_write_that_collides_is_repeated_but_not_for_ever(database: Database) -> None:
    tries = list[int]()
    with pytest.raises(BackendUnavailable, match="records"):
        database.write(lambda _: broken(tries, IntegrityError("INSERT", {}, Exception("twice"))))
    assert len(tries) == MAX_WRITE_REPEATS + 1
    database.close()


def test_a_dead_connection_found_after_a_long_wait_is_not_tried_again(
    database: Database,
) -> None:
    clock = iter([0.0, 0.9, 1.8])
    slow = Database("csms", database.engine, database.reading, 1.0, lambda: next(clock))
    error = OperationalError("SELECT", {}, Exception("dead"), connection_invalidated=True)
    tries = list[int]()
    with pytest.raises(BackendUnavailable) as raised:
        slow.read(lambda _: broken(tries, error))
    assert (len(tries), raised.value.after_s) == (1, 0.9)
    database.close()


def test_a_bug_in_a_write_is_not_taken_for_an_outage(database: Database) -> None:
    with pytest.raises(TypeError):
        database.write(lambda connection: connection.execute(text("SELECT 1")) + 1)  # type: ignore[operator]
    database.close()
