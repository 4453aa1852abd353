"""Who may import whom (setup.cfg, [importlinter]), and what import-linter cannot say."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.conftest import ROOT

OURS = ("bot", "dialogs", "backends", "jobs", "web", "sandbox")
OPEN_TO_ALL = {"backends.ports", "backends.errors"}
CONSTRUCTS = {
    *("bot/app.py", "bot/pay_app.py", "bot/parts.py", "bot/pay_parts.py"),
    *("bot/cli.py", "bot/check.py"),
}
# What pure conversations need: no clock, no randomness, no files, no network.
PURE = {
    "collections.abc",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "math",
    "re",
    "transitions",
    "typing",
    "unicodedata",
}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file; `from a import b` counts as a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def backends_of(path: Path) -> set[str]:
    """Concrete backends imported: modules below `backends` that are not open to all."""
    return {
        name
        for name in imported(path)
        if name.startswith("backends.")
        and not any(name == free or name.startswith(f"{free}.") for free in OPEN_TO_ALL)
    }


def test_the_contracts_of_setup_cfg_are_kept() -> None:
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    run = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout


@pytest.mark.parametrize("path", sources("bot"), ids=lambda path: path.name)
def test_only_what_constructs_things_knows_concrete_backends(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in CONSTRUCTS:
        assert backends_of(path) == set()


def test_what_constructs_things_does_know_them() -> None:
    assert "backends.csms.adapter" in backends_of(ROOT / "bot/parts.py")


def test_nothing_but_the_command_line_imports_the_sandbox() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in [*sources("bot", "dialogs", "backends", "jobs", "web"), ROOT / "wsgi.py"]
        if any(name.split(".")[0] == "sandbox" for name in imported(path))
    }
    assert importers <= {"bot/cli.py"}


def test_the_command_line_imports_the_sandbox_only_when_it_is_asked_to() -> None:
    tree = ast.parse((ROOT / "bot/cli.py").read_text(encoding="utf-8"))
    at_the_top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("sandbox" in ast.unparse(node) for node in at_the_top)


@pytest.mark.parametrize("path", sources("dialogs"), ids=lambda path: path.name)
def test_conversations_import_nothing_that_does_anything(path: Path) -> None:
    modules = {name for name in imported(path) if name.split(".")[0] not in ("dialogs", "backends")}
    foreign = {n for n in modules if not any(n == p or n.startswith(f"{p}.") for p in PURE)}
    assert foreign == set()
    assert backends_of(path) == set()


@pytest.mark.parametrize("folder", OURS)
def test_nothing_imports_the_tests_or_the_benchmark(folder: str) -> None:
    for path in sources(folder):
        assert not {name.split(".")[0] for name in imported(path)} & {"tests", "bench"}, path
