"""Conversations and ports read no clock: the time comes in with the message."""

import ast
from pathlib import Path

import pytest

from tests.shape.conftest import ROOT

CLOCKS = {
    "now",
    "utcnow",
    "today",
    "time",
    "time_ns",
    "monotonic",
    "perf_counter",
    "localtime",
    "gmtime",
}
OWNERS = {"datetime", "date", "time", "dt"}
PURE = [*sorted((ROOT / "dialogs").rglob("*.py")), *sorted((ROOT / "backends/ports").rglob("*.py"))]


def clock_calls(source: str) -> list[str]:
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value).split(".")[-1] in OWNERS
    ]


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_no_clock_is_read(path: Path) -> None:
    assert clock_calls(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["datetime.now(zone)", "datetime.datetime.utcnow()", "time.time()", "date.today()"],
)
def test_a_clock_would_be_found(source: str) -> None:
    assert clock_calls(source) == [source]


def test_the_time_of_a_message_is_no_clock() -> None:
    assert clock_calls("moment.now.time(); turn.now.date()") == []


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_nothing_is_opened_or_printed(path: Path) -> None:
    names = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not names & {"open", "print", "exec", "eval", "input", "__import__"}
