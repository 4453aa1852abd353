"""Migrations make what the code's tables say, on each database, and say when they are due."""

import io
import json
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, create_engine, inspect, select

from backends.errors import BackendUnavailable
from backends.ports import Lane, Notice
from backends.records.adapter import open_records
from backends.records.ledger import open_ledger
from backends.records.schema import MIGRATIONS, pending, upgrade
from backends.records.tables import citizen, lane, metadata, notification
from tests.contract.requests import NOON

DAY = timedelta(days=1)


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


def test_notices_move_into_the_ledger_under_their_ids(database_url: str) -> None:
    engine = create_engine(database_url)
    config = Config(MIGRATIONS / "alembic.ini")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(citizen.insert().values(openid="o1", first_seen_at=NOON))
        before = Table("notice", MetaData(), autoload_with=connection)
        connection.execute(before.insert(), [of_before(n) for n in range(len(OF_BEFORE))])
        values = {"queue": "notices", "lane": "o1", "due_at": NOON, "item_id": 0, "held_by": ""}
        connection.execute(lane.insert().values(values))
    upgrade(database_url)
    looked_at = notification.c.id, notification.c.notice_key, notification.c.lane
    with engine.connect() as connection:
        found = connection.execute(select(*looked_at, notification.c.state)).all()
        assert connection.execute(select(lane.c.lane)).all() == []
    engine.dispose()
    assert sorted(found) == [
        (100, "B1", Lane.BILL, "delivered"),
        (101, "csms:101:0", Lane.BILL, "kept"),
        (102, "csms:102:0", Lane.BILL, "told"),
        (103, "V1", Lane.REMINDER, "skipped"),
        (104, "csms:104:0", Lane.URGENT, "planned"),
        (105, "csms:105:0", Lane.RESULT, "claimed"),
    ]
    ledger = open_ledger(database_url, pool_size=1, statement_timeout_s=5, long_term=False)
    with closing(ledger):
        planned = [Notice("bill_opened", key, "o1", "", {}) for key in ("B1", "B2")]
        assert ledger.plan(planned, NOON) == 1
        claimed = ledger.claim(tuple(Lane), worker="ann", now=NOON, lease_s=60, limit=9)
        assert [(one.notice_id, one.unsure_since) for one in claimed] == [
            (104, None),
            (105, NOON - DAY),
            (106, None),
        ]


OF_BEFORE: Sequence[tuple[str, str, dict[str, str], int]] = (
    ("bill_opened", "sent", {"bill_no": "B1"}, 30),
    ("bill_opened", "kept", {"bill_no": "B1"}, 20),
    ("bill_opened", "told", {"bill_no": "B0"}, 50),
    ("visit_due", "skipped", {"visit_no": "V1"}, 3),
    ("ticket_done", "planned", {}, 2),
    ("transfer_done", "sending", {}, 1),
)
"""Kind, state, view, age in days."""


def of_before(serial: int) -> dict[str, object]:
    kind, state, view, days = OF_BEFORE[serial]
    at = (NOON - days * DAY).astimezone(UTC).replace(tzinfo=None)
    return {
        "id": 100 + serial,
        "kind": kind,
        "notice_key": f"csms:{100 + serial}:0",
        "openid": "o1",
        "acct_no": "",
        "view_values": json.dumps(view),
        "state": state,
        "created_at": at,
        "updated_at": at,
    }


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
    assert text.count("CREATE TABLE") - text.count("DROP TABLE") == len(metadata.tables)
    assert text.index("SET IDENTITY_INSERT notification ON") < text.index("DROP TABLE notice")
    assert "bound_at DATETIME2(6) NOT NULL" in text
    assert "openid VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL" in text
    assert "payload NVARCHAR(max) NOT NULL" in text
    assert "last_error NVARCHAR(500) NOT NULL" in text
    for foreign in ("ALTER COLUMN", "sp_rename", "NTEXT", "DROP CO", "DROP IN"):
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
