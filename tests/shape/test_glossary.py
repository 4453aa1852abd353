"""docs/glossary.md: one English term for one Chinese term, and every shipped code is in it."""

import re
from collections import Counter

from bot.wording.words import read_values
from tests.shape.conftest import ROOT, TEMPLATES

_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)


def rows() -> list[tuple[str, str]]:
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    found = [(chinese.strip(), english.strip()) for chinese, english, _ in _ROW.findall(page)]
    return [(chinese, english) for chinese, english in found if chinese != "中文"]


def test_each_term_stands_once_on_either_side() -> None:
    assert len(rows()) > 100
    for side in zip(*rows(), strict=True):
        assert [term for term, count in Counter(side).items() if count > 1] == []


def test_every_name_that_citizens_read_for_a_code_is_explained() -> None:
    values = read_values(TEMPLATES)
    known = {chinese for chinese, _ in rows()}
    for table in ("role", "use_class", "account_status"):
        assert set(values[table].values()) - known == set(), table
