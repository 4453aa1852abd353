"""Typed identity into values: an ID number 身份证号, a unified code of a company, a person's name.
Pure and total, like `dialogs.parsers`."""

import re
from datetime import date

from dialogs.engine.definition import Bad, Ok
from dialogs.engine.inbound import CLOSING

OLDEST_YEARS = 120
_BLANKS = re.compile(r"[\s\-_.·,，。:：]+")
_ID_LABEL = re.compile(r"^我?的?(居民)?(身份证|证件)?(号码|号)?(是|为)?")
_ID_NUMBER = re.compile(r"^[1-9]\d{16}[\dX]$", re.ASCII)
_FIRST_GENERATION = re.compile(r"^[1-9]\d{14}$", re.ASCII)
_NAME_LABEL = re.compile(r"^(姓名|我叫|我是|名字)(是|叫)?[:：]?")
_MIDDLE_DOTS = re.compile(r"[.•‧・⋅∙·]")
_NAME = re.compile(r"^[^\W\d_]+(?:[·'\-][^\W\d_]+)*$")

# GB 11643: the sum of the weighted digits modulo 11 names the last character.
_ID_WEIGHTS = tuple(pow(2, place, 11) for place in range(17, 0, -1))
_ID_CHECKS = "10X98765432"
# GB 32100: thirty-one characters, those easily mistaken for others left out.
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def id_number(text: str, today: date) -> Ok | Bad:
    """Eighteen characters, the last one a digit or X. Also a residence permit's: it is alike."""
    bare = _ID_LABEL.sub("", _BLANKS.sub("", text)).rstrip(CLOSING).upper()
    if _FIRST_GENERATION.match(bare):
        return Bad("id_fifteen")
    if not _ID_NUMBER.match(bare):
        return Bad("id_format")
    if not _is_birthday(bare[6:14], today):
        return Bad("id_birthday")
    return Ok(bare) if _ID_CHECKS[_weighted(bare[:17])] == bare[17] else Bad("id_check")


def unified_code(text: str) -> Ok | Bad:
    """A company's 统一社会信用代码."""
    bare = _BLANKS.sub("", text).upper()
    if len(bare) != 18 or any(letter not in _CODE_LETTERS for letter in bare):
        return Bad("code")
    values = (_CODE_LETTERS.index(letter) for letter in bare)
    total = sum(value * weight for value, weight in zip(values, _CODE_WEIGHTS, strict=False))
    return Ok(bare) if bare[17] == _CODE_LETTERS[-total % 31] else Bad("code_check")


# What our own replies ask for at other steps; nobody is called that.
_WORDS_OF_OURS = ("完成", "下一步", "跳过", "确认", "提交", "补正")


def person_name(text: str) -> Ok | Bad:
    """As on the identity card: two to thirty letters of any script, with 阿·卜 in between."""
    bare = _NAME_LABEL.sub("", text.strip()).strip().rstrip(CLOSING)
    if not bare.isascii():
        bare = re.sub(r"\s+", "", bare)
    bare = re.sub(r"\s+", " ", _MIDDLE_DOTS.sub("·", bare))
    letters = sum(letter.isalpha() for letter in bare)
    if bare in _WORDS_OF_OURS:
        return Bad("name")
    if not 2 <= letters <= len(bare) <= 30 or not _NAME.match(bare.replace(" ", "·")):
        return Bad("name")
    return Ok(bare)


def masked_id_number(number: str) -> str:
    """Its last four characters."""
    return "*" * (len(number) - 4) + number[-4:]


def _is_birthday(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return today.year - OLDEST_YEARS <= born.year and born <= today


def _weighted(digits: str) -> int:
    return sum(int(one) * weight for one, weight in zip(digits, _ID_WEIGHTS, strict=True)) % 11
