"""The exchange database when it hangs, breaks, vanishes or holds what it should not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from backends.csms.adapter import SqlCsms, open_csms
from backends.csms.desk import SqlCsmsDesk, open_csms_desk
from backends.errors import BackendUnavailable
from backends.ports import ProofFactor
from tests.contract.city import ACCOUNTS, BILLS, LIN, MOBILES
from tests.contract.exchange import publish
from tests.contract.exchange_schema import VIEWS, request_files, requests
from tests.contract.test_csms_desk import READING, rows

Open = Callable[..., SqlCsms]


@pytest.fixture
def exchange_url(database_url: str) -> str:
    publish(database_url, ACCOUNTS, BILLS, mobiles=MOBILES)
    return database_url


@pytest.fixture
def csms(exchange_url: str) -> Iterator[SqlCsms]:
    with closing(open_csms(exchange_url, pool_size=1, statement_timeout_s=0.4)) as adapter:
        yield adapter


@pytest.fixture
def desk(exchange_url: str) -> Iterator[SqlCsmsDesk]:
    with closing(open_csms_desk(exchange_url, pool_size=1, statement_timeout_s=0.4)) as opened:
        yield opened


@pytest.fixture
def lock_bills(exchange_url: str) -> Iterator[Callable[[], None]]:
    """Somebody else holds the bills and does not let go."""
    with holding(exchange_url, "cis_bill") as take:
        yield take


@pytest.fixture
def lock_requests(exchange_url: str) -> Iterator[Callable[[], None]]:
    with holding(exchange_url, "wx_request") as take:
        yield take


@contextmanager
def holding(exchange_url: str, table: str) -> Iterator[Callable[[], None]]:
    engine = create_engine(exchange_url)
    backend = engine.dialect.name
    if backend not in {"sqlite", "postgresql"}:
        pytest.skip(f"no way to lock a table on {backend} without waiting for its own time-out")
    lock = {
        "sqlite": "BEGIN EXCLUSIVE",
        "postgresql": f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    }[backend]
    with engine.connect() as connection:

        def take() -> None:
            connection.execute(text(lock))

        yield take
    engine.dispose()


def run(exchange_url: str, statement: str) -> None:
    engine = create_engine(exchange_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_database_that_hangs_costs_the_time_limit_and_no_more(
    csms: SqlCsms, lock_bills: Callable[[], None]
) -> None:
    csms.ping()
    lock_bills()
    started = time.monotonic()
    with pytest.raises(BackendUnavailable) as raised:
        csms.unpaid_bills([LIN])
    assert 0.3 < time.monotonic() - started < 3
    assert raised.value.system == "csms"
    assert raised.value.why in {"OperationalError", "QueryCanceled"}
    assert 0.3 < raised.value.after_s < 3


def test_an_error_tells_nothing_of_the_statement_or_its_data(
    csms: SqlCsms, lock_bills: Callable[[], None]
) -> None:
    lock_bills()
    with pytest.raises(BackendUnavailable) as raised:
        csms.prove(LIN, ProofFactor.OWNER_NAME, "林晓")
    error = raised.value
    assert LIN not in str(error)
    assert (error.__cause__, error.__context__) == (None, None)


def test_threads_that_wait_for_a_hanging_database_are_answered_in_time_too(
    csms: SqlCsms, lock_bills: Callable[[], None]
) -> None:
    lock_bills()
    reasons = list[str]()

    def ask() -> None:
        try:
            csms.unpaid_bills([LIN])
        except BackendUnavailable as error:
            reasons.append(error.why)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reasons) == 20
    assert "TimeoutError" in reasons
    assert time.monotonic() - started < 5


def test_a_pooled_connection_that_died_is_replaced_within_the_same_call(
    csms: SqlCsms, exchange_url: str
) -> None:
    if not exchange_url.startswith("postgresql"):
        pytest.skip("only a server has connections to kill")
    csms.ping()
    engine = create_engine(exchange_url)
    with engine.connect() as connection:
        killed = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    engine.dispose()
    assert killed == 1
    assert csms.accounts([LIN]) == (ACCOUNTS[0],)


@pytest.mark.parametrize("view", [definition.split()[2] for definition in VIEWS])
def test_a_missing_view_fails_the_ping(csms: SqlCsms, exchange_url: str, view: str) -> None:
    csms.ping()
    run(exchange_url, f"DROP VIEW {view}")
    with pytest.raises(BackendUnavailable, match="csms"):
        csms.ping()


@pytest.mark.parametrize("table", ["wx_request", "wx_request_file", "wx_event"])
def test_a_missing_table_fails_the_ping_of_the_desk_but_not_of_the_queries(
    csms: SqlCsms, desk: SqlCsmsDesk, exchange_url: str, table: str
) -> None:
    desk.ping()
    run(exchange_url, f"DROP TABLE {table}")
    with pytest.raises(BackendUnavailable, match="csms"):
        desk.ping()
    csms.ping()


def test_a_request_whose_photos_cannot_be_written_is_not_written_either(
    desk: SqlCsmsDesk, exchange_url: str
) -> None:
    run(exchange_url, "DROP TABLE wx_request_file")
    with pytest.raises(BackendUnavailable, match="csms") as raised:
        desk.hand_over(READING)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert READING.acct_no not in str(raised.value)
    engine = create_engine(exchange_url)
    assert rows(engine, requests) == []
    request_files.create(engine)
    desk.hand_over(READING)
    assert len(rows(engine, request_files)) == 2
    engine.dispose()


def test_a_desk_whose_tables_are_locked_costs_the_time_limit_and_no_more(
    desk: SqlCsmsDesk, lock_requests: Callable[[], None]
) -> None:
    lock_requests()
    started = time.monotonic()
    with pytest.raises(BackendUnavailable, match="csms"):
        desk.hand_over(READING)
    assert 0.3 < time.monotonic() - started < 3


def test_a_server_that_refuses_is_an_outage(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody:geheim@127.0.0.1:1/city"
    with (
        closing(open_csms(url, pool_size=1, statement_timeout_s=1)) as csms,
        pytest.raises(BackendUnavailable, match="csms") as raised,
    ):
        csms.ping()
    assert "geheim" not in str(raised.value)
