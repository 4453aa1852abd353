"""Files and functions stay short enough to be read at one sitting, and replies on one screen."""

import ast
from collections.abc import Iterator

import pytest

from bot.wording.pages import MAX_BYTES
from bot.wording.templates import TemplateFiles
from tests.shape.conftest import ROOT

MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40
# A list of names, in which nobody reads further than to the one that is looked for.
LISTS = {"backends/ports/__init__.py"}
FOLDERS = ("bot", "dialogs", "backends", "web")
# Composition is a list: what is constructed, and with what. Cut in two it would be no clearer.
COMPOSITION_ROOT = "bot/app.py"
MAX_COMPOSITION_LINES = 60


def lengths(folder: str) -> Iterator[tuple[str, int]]:
    """(file:function, lines) of every function, nested ones included."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{path.relative_to(ROOT).as_posix()}:{node.name}", lines


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_is_too_long(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        if path.relative_to(ROOT).as_posix() in LISTS:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= MAX_FILE_LINES, f"{path.relative_to(ROOT)}: {lines} lines"


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_function_is_too_long(folder: str) -> None:
    for where, lines in lengths(folder):
        composes = where.startswith(f"{COMPOSITION_ROOT}:")
        limit = MAX_COMPOSITION_LINES if composes else MAX_FUNCTION_LINES
        assert lines <= limit, f"{where}: {lines} lines"


def test_functions_are_measured() -> None:
    found = dict(lengths("dialogs"))
    assert 1 < found["dialogs/parsers.py:account_number"] < MAX_FUNCTION_LINES


def test_every_reply_fits_into_one_message_with_its_samples(files: TemplateFiles) -> None:
    replies = dict(files.preview())
    assert len(replies) > 40
    for name, text in replies.items():
        assert len(text.encode()) <= MAX_BYTES, name


def test_the_shipped_wording_has_no_problems(files: TemplateFiles) -> None:
    assert files.problems() == []
