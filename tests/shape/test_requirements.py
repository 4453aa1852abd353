"""docs/requirements.md names each requirement of the white paper once, and nothing that is not
there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in (ROOT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| R\d+ ", line)
]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_requirement_has_its_row_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"R{number}" for number in range(1, 104)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    _, _, where, test, state = row
    for path in named(where):
        assert (ROOT / path).exists(), path
    for path in named(test):
        assert (ROOT / "tests" / path).exists(), path
    assert state
    assert named(where) or state.startswith("0.")
