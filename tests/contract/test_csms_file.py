"""An exchange database in a SQLite file that belongs to somebody else."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from backends.csms.adapter import open_csms
from backends.csms.desk import open_csms_desk
from backends.errors import BackendUnavailable
from tests.contract.city import ACCOUNTS, BILLS, LIN, MOBILES
from tests.contract.exchange import publish
from tests.contract.test_csms_desk import READING


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wx_bill SET amount = NULL",
        "UPDATE wx_bill SET due_date = '2026-13-40'",
        "UPDATE wx_bill SET amount = 'eighty'",
    ],
)
def test_rows_that_break_the_contract_are_an_outage_and_not_a_crash(
    tmp_path: Path, change: str
) -> None:
    """SQLite would store anything in any column; elsewhere a view may do as bad."""
    url = f"sqlite:///{tmp_path / 'exchange.sqlite3'}"
    publish(url, ACCOUNTS, BILLS, mobiles=MOBILES)
    with closing(sqlite3.connect(tmp_path / "exchange.sqlite3")) as writer:
        writer.execute("CREATE TABLE kept AS SELECT * FROM wx_bill")
        writer.execute("DROP VIEW wx_bill")
        writer.execute("ALTER TABLE kept RENAME TO wx_bill")
        writer.execute(change)
        writer.commit()
    with (
        closing(open_csms(url, pool_size=1, statement_timeout_s=1)) as csms,
        pytest.raises(BackendUnavailable, match=r"csms: .*(ValueError|TypeError)"),
    ):
        csms.unpaid_bills([LIN])


def test_a_missing_file_is_an_outage_and_is_not_created(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'exchange.sqlite3'}"
    with (
        closing(open_csms(url, pool_size=1, statement_timeout_s=1)) as csms,
        pytest.raises(BackendUnavailable),
    ):
        csms.ping()
    assert list(tmp_path.iterdir()) == []


def test_reading_a_file_never_writes_to_it_nor_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a#b?c%20 前置库.sqlite3"
    url = make_url("sqlite://").set(database=str(path)).render_as_string()
    publish(url, ACCOUNTS, BILLS, mobiles=MOBILES)
    before = path.read_bytes()
    with closing(open_csms(url, pool_size=2, statement_timeout_s=1)) as csms:
        assert len(csms.unpaid_bills([LIN])) == 4
        assert list(tmp_path.iterdir()) == [path]
        with (
            csms._database.engine.connect() as connection,
            pytest.raises(OperationalError, match="readonly"),
        ):
            connection.execute(text("DELETE FROM cis_bill"))
    assert path.read_bytes() == before


def test_a_file_that_is_being_written_in_wal_mode_is_read_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "exchange.sqlite3"
    publish(f"sqlite:///{path}", ACCOUNTS, BILLS, mobiles=MOBILES)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(open_csms(f"sqlite:///{path}", pool_size=1, statement_timeout_s=1)) as csms,
    ):
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE cis_bill SET paid_amount = amount")
        assert len(csms.unpaid_bills([LIN])) == 4
        writer.execute("COMMIT")
        assert len(csms.unpaid_bills([LIN])) == 2


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path, fresh = tmp_path / "exchange.sqlite3", tmp_path / "fresh.sqlite3"
    publish(f"sqlite:///{path}", ACCOUNTS, BILLS, mobiles=MOBILES)
    publish(f"sqlite:///{fresh}", ACCOUNTS[1:], BILLS[5:], mobiles={})
    with closing(open_csms(f"sqlite:///{path}", pool_size=2, statement_timeout_s=1)) as csms:
        assert len(csms.accounts([LIN])) == 1
        fresh.rename(path)
        assert csms.accounts([LIN]) == ()
        path.unlink()
        with pytest.raises(BackendUnavailable):
            csms.accounts([LIN])


def test_a_desk_never_makes_the_file_that_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'exchange.sqlite3'}"
    with closing(open_csms_desk(url, pool_size=1, statement_timeout_s=1)) as desk:
        for call in (desk.ping, lambda: desk.hand_over(READING), lambda: desk.events(0, 10)):
            with pytest.raises(BackendUnavailable):
                call()
    assert list(tmp_path.iterdir()) == []


def test_a_desk_writes_into_the_file_that_is_there_now(tmp_path: Path) -> None:
    """A request in a file that was replaced meanwhile would be lost."""
    path, fresh = tmp_path / "exchange.sqlite3", tmp_path / "fresh.sqlite3"
    for made in (path, fresh):
        publish(f"sqlite:///{made}", ACCOUNTS, BILLS, mobiles=MOBILES)
    with closing(open_csms_desk(f"sqlite:///{path}", pool_size=2, statement_timeout_s=1)) as desk:
        desk.hand_over(READING)
        fresh.rename(path)
        desk.hand_over(READING)
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT COUNT(*) FROM wx_request").fetchone() == (1,)


def test_a_desk_and_the_queries_use_one_file_side_by_side(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'exchange.sqlite3'}"
    publish(url, ACCOUNTS, BILLS, mobiles=MOBILES)
    with (
        closing(open_csms(url, pool_size=1, statement_timeout_s=1)) as csms,
        closing(open_csms_desk(url, pool_size=1, statement_timeout_s=1)) as desk,
    ):
        for number in range(20):
            desk.hand_over(replace(READING, number=f"W{number:013}"))
            assert csms.accounts([LIN]) == (ACCOUNTS[0],)
