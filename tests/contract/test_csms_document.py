"""docs/contracts/csms.md and the tables of adapter and desk are one contract."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Table
from sqlalchemy.dialects.mssql import base as sql_server

from backends.csms import request_tables, tables
from backends.csms.private import fernet_of, sealed
from backends.ports import SubmissionKind, System
from jobs.results import CSMS_EVENTS

TABLES = [*tables.metadata.tables.values(), *request_tables.metadata.tables.values()]
OURS = {"wx_request", "wx_request_file", "wx_bill_lock"}
new_dialect: Callable[[], Any] = sql_server.MSDialect
PAGE = Path(__file__).parents[2] / "docs" / "contracts" / "csms.md"
ROW = re.compile(
    r"^\| `(\w+)` \| ([A-Z]+(?:\((?:[\d, ]+|MAX)\))?) \| (yes|no) \| .+ \| (CSMS|Waterdesk) \|$",
    re.M,
)


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def section(heading: str) -> str:
    return re.split(rf"^{heading}\b", page(), flags=re.M)[1].split("\n#")[0]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_column_is_documented_with_its_type(table: Table) -> None:
    dialect = new_dialect()
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    writer = "Waterdesk" if table.name in OURS else "CSMS"
    ours = [
        (
            column.name,
            str(column.type.compile(dialect=dialect)).upper(),
            "yes" if column.nullable else "no",
            writer,
        )
        for column in table.columns
    ]
    assert ROW.findall(section(f"### {table.name}")) == ours


def test_nothing_is_documented_that_does_not_exist() -> None:
    assert re.findall(r"^### (wx_\w+)", page(), re.M) == [table.name for table in TABLES]


def test_the_login_may_read_and_append_and_nothing_else() -> None:
    granted = {
        table: set(rights.split(", "))
        for rights, table in re.findall(r"GRANT ([A-Z, ]+) ON (\w+) TO waterdesk;", page())
    }
    both = {"SELECT", "INSERT"}
    assert granted == {t.name: both if t.name in OURS else {"SELECT"} for t in TABLES}


def test_every_view_and_table_has_its_indexes_documented() -> None:
    prepared = page().split("## What the DBA prepares")[1].split("\n## ")[0]
    indexed = set(re.findall(r"^   \| `(wx_\w+)` \|", prepared, re.M))
    assert indexed == {table.name for table in TABLES}


def test_every_kind_of_request_to_csms_is_documented_with_a_payload_that_is_json() -> None:
    kinds = dict(
        re.findall(r"^\| `(\w+)`[^|]* \| (.+?) \|", section("### Kinds of requests"), re.M)
    )
    assert set(kinds) == {kind for kind in SubmissionKind if kind.system is System.CSMS}
    for written in re.findall(r"`(\{.+?\})`", " ".join(kinds.values())):
        assert json.loads(written)


def test_every_kind_of_event_that_is_understood_is_documented_and_no_other() -> None:
    kinds = re.findall(r"^\| `(\w+)` \|", section("### Kinds of events"), re.M)
    assert kinds == list(dict.fromkeys(kinds))
    assert set(kinds) == set(CSMS_EVENTS)


def test_the_example_of_a_key_opens_what_is_sealed_with_its_text() -> None:
    written = section("### Private values")
    (text, key) = re.findall(r"with the text `(\S+)` the Fernet key is `(\S+)`", written)[0]
    told = {"name": "阿依古丽·𠮷", "mobile": ""}
    assert json.loads(Fernet(key).decrypt(sealed(fernet_of(text), told))) == told
