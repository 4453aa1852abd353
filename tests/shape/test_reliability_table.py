"""docs/reliability.md: every case names the tests that show it, and each of them exists."""

import ast
import re

import pytest

from tests.shape.conftest import ROOT

PAGE = ROOT / "docs" / "reliability.md"
SECTIONS = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
CASES = [section for section in SECTIONS if not section.startswith("Figures")]
LINK = re.compile(r"\[`(test_\w+)`\]\(\.\./([\w/]+\.py)\)")
LINKED = [link for case in CASES for link in LINK.findall(case)]


@pytest.mark.parametrize("case", CASES, ids=[case.splitlines()[0] for case in CASES])
def test_every_case_is_shown_by_a_test(case: str) -> None:
    assert LINK.search(case)


@pytest.mark.parametrize(("name", "target"), LINKED, ids=[name for name, _ in LINKED])
def test_every_linked_test_exists(name: str, target: str) -> None:
    tree = ast.parse((ROOT / target).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_under_load_is_on_the_page() -> None:
    named = {name for name, _ in LINKED}
    for path in (ROOT / "tests" / "load").glob("test_*.py"):
        if path.stem == "test_crash_points":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert {name for name in tests if name.startswith("test_")} <= named, path.name
