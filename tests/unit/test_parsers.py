"""Typed answers into values: in any width and spacing, exact, and never with an exception."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import normal
from dialogs import parsers
from dialogs.engine.definition import Bad, Ok

DIGITS = st.text("0123456789", min_size=10, max_size=10)
GAPS = st.lists(st.sampled_from(["", " ", "-", "　", "·", ".", "_", " - "]), min_size=9, max_size=9)
LABELS = st.sampled_from(
    ["", "户号", "户号：", "户号是", "我的户号是", "我家的户号: ", "编号 ", "No. ", "账号#"]
)


def number(text: str, *, digits: int = 10, check: bool = False) -> Ok | Bad:
    return parsers.account_number(normal(text), digits=digits, check=check)


def wide(text: str) -> str:
    """As a Chinese keyboard in full-width mode types it."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(text=st.text(), digits=st.integers(4, 20), check=st.booleans())
def test_any_text_is_an_answer_or_a_refusal(text: str, digits: int, check: bool) -> None:
    for said in (text, normal(text)):
        assert isinstance(parsers.account_number(said, digits=digits, check=check), Ok | Bad)
        parse_all = (parsers.owner_name, parsers.amount, parsers.meter_code, parsers.mobile)
        for parse in (*parse_all, parsers.reading):
            assert isinstance(parse(said), Ok | Bad)


@given(digits=DIGITS, gaps=GAPS, label=LABELS, full_width=st.booleans())
def test_an_account_number_is_read_in_any_width_and_spacing(
    digits: str, gaps: list[str], label: str, full_width: bool
) -> None:
    spaced = digits[0] + "".join(gap + digit for gap, digit in zip(gaps, digits[1:], strict=True))
    typed = label + (wide(spaced) if full_width else spaced)
    assert number(typed) == Ok(digits)


@given(digits=st.text("0123456789", max_size=25).filter(lambda text: len(text) != 10))
def test_a_number_of_another_length_is_refused_and_the_length_named(digits: str) -> None:
    assert number(digits) == Bad("format", show={"digits": 10})


@pytest.mark.parametrize("text", ["", "户号", "310000001O", "三一〇〇〇〇〇〇一七", "٣١٠٠٠٠٠٠١٧"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert number(text).__class__ is Bad


@given(digits=st.text("0123456789", min_size=9, max_size=9))
def test_of_ten_last_digits_one_passes_the_check(digits: str) -> None:
    read = [number(f"{digits}{last}", check=True) for last in range(10)]
    assert sum(isinstance(one, Ok) for one in read) == 1
    assert read.count(Bad("check_digit")) == 9


@given(digits=DIGITS, place=st.integers(0, 9), other=st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes_the_check(digits: str, place: int, other: str) -> None:
    changed = digits[:place] + other + digits[place + 1 :]
    if changed != digits and isinstance(number(digits, check=True), Ok):
        assert number(changed, check=True) == Bad("check_digit")


@given(fen=st.integers(0, 9_999_999_999), full_width=st.booleans())
def test_an_amount_is_exact_to_the_fen(fen: int, full_width: bool) -> None:
    yuan = Decimal(fen) / 100
    for typed in (
        f"{yuan:.2f}",
        f"¥{yuan:.2f}",
        f"{yuan:.2f}元",
        f"{yuan:,.2f}",
        f" {yuan:.2f} 块。",
    ):
        read = parsers.amount(normal(wide(typed) if full_width else typed))
        assert read == Ok(f"{yuan:.2f}")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("56.7", "56.70"),
        ("56", "56.00"),
        ("¥56", "56.00"),
        ("1,234.50元", "1234.50"),
        ("0", "0.00"),
    ],
)
def test_amounts_as_people_write_them(typed: str, value: str) -> None:
    assert parsers.amount(typed) == Ok(value)


@pytest.mark.parametrize(
    "typed", ["", "五十六", "56.705", "-56", "56.7.0", "1e3", "nan", "inf", "9" * 9, "56 70 多"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert parsers.amount(normal(typed)) == Bad("amount")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (" 张 伟 ", "张伟"),
        ("张伟。", "张伟"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("3M中国有限公司", "3M中国有限公司"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_names_as_people_write_them(typed: str, value: str) -> None:
    assert parsers.owner_name(typed) == Ok(value)


@pytest.mark.parametrize("typed", ["", "张", "3100000017", "12-34", "？？", "张" * 61, "。。。"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    assert parsers.owner_name(typed) == Bad("name")


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "+86", "86", "+86 ", "+86-"]),
)
def test_a_mobile_number_is_read_with_or_without_the_country(mobile: str, prefix: str) -> None:
    typed = f"{prefix}{mobile[:3]}-{mobile[3:7]} {mobile[7:]}"
    assert parsers.mobile(normal(typed)) == Ok(mobile)
    assert parsers.mobile(normal(wide(typed))) == Ok(mobile)


@pytest.mark.parametrize(
    "typed",
    ["1380000123", "138000012345", "12800001234", "0871-6666666", "", "１３８００００１２３四"],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert parsers.mobile(normal(typed)) == Bad("mobile")


@given(st.text("0123456789abcdefSH", min_size=6, max_size=20))
def test_a_meter_code_is_read_in_capitals_without_blanks(code: str) -> None:
    assert parsers.meter_code(f" {code[:3]} {code[3:]}") == Ok(code.upper())


@pytest.mark.parametrize("typed", ["12345", "x" * 21, "sh2100/17", "条码在这里", ""])
def test_what_is_no_meter_code_is_refused(typed: str) -> None:
    assert parsers.meter_code(typed) == Bad("meter_code")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1250", 1250),
        ("01250", 1250),
        ("1250.37", 1250),
        ("1250。", 1250),
        ("1250。37", 1250),
        ("0 1 2 5 0", 1250),
        ("1,250", 1250),
        ("１２５０吨", 1250),
        ("读数是1250", 1250),
        ("水表读数：1250", 1250),
        ("1250 m³", 1250),
        ("本次读数 1250 立方米", 1250),
        ("0", 0),
    ],
)
def test_a_reading_is_what_the_black_wheels_show(typed: str, value: int) -> None:
    assert parsers.reading(normal(typed)) == Ok(value)


@pytest.mark.parametrize(
    "typed", ["", "看不清", "-5", "1250元", "12至13", "1" * 13, "٣١٠", "1.2.3"]
)
def test_what_is_no_reading_is_refused(typed: str) -> None:
    assert parsers.reading(normal(typed)) == Bad("number")
