"""Which texts ask for a submission by its number."""

import pytest

from bot.inbound import normal
from dialogs.tracking.progress_numbers import HEARS, Asked, asked_in

NUMBER = "W2611200000018"


@pytest.mark.parametrize(
    ("said", "rates"),
    [
        ("w2611200000018", False),
        ("Ｗ2611200000018", False),
        ("进度w2611200000018", False),
        ("查进度:2611200000018", False),
        ("进度w261120-000001-8", False),
        ("评价w2611200000018", True),
    ],
)
def test_a_number_is_found_with_or_without_a_word_before_it(said: str, rates: bool) -> None:
    assert asked_in(normal(said).replace(" ", "")) == Asked(NUMBER, rates=rates)


@pytest.mark.parametrize(
    "said", ["w2611200000019", "进度26112000", "w26112000000181", "3100000017"]
)
def test_a_number_of_another_form_is_asked_for_too_but_is_none(said: str) -> None:
    assert asked_in(said) == Asked("", rates=False)


@pytest.mark.parametrize("said", ["", "1", "进度", "评价", "2分", "滨河路12号", "进度12"])
def test_other_answers_ask_for_no_number(said: str) -> None:
    assert asked_in(said) is None


@pytest.mark.parametrize("said", ["w2611200000018", "进度w2611200000018", "评价2611200000018"])
def test_a_number_leads_to_progress_wherever_it_is_said(said: str) -> None:
    assert HEARS.match(said)


@pytest.mark.parametrize("said", ["3100000017", "13800001234", "56.70", "sh210000000017", "w1250"])
def test_account_numbers_mobiles_and_meter_codes_do_not(said: str) -> None:
    assert not HEARS.match(said)
