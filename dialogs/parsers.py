"""Typed answers into values. Pure, total: any text gives `Ok` or `Bad`, nothing raises.

Texts arrive NFKC-normalised: full-width digits are plain ones already.
"""

import itertools
import re
from decimal import Decimal

from dialogs.engine.definition import Bad, Ok
from dialogs.engine.inbound import CLOSING

_BLANKS = re.compile(r"[\s\-_.·,，。:：#]+")
_ACCOUNT_LABEL = re.compile(
    r"^(我(们|家)*的?)?(户号|用户号|账号|帐号|客户号|编号|no)(是|为)?", re.IGNORECASE
)
_AMOUNT = re.compile(r"^[¥￥]?(\d{1,8}(?:\.\d{1,2})?)(元|块|rmb|圆)?$", re.IGNORECASE)
_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_READING_LABEL = re.compile(r"^(我家的?|本期|这次|本次|现在)?(水表|表)?(读数|示数|数)?(是|为)?[:]?")
_READING = re.compile(
    r"^([0-9]{1,12})(?:[.。][0-9]{0,6})?(立方米|立方|方|吨|m3|度)?$", re.IGNORECASE
)
_EMAIL = re.compile(r"^[0-9a-z._%+\-]{1,64}@[0-9a-z\-]+(\.[0-9a-z\-]+)*\.[a-z]{2,}$")
LONGEST_EMAIL = 100
_METER_CODE = re.compile(r"^[0-9A-Za-z]{6,20}$")


def account_number(text: str, *, digits: int, check: bool) -> Ok | Bad:
    """The account number in any width and spacing, with or without the word 户号 before it."""
    bare = _BLANKS.sub("", _ACCOUNT_LABEL.sub("", _BLANKS.sub("", text)))
    if not (bare.isascii() and bare.isdigit()) or len(bare) != digits:
        return Bad("format", show={"digits": digits})
    if check and not luhn(bare):
        return Bad("check_digit")
    return Ok(bare)


def owner_name(text: str) -> Ok | Bad:
    bare = re.sub(r"\s+", "", text).rstrip(CLOSING)
    if not 2 <= len(bare) <= 60 or not any(letter.isalpha() for letter in bare):
        return Bad("name")
    return Ok(bare)


def amount(text: str) -> Ok | Bad:
    """A sum in yuan, two decimals at most, as a plain decimal string."""
    found = _AMOUNT.match(re.sub(r"[\s,，]+", "", text).rstrip(CLOSING))
    if not found:
        return Bad("amount")
    return Ok(f"{Decimal(found[1]):.2f}")


def meter_code(text: str) -> Ok | Bad:
    bare = re.sub(r"[\s\-]+", "", text).rstrip(CLOSING)
    return Ok(bare.upper()) if _METER_CODE.match(bare) else Bad("meter_code")


def reading(text: str) -> Ok | Bad:
    """What the black wheels show, in whole m³: 01250, 1250.37 (the red ones), 读数1250吨."""
    bare = re.sub(r"[\s,，]+", "", text)
    found = _READING.match(_READING_LABEL.sub("", bare.rstrip(CLOSING)))
    return Ok(int(found[1])) if found else Bad("number")


def mobile(text: str) -> Ok | Bad:
    found = _MOBILE.match(re.sub(r"[\s\-()]+", "", text).rstrip(CLOSING))
    return Ok(found[1]) if found else Bad("mobile")


def email(text: str) -> Ok | Bad:
    """Lower case, as texts arrive; mailboxes that tell capitals apart are a thing of the past."""
    bare = re.sub(r"\s+", "", text).lower().rstrip(CLOSING)
    fits = len(bare) <= LONGEST_EMAIL and _EMAIL.match(bare)
    return Ok(bare) if fits else Bad("email")


def password(text: str) -> Ok | Bad:
    """Six digits in any spacing."""
    bare = re.sub(r"[\s\-]+", "", text).rstrip(CLOSING)
    fits = len(bare) == 6 and bare.isascii() and bare.isdigit()
    return Ok(bare) if fits else Bad("six_digits")


def guessable(digits: str) -> bool:
    """One digit, a run up or down, a pair or triple over and over."""
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(digits)}
    return steps in ({0}, {1}, {9}) or digits in (digits[:2] * 3, digits[:3] * 2)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    total = 0
    for place, letter in enumerate(reversed(digits)):
        value = int(letter)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
