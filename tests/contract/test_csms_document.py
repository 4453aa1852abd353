"""docs/contracts/csms.md and the tables of the adapter are one contract."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects.mssql import base as sql_server

from backends.csms.tables import metadata

new_dialect: Callable[[], Any] = sql_server.MSDialect
PAGE = Path(__file__).parents[2] / "docs" / "contracts" / "csms.md"
ROW = re.compile(r"^\| `(\w+)` \| ([A-Z]+(?:\([\d, ]+\))?) \| (yes|no) \| .+ \| CSMS \|$", re.M)


def documented(view: str) -> list[tuple[str, str, bool]]:
    section = PAGE.read_text(encoding="utf-8").split(f"### {view} ")[1].split("\n#")[0]
    return [(name, kind, empty == "yes") for name, kind, empty in ROW.findall(section)]


@pytest.mark.parametrize("table", metadata.tables.values(), ids=str)
def test_every_column_is_documented_with_its_type(table: Table) -> None:
    dialect = new_dialect()
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    ours = [
        (column.name, str(column.type.compile(dialect=dialect)), bool(column.nullable))
        for column in table.columns
    ]
    assert documented(table.name) == ours


def test_views_of_the_next_release_are_not_used_yet() -> None:
    reserved = PAGE.read_text(encoding="utf-8").split("## Reserved")[1]
    names = set(re.findall(r"`(wx_\w+)`", reserved))
    assert len(names) >= 5
    assert names.isdisjoint(metadata.tables)
