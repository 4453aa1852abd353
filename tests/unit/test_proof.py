"""Proof of ownership: what counts as the same answer, and what never does."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.csms.proof import (
    Facts,
    fits,
    plain_amount,
    plain_meter_code,
    plain_mobile,
    plain_name,
)
from backends.ports import ProofFactor

FACTS = Facts(
    status="active",
    owner_name="阿依古丽·买买提",
    last_bill_amount=Decimal("1056.70"),
    meter_code="01260100000017",
    mobile="13812345678",
)
RIGHT = {
    ProofFactor.OWNER_NAME: "阿依古丽·买买提",
    ProofFactor.LAST_BILL_AMOUNT: "1056.70",
    ProofFactor.METER_CODE: "01260100000017",
    ProofFactor.MOBILE: "13812345678",
}
BLANKS = st.text(alphabet=" \u3000\u00a0\u200b\ufeff\t\n\u2009", max_size=3)
NAMES = st.text(alphabet="张王李林晓𠮷䶮·.ABc（）", min_size=1, max_size=12)
FEN = st.integers(min_value=1, max_value=10**12 - 1)


@given(name=NAMES, blanks=st.lists(BLANKS, min_size=13, max_size=13))
def test_blanks_in_a_name_do_not_matter(name: str, blanks: list[str]) -> None:
    spread = "".join(blank + char for blank, char in zip(blanks, name, strict=False))
    assert plain_name(spread + blanks[-1]) == plain_name(name)


@given(name=NAMES, dot=st.sampled_from("·•・.‧・．"))
def test_any_middle_dot_is_the_same_dot(name: str, dot: str) -> None:
    assert plain_name(name.replace("·", dot).replace(".", dot)) == plain_name(name)


@given(name=NAMES)
def test_case_and_width_of_a_name_do_not_matter(name: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    assert plain_name(wide) == plain_name(name.upper()) == plain_name(name.lower())


@given(one=NAMES, other=NAMES)
def test_names_of_different_characters_stay_different(one: str, other: str) -> None:
    kept = [{c.casefold() for c in name if c not in "·.（）"} for name in (one, other)]
    if kept[0] != kept[1]:
        assert plain_name(one) != plain_name(other)


@pytest.mark.parametrize(
    ("typed", "on_file"),
    [("⽥芳", "田芳"), ("辻\ufe00一", "辻一"), ("葛\U000e0100飾", "葛飾"), ("fl兄弟", "ﬂ兄弟")],
)
def test_variants_of_one_character_are_one(typed: str, on_file: str) -> None:
    assert plain_name(typed) == plain_name(on_file)


@given(fen=FEN, form=st.sampled_from(["{}", "¥{}", "￥{}", "{}元", " {} 元 ", "¥ {}"]))
def test_an_amount_fits_in_every_form_people_write_it(fen: int, form: str) -> None:
    amount = Decimal(fen) / 100
    plain = f"{amount:.2f}"
    short = plain.rstrip("0").rstrip(".")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in plain)
    for written in (plain, short, wide, f"{amount:,.2f}"):
        assert plain_amount(form.format(written)) == plain


@given(fen=FEN, other=FEN)
def test_amounts_that_differ_by_a_fen_differ(fen: int, other: int) -> None:
    same = plain_amount(str(Decimal(fen) / 100)) == plain_amount(str(Decimal(other) / 100))
    assert same == (fen == other)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.00", "-5", "5.", ".5", "1,05", "56.701", "五十六", "٥٦", "1e3", "NaN", "5元5"],
)
def test_what_is_no_amount_fits_none(text: str) -> None:
    assert plain_amount(text) == ""


@given(digits=st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_a_mobile_fits_however_it_is_grouped(digits: str) -> None:
    grouped = f"{digits[:3]}-{digits[3:7]} {digits[7:]}"
    for prefix in ("", "+86", "+86 ", "86", "0086-"):
        assert plain_mobile(prefix + grouped) == digits


@pytest.mark.parametrize(
    "text", ["", "1381234567", "138123456789", "23812345678", "+1 13812345678"]
)
def test_what_is_no_mobile_fits_none(text: str) -> None:
    assert plain_mobile(text) == ""


def test_a_meter_code_fits_whole_or_by_its_last_six() -> None:
    for answer in ("0126 0100 0000 17", "０００-０１７", "000017"):
        assert fits(FACTS, ProofFactor.METER_CODE, answer)
    for answer in ("00017", "0000017", "012601", "260100000017"):
        assert not fits(FACTS, ProofFactor.METER_CODE, answer)
    assert plain_meter_code("ab-12") == "AB12"


def test_a_meter_code_shorter_than_six_fits_only_whole() -> None:
    short = replace(FACTS, meter_code="12345")
    assert fits(short, ProofFactor.METER_CODE, "12345")
    assert not fits(short, ProofFactor.METER_CODE, "")


@pytest.mark.parametrize("factor", RIGHT)
def test_a_right_answer_fits_and_only_on_an_open_account(factor: ProofFactor) -> None:
    assert fits(FACTS, factor, RIGHT[factor])
    assert fits(replace(FACTS, status="stopped_arrears"), factor, RIGHT[factor])
    assert not fits(replace(FACTS, status="closed"), factor, RIGHT[factor])


@given(answer=st.one_of(st.text(), st.sampled_from([*RIGHT.values()])))
def test_nothing_that_is_typed_takes_the_place_of_papers(answer: str) -> None:
    assert not fits(FACTS, ProofFactor.DOCUMENTS, answer)


@given(factor=st.sampled_from(ProofFactor), answer=st.text(max_size=300))
def test_no_answer_fits_where_nothing_is_on_file(factor: ProofFactor, answer: str) -> None:
    assert not fits(Facts(status="active"), factor, answer)
    assert not fits(
        Facts(status="active", owner_name=" ", mobile="", meter_code=""), factor, answer
    )


@given(factor=st.sampled_from(ProofFactor), answer=st.text())
def test_any_text_is_answered(factor: ProofFactor, answer: str) -> None:
    assert fits(FACTS, factor, answer) in {True, False}


def test_an_endless_answer_is_cut_and_does_not_fit() -> None:
    assert not fits(FACTS, ProofFactor.OWNER_NAME, " " * 10**6 + RIGHT[ProofFactor.OWNER_NAME])
