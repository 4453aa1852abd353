"""The worked example of docs/adding-a-reminder.md, followed to the letter: it works as written."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import ModuleType
from typing import Any

import pytest

from backends.ports import Visit
from bot import concern
from bot.wording.card_check import CardCheck
from bot.wording.cards import Cards
from bot.wording.render import Renderer
from bot.wording.templates import TemplateFiles
from bot.wording.words import read_contract, read_values
from dialogs.engine.reply import Say
from jobs import making
from jobs.catalogue import JOBS, Entry
from jobs.pushing.mailing import typed
from jobs.timers import hours
from tests.jobs.planning import conftest as neighbours
from tests.jobs.planning.conftest import NINE, Street
from tests.shape import markdown
from tests.shape.conftest import ROOT, TEMPLATES

KIND = "visit_today"
pytestmark = pytest.mark.skipif(
    KIND in concern.KINDS, reason="somebody has followed the example here"
)


@pytest.fixture
def code() -> list[str]:
    """The fenced blocks in order: planner, catalogue, crontab, sandbox, concern, words, contract,
    card, test."""
    text = (ROOT / "docs/adding-a-reminder.md").read_text(encoding="utf-8")
    found = [content for _, content in markdown.blocks(text)]
    assert len(found) == 9
    return found


def module(name: str, source: str) -> ModuleType:
    made = ModuleType(name)
    sys.modules[name] = made
    exec(compile(source, f"{name}.py", "exec"), made.__dict__)  # noqa: S102 - our own document
    return made


@pytest.fixture
def planner(code: list[str]) -> Iterator[ModuleType]:
    name = "jobs.planning.visit_today"
    yield module(name, code[0])
    del sys.modules[name]


@pytest.fixture
def folder(code: list[str], tmp_path: Path) -> Path:
    """With the words of notices alone: compiling all there are takes seconds."""
    others = {path.name for path in (TEMPLATES / "replies").iterdir() if path.is_dir()}
    left_out = ignore_patterns(*others - {"notice"})
    folder = copytree(TEMPLATES, tmp_path / "templates", ignore=left_out)
    (folder / f"replies/notice/{KIND}.j2").write_text(code[5], encoding="utf-8")
    with (folder / "contract.toml").open("a", encoding="utf-8") as contract:
        contract.write(code[6])
    kinds, more = code[7].split("\n\n", 1)
    card = folder / "pushes/visit.toml"
    written = card.read_text(encoding="utf-8")
    had = tomllib.loads(written)["kinds"]
    assert tomllib.loads(kinds)["kinds"] == [*had, KIND], "the document shows the card as it was"
    changed = re.sub(r"^kinds = .+$", kinds, written, count=1, flags=re.MULTILINE)
    card.write_text(f"{changed}\n{more}", encoding="utf-8")
    return folder


def entries(code: list[str], **names: Any) -> dict[str, Any]:
    """Lines of a table in our code."""
    lines = "\n".join(line for line in code if line.startswith("    "))
    return dict(eval(f"{{{lines}}}", names))  # noqa: S307 - our own document


def test_check_finds_nothing_wrong(folder: Path) -> None:
    contract, values = read_contract(folder), read_values(folder)
    assert list(CardCheck(contract, values).problems(folder)) == []
    wrong = TemplateFiles(folder, contract, values).problems()
    assert [one for one in wrong if one.startswith("replies/notice/")] == []


def test_the_job_has_its_lines(code: list[str], planner: ModuleType) -> None:
    names = {"Entry": Entry, "making": making, "VisitsToday": planner.VisitsToday}
    ((job, entry),) = entries(code[1].splitlines(), **names).items()
    assert job not in JOBS
    assert isinstance(entry, Entry)
    assert list(hours(code[2])) == [(job, "15", "8")]
    assert list(entries(code[3].splitlines())) == [job]


def test_its_test_passes(
    code: list[str], planner: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del planner
    monkeypatch.setattr(neighbours, "CONTRACT", read_contract(folder))
    test = module("tests.jobs.planning.test_visit_today", code[8])
    cases = [case for name, case in vars(test).items() if name.startswith("test_")]
    assert len(cases) == 2
    for case in cases:
        case(Street())
    del sys.modules[test.__name__]


def test_a_citizen_reads_it_in_the_chat_and_on_the_card(planner: ModuleType, folder: Path) -> None:
    street = Street()
    street.binds(neighbours.WEI)
    visit = Visit("V1", neighbours.HOME, "self6", "booked", NINE.date(), "09:00-11:00", 0)
    street.due.all_visits = [visit]
    (page,) = planner.VisitsToday(street.due, street.ledger).pages(NINE)
    (notice,) = page.notices
    contract, values = read_contract(folder), read_values(folder)
    files = TemplateFiles(folder, contract, values)
    said = Renderer(files, monotonic=lambda: 0.0).text(Say(f"notice/{KIND}", typed(notice.view)))
    assert "今天 09:00-11:00 上门核实水表" in said
    card = Cards(folder, contract, values, monotonic=lambda: 0.0).card(KIND, typed(notice.view))
    assert card
    assert "2026年11月22日 09:00~11:00" in card.data.values()


def test_it_says_whom_it_concerns(code: list[str]) -> None:
    said = entries(code[4].splitlines(), **vars(concern))
    assert said == {KIND: concern.OF_ACCOUNT}
