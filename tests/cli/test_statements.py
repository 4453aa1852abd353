"""`waterdesk statements`: what staff see of the reconciliation, and how a difference is settled."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backends.ports import Difference, Mismatch, Totals
from backends.records.statements import SqlStatements, open_statements
from bot.cli import app
from tests.service import AES_KEY
from tests.upgraded import upgraded_sqlite

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
SHORT = Difference(DAY, Mismatch.SHORT, "WD1", "WD1", "4200-1", ours_fen=4392, detail="nowhere")


@dataclass
class Office:
    statements: SqlStatements
    environment: dict[str, str]

    def types(self, *words: str, exits: int = 0) -> str:
        done = CliRunner().invoke(app, ["statements", *words], env=self.environment)
        assert done.exit_code == exits, done.output
        return done.output


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.chdir(tmp_path)
    url = upgraded_sqlite(tmp_path / "own.sqlite3")
    settings = {
        "WECHAT_APPID": "wx0123456789abcdef",
        "WECHAT_SECRET": "s" * 32,
        "WECHAT_TOKEN": "watertoken",
        "WECHAT_AES_KEY": AES_KEY,
        "CSMS_URL": "sqlite://",
        "DATABASE_URL": url,
    }
    environment = {**os.environ, **{f"WATERDESK_{key}": one for key, one in settings.items()}}
    with closing(open_statements(url, pool_size=1, statement_timeout_s=5)) as statements:
        yield Office(statements, environment)


def compared(office: Office, *found: Difference) -> None:
    office.statements.begin(DAY, "", Totals())
    run = office.statements.next_run(DAY)
    office.statements.note(run, found, NOW)
    office.statements.matched(DAY, run, NOW)


def test_before_the_first_run_it_says_how_to_begin(office: Office) -> None:
    assert "python -m jobs reconcile" in office.types("list")
    assert "--date 2026-11-21" in office.types("show", "2026-11-21", exits=1)


def test_days_are_listed_with_what_is_open(office: Office) -> None:
    compared(office, SHORT)
    said = office.types("list")
    assert "2026-11-21" in said
    assert "1  open: short" in said


def test_a_difference_shows_what_each_book_says(office: Office) -> None:
    compared(office, SHORT)
    said = office.types("show", "2026-11-21")
    for part in ("short", "WD1", "O 43.92", "nowhere"):
        assert part in said
    assert "W " not in said.splitlines()[1]


def test_a_person_settles_it_with_name_and_note(office: Office) -> None:
    compared(office, SHORT)
    number = office.types("show", "2026-11-21").splitlines()[1].split()[0]
    office.types("resolve", number, "--by", "王芳", "--note", "已冲正")
    assert "王芳: 已冲正" in office.types("show", "2026-11-21")
    assert "open:" not in office.types("list")
    assert "no open difference" in office.types(
        "resolve", number, "--by", "王芳", "--note", "again", exits=1
    )


@pytest.mark.parametrize("by", ["", "  "])
def test_nobody_settles_nothing(office: Office, by: str) -> None:
    compared(office, SHORT)
    office.types("resolve", "1", "--by", by, "--note", "x", exits=2)


def test_a_day_is_a_day(office: Office) -> None:
    assert "2026-11-25" in office.types("show", "yesterday", exits=2)
