"""What of a person may stand in a chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.masking import (
    LISTED,
    brief_address,
    listed_address,
    masked_account,
    masked_address,
    masked_email,
    masked_mobile,
    masked_name,
)


@pytest.mark.parametrize(
    ("name", "shown"), [("张伟", "张*"), ("欧阳娜娜", "欧*"), ("张", "张*"), ("", ""), (None, "")]
)
def test_of_a_name_the_first_character_is_shown(name: str | None, shown: str) -> None:
    assert masked_name(name) == shown


@given(st.text("0123456789", max_size=20))
def test_of_an_account_number_at_least_two_digits_are_hidden(number: str) -> None:
    shown = masked_account(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= min(2, max(len(number) - 2, 0))
    assert all(there in ("*", digit) for there, digit in zip(shown, number, strict=True))


@pytest.mark.parametrize(
    ("number", "shown"),
    [("3100000017", "31*****017"), ("1234567", "12**567"), ("12345", "***45"), ("1234", "**34")],
)
def test_account_numbers_as_they_are_shown(number: str, shown: str) -> None:
    assert masked_account(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("云川市滨河路12号3单元501室", "云川市滨河路12号***"),
        ("云川市人民东路88弄6号1201室", "云川市人民东路88弄6号***"),
        ("云川市建设大道606号书香城2幢302室", "云川市建设大道606号书香城2幢***"),
        ("港口路1号", "港口路1号"),
        ("李家村三组", "李家村三组"),
        ("", ""),
    ],
)
def test_an_address_ends_at_the_building(address: str, shown: str) -> None:
    assert masked_address(address) == shown


@given(st.text("云川市路12号栋室abc", max_size=200))
def test_a_listed_address_is_short_and_keeps_the_end(address: str) -> None:
    shown = listed_address(address)
    assert len(shown) <= LISTED
    assert masked_address(address).endswith(shown.removeprefix("…"))


@given(st.text("云川市路12号栋室", max_size=200))
def test_a_masked_address_shows_nothing_after_the_building(address: str) -> None:
    shown = masked_address(address)
    assert address.startswith(shown.removesuffix("***"))


def test_of_a_mobile_number_the_middle_is_hidden() -> None:
    assert masked_mobile("13800001234") == "138****1234"
    assert masked_mobile("62345678") == "****78"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhangwei@example.com", "z***@example.com"),
        ("@example.com", "***@example.com"),
        ("x", "***"),
    ],
)
def test_of_an_e_mail_address_the_mailbox_is_hidden(address: str, shown: str) -> None:
    assert masked_email(address) == shown


def test_of_many_addresses_only_the_end_is_listed() -> None:
    assert brief_address("…人民东路88弄幸福花园6号***", of=4) == "…人民东路88弄幸福花园6号***"
    assert brief_address("…人民东路88弄幸福花园6号***", of=5) == "…8弄幸福花园6号***"
    assert brief_address("港口路1号", of=10) == "港口路1号"
