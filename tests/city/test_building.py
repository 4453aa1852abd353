import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from sandbox.city import CityError, CitySummary, Example, build, building, examples
from sandbox.city.__main__ import app
from sandbox.city.errors import BadRequest, NotACity
from sandbox.city.server_database import InsertSink, clear
from tests.city.conftest import AS_OF, SEED
from tests.city.reading import digest


def test_examples_are_kept_in_the_database(city_url: str, summary: CitySummary) -> None:
    assert examples(city_url) == summary.examples


def test_examples_show_what_their_situation_says(summary: CitySummary) -> None:
    for example in summary.examples["nothing_owed"]:
        assert example.bills_owed == 0
        assert example.owed == 0
    for example in summary.examples["one_bill_owed"]:
        assert example.bills_owed == 1
        assert example.owed == example.last_bill_amount
    for example in summary.examples["many_owed"]:
        assert example.bills_owed >= 15
    assert all(one.owner_name is None for one in summary.examples["no_owner_name"])
    assert all(one.meter_code is None for one in summary.examples["closed"])
    assert all("公司" in str(one.owner_name) for one in summary.examples["company"])


def test_every_example_can_be_bound_by_mobile(summary: CitySummary) -> None:
    found: list[Example] = [one for group in summary.examples.values() for one in group]
    assert len(found) == 55
    assert all(one.mobile for one in found)


def test_the_finished_file_is_in_plain_journal_mode_and_alone(
    fresh_url: str, tmp_path: Path
) -> None:
    build(fresh_url, 1_000, 1, as_of=AS_OF, progress=False)
    assert [path.name for path in tmp_path.iterdir()] == ["fresh.sqlite3"]
    with closing(sqlite3.connect(tmp_path / "fresh.sqlite3")) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_build_that_breaks_off_leaves_the_old_city(
    fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(fresh_url, 1_000, 1, as_of=AS_OF, progress=False)
    before = digest(fresh_url)

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(building, "write_chunk", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        build(fresh_url, 1_000, 2, as_of=AS_OF, progress=False)
    assert digest(fresh_url) == before
    assert [path.name for path in tmp_path.iterdir()] == ["fresh.sqlite3"]


def test_a_database_that_is_no_city_is_left_alone(fresh_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "fresh.sqlite3")) as file:
        file.execute("CREATE TABLE bill (real INTEGER)")
        file.commit()
    with pytest.raises(NotACity, match="bill"):
        build(fresh_url, 1_000, 1, as_of=AS_OF, progress=False)
    with pytest.raises(NotACity):
        examples(fresh_url)
    with closing(sqlite3.connect(tmp_path / "fresh.sqlite3")) as file:
        assert file.execute("SELECT COUNT(*) FROM bill").fetchone() == (0,)


def test_asking_for_examples_where_nothing_is_makes_no_file(fresh_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotACity, match="build a city there first"):
        examples(fresh_url)
    assert list(tmp_path.iterdir()) == []


def test_a_server_database_with_foreign_tables_of_our_names_is_left_alone() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE payment (real INTEGER)")
        with pytest.raises(NotACity, match="payment"):
            clear(connection)
        connection.exec_driver_sql("SELECT real FROM payment")
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "accounts", "seed", "as_of"),
    [
        ("sqlite://", 1_000, 1, AS_OF),
        ("sqlite:///:memory:", 1_000, 1, AS_OF),
        ("sqlite:///unused", 999, 1, AS_OF),
        ("sqlite:///unused", 5_000_001, 1, AS_OF),
        ("sqlite:///unused", 1_000, -1, AS_OF),
        ("sqlite:///unused", 1_000, 1, date(1999, 1, 1)),
    ],
)
def test_impossible_wishes_are_refused_with_the_remedy(
    url: str, accounts: int, seed: int, as_of: date
) -> None:
    with pytest.raises(BadRequest, match=r"give|needs"):
        build(url, accounts, seed, as_of=as_of, progress=False)


def test_plain_inserts_write_the_same_city_as_the_fast_path(fresh_url: str, tmp_path: Path) -> None:
    """The way that SQL Server is filled, tried on SQLite."""
    engine = create_engine(fresh_url)
    with engine.begin() as connection:
        clear(connection)
        again = building.fill(
            connection, InsertSink(connection), 1_000, SEED, AS_OF, lambda _what, _done: None
        )
    engine.dispose()
    fast_url = f"sqlite:///{tmp_path / 'fast.sqlite3'}"
    assert again == build(fast_url, 1_000, SEED, as_of=AS_OF, progress=False)
    assert digest(fresh_url) == digest(fast_url)


def test_an_earlier_city_on_a_server_is_cleared_away(fresh_url: str) -> None:
    build(fresh_url, 1_000, 1, as_of=AS_OF, progress=False)
    engine = create_engine(fresh_url)
    with engine.begin() as connection:
        clear(connection)
        left = connection.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master").scalar_one()
    engine.dispose()
    assert left == 0


def test_the_command_builds_a_city_and_shows_accounts_to_try(fresh_url: str) -> None:
    arguments = ["--url", fresh_url, "--accounts", "1000", "--seed", "5", "--as-of", "2026-03-01"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "many_owed" in result.output
    assert all(one.acct_no in result.output for one in examples(fresh_url)["many_owed"])


@pytest.mark.parametrize(
    "wrong", [["--accounts", "3"], ["--as-of", "tomorrow"], ["--url", "nonsense"]]
)
def test_the_command_says_what_is_wrong_and_fails(fresh_url: str, wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["--url", fresh_url, *wrong])
    assert result.exit_code == 1
    assert "city: " in result.output


def test_city_errors_share_one_root() -> None:
    assert issubclass(NotACity, CityError)
    assert issubclass(BadRequest, CityError)
