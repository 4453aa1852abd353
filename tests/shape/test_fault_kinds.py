"""A kind of fault is known everywhere, or nowhere: to citizens, to the hotline, to its stand-in."""

import re

import pytest

from bot.wording.words import read_values, read_wording
from dialogs.engine.house import House
from dialogs.faults.fault_types import FAULT_TYPES
from sandbox.hotline.report import FAULTS
from tests.shape.conftest import ROOT, TEMPLATES

CONTRACT = (ROOT / "docs/contracts/hotline.yaml").read_text(encoding="utf-8")
OFFICE_WORDS = (ROOT / "sandbox/page/office/words.js").read_text(encoding="utf-8")


def enums(first: str) -> list[set[str]]:
    """The lists of the contract that begin with this value."""
    found = re.findall(r"enum: \[([^\]]+)\]", CONTRACT)
    lists = [[word.strip() for word in one.split(",")] for one in found]
    return [set(one) for one in lists if one[0] == first]


def test_the_hotline_s_contract_and_its_stand_in_know_every_kind() -> None:
    assert enums("BURST") == [set(FAULT_TYPES)]
    assert set(FAULTS) == set(FAULT_TYPES)


@pytest.mark.parametrize("kind", FAULT_TYPES)
def test_staff_and_citizens_have_a_word_for_it(kind: str) -> None:
    assert f"{kind}:" in OFFICE_WORDS
    assert kind in read_values(TEMPLATES)["fault"]


def test_the_name_of_each_kind_asks_for_a_report(shipped: House) -> None:
    wording = read_wording(TEMPLATES)
    for names in wording.options["report_fault.kind"].values():
        heard = [word for word in names if wording.keywords.get(word) == "report_fault"]
        assert heard, f"none of {names} is a keyword of report_fault"


def test_every_state_of_a_ticket_has_words() -> None:
    states = set[str]().union(*enums("new"), *enums("assigned"))
    assert len(states) == 8
    assert states == set(read_values(TEMPLATES)["ticket_state"])
    assert states == set(read_values(TEMPLATES)["reply_state"])
