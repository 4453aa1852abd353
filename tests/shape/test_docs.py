"""What the documents say exists: files, headings, commands, settings, metrics."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from prometheus_client import CollectorRegistry

from bot.cli import app
from bot.feed_metrics import FeedAges
from bot.metrics import Metrics, WaitingSubmissions
from bot.pay_metrics import PaymentGauges
from bot.push_metrics import Pushes
from bot.settings import PREFIX, SECRETS, Settings
from tests.fakes import FakeFeeds, FakeOrders, FakeRefunds
from tests.fakes.job_log import FakeJobLog
from tests.fakes.ledger import FakeLedger
from tests.fakes.statements import FakeStatements
from tests.shape import markdown
from tests.shape.conftest import ROOT

READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
EACH = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
)
# Read by the tests and the benchmark, never by the service.
NOT_OF_THE_SERVICE = {
    "WATERDESK_BENCH_REDIS_URL",
    "WATERDESK_LOAD",
    "WATERDESK_TEST_DATABASE_URLS",
    "WATERDESK_TEST_REDIS_URL",
    "WATERDESK_WITH_SQL",
}
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}
SECRET_FILES = {f"{PREFIX}{secret}_FILE" for secret in SECRETS}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@EACH
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in markdown.links(read(path)):
        target, _, anchor = link.partition("#")
        file = path.parent / target if target else path
        assert file.exists(), f"{link}: no such file"
        if anchor:
            assert anchor in markdown.anchors(file), f"{link}: no such heading"


@EACH
def test_every_setting_named_exists(path: Path) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z][A-Z_]*[A-Z]\b", read(path)))
    assert named - SETTINGS - SECRET_FILES - NOT_OF_THE_SERVICE == set()


def test_operations_explain_every_setting() -> None:
    assert {name for name in SETTINGS if f"`{name}`" not in read(OPERATIONS)} == set()


@pytest.mark.parametrize("path", [*READMES, OPERATIONS], ids=lambda path: path.name)
def test_every_target_of_make_exists(path: Path) -> None:
    makefile = read(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z.][\w/.-]*):", makefile, re.MULTILINE))
    named = {
        word
        for piece in markdown.code(read(path))
        for word in re.findall(r"^make ([a-z.][\w/.-]*)", piece)
    }
    assert named
    assert named - targets == set()


@pytest.mark.parametrize("path", [*READMES, OPERATIONS], ids=lambda path: path.name)
def test_every_command_and_option_of_waterdesk_exists(path: Path) -> None:
    calls = [
        found[1].split()
        for piece in markdown.code(read(path))
        if (found := re.search(r"^(?:[^#\n]*[ /])?waterdesk ([a-z][\w .:/-]*)", piece))
    ]
    assert calls
    for words in calls:
        command: Any = typer.main.get_command(app)
        while hasattr(command, "commands"):
            assert words, f"waterdesk {command.name} needs a subcommand"
            assert words[0] in command.commands, f"waterdesk has no {words[0]}"
            command = command.commands[words.pop(0)]
        options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= options


def test_operations_explain_every_metric_and_invent_none() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    registry.register(WaitingSubmissions(dict))
    registry.register(FeedAges((), FakeFeeds(), lambda: datetime.now(UTC)))
    registry.register(Pushes(FakeLedger(), FakeJobLog(), lambda: datetime.now(UTC)))
    orders = FakeOrders()
    refunds = FakeRefunds(orders.records)
    registry.register(PaymentGauges(orders, refunds, FakeStatements(), lambda: datetime.now(UTC)))
    counted = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in registry.collect()
    }
    named = set(re.findall(r"(?<![-\w])waterdesk_[a-z_]+", read(OPERATIONS)))
    assert counted <= named
    assert {name.removesuffix("_bucket") for name in named} <= counted


def test_operations_explain_every_event_of_the_log_and_invent_none() -> None:
    """But for those that only a developer turns on."""
    folders = [ROOT / name for name in ("backends", "bot", "dialogs", "jobs", "web")]
    sources = "".join(read(path) for folder in folders for path in folder.rglob("*.py"))
    logged = set(
        re.findall(r"\blog\.(?:info|warning|error|exception|critical)\(\s*\"(\w+)\"", sources)
    )
    (logs,) = re.findall(r"^## Logs\n(.*?)^## ", read(OPERATIONS), re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`[^|]*) \|", logs, re.MULTILINE)
    assert {event for row in rows for event in re.findall(r"`(\w+)`", row)} == logged


def without_comments(text: str) -> list[str]:
    return [re.sub(r" +# .*", "", content) for _, content in markdown.blocks(text)]


def test_both_readmes_have_the_same_sections_code_and_links() -> None:
    english, chinese = (read(path) for path in READMES)
    for level in (1, 2, 3):
        assert len(markdown.headings(english, level)) == len(markdown.headings(chinese, level))
    assert without_comments(english) == without_comments(chinese)
    other = {path.name for path in READMES}
    assert set(markdown.links(english)) - other == set(markdown.links(chinese)) - other
