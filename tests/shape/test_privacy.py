"""docs/privacy.md says of each of our tables what is kept in it, and of each time how long."""

import re
from inspect import signature

from backends.ports import Expiring
from backends.records.tables import metadata
from jobs.__main__ import app
from jobs.retention import Retention
from tests.shape.conftest import ROOT

TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below the heading, without its head."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_every_table_of_ours_is_explained_once() -> None:
    named = [row[0] for row in rows("Table by table")]
    assert sorted(named) == sorted(metadata.tables)


def test_every_time_is_as_it_is_written() -> None:
    retention = Retention()
    written = {row[0]: int(row[1]) for row in rows("What goes by itself")}
    assert written == {what.value: retention.of(what).days for what in Expiring}


def test_the_options_named_exist() -> None:
    (purge,) = (command for command in app.registered_commands if command.name == "purge")
    wanted = {f"--{name.replace('_', '-')}" for name in signature(purge.callback or app).parameters}
    assert set(re.findall(r"--[a-z]+[a-z-]*", TEXT)) == wanted
