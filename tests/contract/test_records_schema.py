"""Migrations make what the code's tables say, on each database, and say when they are due."""

import io
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select

from backends.errors import BackendUnavailable
from backends.records.adapter import open_records
from backends.records.schema import MIGRATIONS, pending, upgrade
from backends.records.tables import citizen, metadata
from tests.contract.requests import NOON


def test_the_migrated_schema_equals_the_tables_of_the_code(database_url: str) -> None:
    upgrade(database_url)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        inspector = inspect(connection)
        for table in metadata.tables.values():
            key = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert key == table.primary_key.columns.keys()
    engine.dispose()
    assert differences == []


def test_an_upgrade_is_pending_until_it_is_done_and_harmless_twice(database_url: str) -> None:
    assert pending(database_url)
    upgrade(database_url)
    assert not pending(database_url)
    upgrade(database_url)
    assert not pending(database_url)


def test_an_installation_of_an_earlier_release_keeps_what_it_has(database_url: str) -> None:
    engine = create_engine(database_url)
    config = Config(MIGRATIONS / "alembic.ini")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(citizen.insert().values(openid="o1", first_seen_at=NOON))
    assert pending(database_url)
    upgrade(database_url)
    with engine.connect() as connection:
        assert connection.execute(select(citizen.c.openid, citizen.c.first_seen_at)).all() == [
            ("o1", NOON)
        ]
    engine.dispose()


def test_a_schema_of_a_newer_release_is_left_alone(database_url: str) -> None:
    upgrade(database_url)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    assert not pending(database_url)
    upgrade(database_url)


def test_several_nodes_may_upgrade_at_once(database_url: str) -> None:
    failures = list[Exception]()

    def run() -> None:
        try:
            upgrade(database_url)
        except BackendUnavailable as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not pending(database_url)


def test_the_migrations_compile_for_sql_server() -> None:
    statements = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="mssql", opts={"as_sql": True, "output_buffer": statements}
    )
    scripts = ScriptDirectory(str(MIGRATIONS))
    with Operations.context(context):
        for script in reversed(list(scripts.walk_revisions())):
            script.module.upgrade()
    text = statements.getvalue()
    assert text.count("CREATE TABLE") == len(metadata.tables)
    assert "bound_at DATETIME2(6) NOT NULL" in text
    assert "openid VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL" in text
    assert "payload NVARCHAR(max) NOT NULL" in text
    assert "last_error NVARCHAR(500) NOT NULL" in text
    for foreign in ("ALTER COLUMN", "sp_rename", "NTEXT", "DROP"):
        assert foreign not in text


def test_asking_for_pending_upgrades_creates_no_file(tmp_path: Path) -> None:
    assert pending(f"sqlite:///{tmp_path / 'data' / 'own.sqlite3'}")
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_makes_the_folder_of_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'own.sqlite3'}"
    upgrade(url)
    assert not pending(url)


def test_a_writer_of_our_own_file_does_not_hold_up_its_readers(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite3"
    upgrade(f"sqlite:///{path}")
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(open_records(f"sqlite:///{path}", pool_size=1, statement_timeout_s=0.2)) as records,
    ):
        writer.execute("BEGIN EXCLUSIVE")
        assert records.bindings("o1") == ()


def test_a_refused_upgrade_tells_the_operator_why(tmp_path: Path) -> None:
    (tmp_path / "not-a-database").write_text("x" * 4096)
    with pytest.raises(BackendUnavailable, match="file is not a database"):
        upgrade(f"sqlite:///{tmp_path / 'not-a-database'}")
