"""The worked example of docs/adding-a-dialog.md, followed to the letter: it works as written."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from types import ModuleType

import pytest

from bot.wording import parts as speaking
from bot.wording import words
from bot.wording.templates import TemplateFiles
from dialogs import REGISTRY
from dialogs.engine import shape
from dialogs.engine.definition import Dialog
from tests.dialogs import transcript
from tests.dialogs.stage import Stage
from tests.fakes import FakeCsms, FakeRecords
from tests.service import running, settings_for
from tests.shape import markdown, outcomes
from tests.shape.conftest import ROOT, TEMPLATES

pytestmark = pytest.mark.skipif(
    "water_saving" in REGISTRY, reason="somebody has followed the example here"
)
REPLIES = ("where", "kitchen", "bathroom")


@pytest.fixture
def code() -> list[str]:
    """The fenced blocks in order: dialog, registry, words, three replies, contract, transcript."""
    text = (ROOT / "docs/adding-a-dialog.md").read_text(encoding="utf-8")
    found = [content for language, content in markdown.blocks(text) if language]
    assert len(found) == 8
    return found


@pytest.fixture
def dialog(code: list[str], tmp_path: Path) -> Iterator[Dialog]:
    file = tmp_path / "water_saving.py"
    file.write_text(code[0], encoding="utf-8")
    module = ModuleType("dialogs.water_saving")
    sys.modules[module.__name__] = module
    exec(compile(code[0], str(file), "exec"), module.__dict__)  # noqa: S102 - our own README
    yield module.WATER_SAVING
    del sys.modules[module.__name__]


@pytest.fixture
def folder(code: list[str], tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    copytree(TEMPLATES, folder)
    words = (folder / "words.toml").read_text(encoding="utf-8")
    (folder / "words.toml").write_text(with_tables(words, code[2]), encoding="utf-8")
    (folder / "replies" / "water_saving").mkdir()
    for name, content in zip(REPLIES, code[3:6], strict=True):
        (folder / "replies" / "water_saving" / f"{name}.j2").write_text(content, encoding="utf-8")
    with (folder / "contract.toml").open("a", encoding="utf-8") as contract:
        contract.write(code[6])
    return folder


def with_tables(words: str, more: str) -> str:
    """Lines of a table that exists are added to it, new tables go to the end."""
    for table in more.split("\n\n"):
        head, lines = table.split("\n", 1)
        head = head.split("  #")[0].rstrip()
        if f"{head}\n" in words:
            words = words.replace(f"{head}\n", f"{head}\n{lines}\n", 1)
        else:
            words += f"\n{head}\n{lines}\n"
    tomllib.loads(words)
    return words


def test_it_is_registered_beside_dialogs_that_ship(code: list[str]) -> None:
    shown = set(re.findall(r"\b[A-Z][A-Z_]{3,}\b", code[1])) - {"REGISTRY", "WATER_SAVING"}
    assert shown
    assert shown <= {name.upper() for name in REGISTRY}


def test_the_dialog_holds_what_every_dialog_must(dialog: Dialog) -> None:
    assert shape.unreachable(dialog) == set()
    assert shape.traps(dialog) == set()
    assert outcomes.named(dialog.opens.decide, "Go") == set(dialog.opens.leads_to)
    for step in dialog.steps.values():
        assert outcomes.named(step.decide, "Go") == set(step.leads_to)


def test_check_finds_nothing_wrong(dialog: Dialog, folder: Path) -> None:
    contract, values = words.read_contract(folder), words.read_values(folder)
    files = TemplateFiles(folder, contract, values)
    assert list(files.problems()) == []
    assert shape.missing_words({dialog.name: dialog, **REGISTRY}, words.read_wording(folder)) == []
    for state in (*dialog.steps, *dialog.ends):
        assert files.get(f"{dialog.name}/{state}") is not None


def test_the_conversations_go_as_written(
    code: list[str],
    dialog: Dialog,
    folder: Path,
    redis_url: str,
    csms: FakeCsms,
    records: FakeRecords,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaking, "DIALOGS", {**REGISTRY, dialog.name: dialog})
    file = tmp_path / "water_saving.yml"
    file.write_text(code[7], encoding="utf-8")
    settings = settings_for(redis_url, TEMPLATES_DIR=str(folder))
    with running(settings, csms, records) as service:
        for conversation in transcript.read(file):
            Stage(service, csms, records).play(conversation)
