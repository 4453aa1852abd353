from dataclasses import replace

import pytest

from dialogs.billing.question import PATTERN, Asked, read, write
from tests.town import BILLS

BILL = replace(BILLS[0], period="2026-09")
ONE = {"acct_no": "3100000017", "alone": "yes"}
OF_SEVERAL = {"acct_no": "3100000017"}


@pytest.mark.parametrize("higher", [True, False])
def test_what_a_link_sends_is_understood(higher: bool) -> None:
    assert read(write(ONE, BILL, higher=higher)) == Asked("", "2026-09")
    assert read(write(OF_SEVERAL, BILL, higher=higher)) == Asked("017", "2026-09")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("为什么比上期高", Asked()),
        ("2026年9月账单为什么比上期高", Asked("", "2026-09")),
        ("2026年12月的水费为什么比上期贵", Asked("", "2026-12")),
        ("尾号017的为什么比上期低", Asked("017", "")),
        ("尾号17的2026年9月为什么比上期多", Asked("17", "2026-09")),
        ("为什么比去年高", Asked()),
        ("", Asked()),
    ],
)
def test_citizens_may_ask_in_their_own_words(said: str, asked: Asked) -> None:
    assert read(said) == asked


def test_other_sentences_are_not_taken_for_it() -> None:
    assert not PATTERN.match("我想问2026年9月为什么比上期高")
    assert not PATTERN.match("2026年9月")
