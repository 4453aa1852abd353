"""Identity as people type it: every right number is read, every single slip in one is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.inbound import normal
from dialogs.engine.definition import Bad, Ok
from dialogs.identity import id_numbers

TODAY = date(2026, 11, 22)
PLACES = st.integers(110000, 989999).map(str)
BIRTHDAYS = st.dates(date(1926, 1, 1), TODAY).map(lambda born: f"{born:%Y%m%d}")
SERIALS = st.integers(0, 999).map(lambda number: f"{number:03d}")
NAMES = st.text(st.sampled_from("张伟欧阳娜娜买买提吾𠮷㛃"), min_size=2, max_size=12)


def numbered(body: str) -> str:
    """Seventeen digits with their check character, found another way than the parser does."""
    for last in "0123456789X":
        value = 10 if last == "X" else int(last)
        total = value + sum(int(d) * pow(2, 17 - n, 11) for n, d in enumerate(body))
        if total % 11 == 1:
            return body + last
    raise AssertionError(body)


IDS = st.builds(lambda place, born, n: numbered(place + born + n), PLACES, BIRTHDAYS, SERIALS)


def read(text: str) -> Ok | Bad:
    return id_numbers.id_number(normal(text), TODAY)


@given(text=st.text())
def test_any_text_is_an_answer_or_a_refusal(text: str) -> None:
    for said in (text, normal(text)):
        assert isinstance(id_numbers.id_number(said, TODAY), Ok | Bad)
        assert isinstance(id_numbers.unified_code(said), Ok | Bad)
        assert isinstance(id_numbers.person_name(said), Ok | Bad)


@given(number=IDS, gap=st.sampled_from(["", " ", "-", "　", "·"]), label=st.booleans())
def test_a_right_number_is_read_in_any_width_case_and_spacing(
    number: str, gap: str, label: bool
) -> None:
    typed = gap.join((number[:6], number[6:14], number[14:])).lower()
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed)
    for said in (typed, wide, f"{typed}。", f"身份证号:{typed}" if label else typed):
        assert read(said) == Ok(number)


@given(number=IDS, place=st.integers(0, 17), other=st.sampled_from("0123456789X"))
def test_one_wrong_character_is_never_read(number: str, place: int, other: str) -> None:
    changed = number[:place] + other + number[place + 1 :]
    assume(changed != number)
    assert isinstance(read(changed), Bad)


@given(number=IDS, place=st.integers(0, 15))
def test_two_neighbours_swapped_are_never_read(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assume(swapped != number)
    assert isinstance(read(swapped), Bad)


@given(place=PLACES, days=st.integers(1, 3000), serial=SERIALS)
def test_nobody_is_born_tomorrow(place: str, days: int, serial: str) -> None:
    born = f"{TODAY + timedelta(days=days):%Y%m%d}"
    assert read(numbered(place + born + serial)) == Bad("id_birthday")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("530102650101001", "id_fifteen"),
        ("", "id_format"),
        ("5301021990010112", "id_format"),
        ("X30102199001011234", "id_format"),
        ("５３01０２1990０１０１12３X4", "id_format"),
        (numbered("53010218991231001"), "id_birthday"),
        (numbered("53010219990229001"), "id_birthday"),
        (numbered("53010219901301001"), "id_birthday"),
        ("530102199003071230", "id_check"),
    ],
)
def test_what_is_no_id_number_is_refused_for_its_reason(typed: str, reason: str) -> None:
    assert read(typed) == Bad(reason)


def test_a_leap_day_is_a_birthday() -> None:
    number = numbered("53010220000229001")
    assert read(number) == Ok(number)


@given(number=IDS)
def test_only_the_last_four_characters_are_shown(number: str) -> None:
    shown = id_numbers.masked_id_number(number)
    assert shown == "*" * 14 + number[-4:]


# --- companies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110108MA01KPGK0L"])
def test_a_unified_code_is_read_in_any_case_and_spacing(code: str) -> None:
    assert id_numbers.unified_code(normal(f"{code[:8]} {code[8:]}".lower())) == Ok(code)


@given(place=st.integers(0, 17), other=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_unified_code_is_refused(place: int, other: str) -> None:
    code = "91350100M000100Y43"
    changed = code[:place] + other + code[place + 1 :]
    assume(changed != code)
    assert id_numbers.unified_code(changed) == Bad("code_check")


@pytest.mark.parametrize("text", ["", "91350100M000100Y4", "91350100M000100Y4O", "张伟"])
def test_what_is_no_unified_code_is_refused(text: str) -> None:
    assert id_numbers.unified_code(text) == Bad("code")


# --- names ----------------------------------------------------------------------------------------


@given(name=NAMES)
def test_a_name_is_read_with_characters_however_rare(name: str) -> None:
    assert id_numbers.person_name(normal(name)) == Ok(normal(name))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 伟", "张伟"),
        ("我叫张伟。", "张伟"),
        ("姓名：欧阳娜娜", "欧阳娜娜"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("John O'Neil Smith", "John O'Neil Smith"),
    ],
)
def test_a_name_is_read_as_the_card_has_it(typed: str, name: str) -> None:
    assert id_numbers.person_name(typed.replace("．", ".")) == Ok(name)


@pytest.mark.parametrize("text", ["", "张", "张伟1", "13800001234", "·张伟", "张伟?吗", "好" * 31])
def test_what_is_no_name_is_refused(text: str) -> None:
    assert id_numbers.person_name(text) == Bad("name")
