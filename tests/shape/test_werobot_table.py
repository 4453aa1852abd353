"""docs/werobot.md: every weakness has its line, every line its test, and every test exists; and of
WeRoBot nothing else is used than the page says."""

import ast
import re
from pathlib import Path

import pytest
from werobot.robot import WeRoBot

from bot import crypto, gate
from bot.robot import ServiceRobot

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "werobot.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (W\d\d) \| (.+) \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)
LINKED = [
    (row[0], name, target)
    for row in ROWS
    for name, target in re.findall(r"\[`(test_\w+)`\]\(\.\./([\w/]+\.py)\)", row[3])
]
OURS = ("bot", "dialogs", "backends", "jobs", "web", "sandbox")
USED = {
    "werobot.parser.process_message",
    "werobot.crypto.PrpCrypto",
    "werobot.replies.Article",
    "werobot.replies.ArticlesReply",
    "werobot.replies.TextReply",
    "werobot.replies.TransferCustomerServiceReply",
    "werobot.robot.BaseRoBot",
}
NEED_A_TEST = [
    f"W{number:02d}"
    for number in range(1, 49)
    if not 23 <= number <= 29 and number not in (39, 47, 48)
]


def test_every_weakness_stands_in_the_table_once() -> None:
    assert [row[0] for row in ROWS] == [f"W{number:02d}" for number in range(1, 49)]


@pytest.mark.parametrize("weakness", NEED_A_TEST)
def test_every_weakness_of_the_message_path_has_a_test(weakness: str) -> None:
    assert any(row == weakness for row, _, _ in LINKED)


def test_what_has_no_test_says_so() -> None:
    tested = {row for row, _, _ in LINKED}
    for weakness, _, how, shown in ROWS:
        if weakness not in tested:
            assert shown == "–"
            assert re.search(r"Not used here|later|No test of its own", how), weakness


@pytest.mark.parametrize(
    ("weakness", "name", "target"), LINKED, ids=[f"{r}-{n}" for r, n, _ in LINKED]
)
def test_every_linked_test_exists(weakness: str, name: str, target: str) -> None:
    tree = ast.parse((ROOT / target).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in functions, f"{weakness} links to {target}"


def test_every_link_of_the_page_leads_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert targets
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []


def test_nothing_else_of_werobot_is_imported() -> None:
    found = set()
    for path in (path for folder in OURS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names if alias.name.startswith("werobot")}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("werobot"):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert found == USED


def test_the_robot_can_serve_nothing_by_itself() -> None:
    assert not issubclass(ServiceRobot, WeRoBot)
    for entry in ("run", "wsgi"):
        assert hasattr(WeRoBot, entry)
        assert not hasattr(ServiceRobot, entry)


@pytest.mark.parametrize(
    ("module", "function", "secret"),
    [(gate, "_check", "wanted"), (crypto, "open", "appid")],
    ids=["signature", "AppID"],
)
def test_secrets_are_compared_in_constant_time(module: object, function: str, secret: str) -> None:
    """`==` shows nothing in a test of behaviour: it is read in the source."""
    tree = ast.parse(Path(str(vars(module)["__file__"])).read_text(encoding="utf-8"))
    (body,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    safely = {
        argument
        for node in ast.walk(body)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "hmac.compare_digest"
        for argument in re.findall(r"\w+", ast.unparse(node))
    }
    plainly = {
        ast.unparse(side)
        for node in ast.walk(body)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
    }
    assert secret in safely
    assert secret not in plainly
