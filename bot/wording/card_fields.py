"""Values as WeChat takes them for the keys of a template: `thing2` holds at most twenty characters.

Enters: a key and a text. Leaves: the text in the key's form. What is free text is cut: a citizen
who reads most of it is better off than one who gets nothing. Where a cut would say something else
(an amount, a time, a number), and for a word of our own that is too long, there is a ValueError.
"""

import re
from collections.abc import Callable
from datetime import date, time
from functools import lru_cache

LONGEST_THING, LONGEST_SHORT_THING, LONGEST_NAME = 20, 10, 10
MOST_AMOUNT_DIGITS = 10
NOTHING = "无"
NO_CHARACTERS = "-"  # where no Chinese may stand
_KEY = re.compile(r"([a-z_]+[a-z])\d{1,3}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_NO_CHINESE = re.compile(r"[\x20-\x7e]{1,32}")
_LETTERS = re.compile(r"[A-Za-z]{1,32}")
_NUMBER = re.compile(r"[0-9]{1,32}|(?=[0-9.]{3,32}$)[0-9]+\.[0-9]+")
_AMOUNT = re.compile(r"[¥￥$€£]?([0-9]+(?:\.[0-9]+)?)元?")
_PHONE = re.compile(r"[0-9+*() -]{1,17}")
_CHINESE = re.compile(r"[\u3400-\u9fff]{1,5}")
_SYMBOLS = re.compile(r"[^\w\s]{1,5}")
_PLATE = re.compile(r"(?=.{2,8}$)[\u4e00-\u9fff]?[A-Za-z0-9]+[A-Za-z0-9\u4e00-\u9fff]?")
_ANY = re.compile(r".{1,20}")
_MOMENT = re.compile(
    r"(?:([0-9]{4})[年/-]([0-9]{1,2})[月/-]([0-9]{1,2})日?[ T]?)?(?:([0-9]{1,2}):([0-9]{2}))?"
)
_TO = re.compile(r"(?<=[0-9日])\s*[~～—至]+\s*(?=[0-9])|(?<=:[0-9]{2})\s*[-–]\s*(?=[0-9])")
_TIME = re.compile(r"(?:.+日 )?..:..")
_DATE = re.compile(r".+日(?: ..:..)?")


def fit(key: str, value: str) -> str:
    """ValueError when it cannot be made to fit, or when nobody knows such a key."""
    form = form_of(key)
    if form is None:
        raise ValueError(f"WeChat has no keys like {key}")
    line = " ".join(_UNPRINTABLE.sub(" ", value).split())
    fitted = FORMS[form](line)
    if fitted is None:
        raise ValueError(f"it does not fit {key}")
    return fitted


def form_of(key: str) -> str | None:
    """thing2 → thing; None for a key that WeChat does not have."""
    named = _KEY.fullmatch(key)
    return named[1] if named and named[1] in FORMS else None


def _cut(longest: int) -> Callable[[str], str]:
    def cut(line: str) -> str:
        line = line or NOTHING
        return line if len(line) <= longest else f"{line[: longest - 3]}..."

    return cut


def _name(line: str) -> str:
    """Names in Latin letters may be twice as long."""
    longest = 2 * LONGEST_NAME if line.isascii() else LONGEST_NAME
    return (line or NOTHING)[:longest].rstrip()


def _whole(form: re.Pattern[str], when_empty: str = "") -> Callable[[str], str | None]:
    def whole(line: str) -> str | None:
        line = line or when_empty
        return line if form.fullmatch(line) else None

    return whole


def _amount(line: str) -> str | None:
    plain = line.replace(",", "").replace(" ", "")
    found = _AMOUNT.fullmatch(plain)
    is_short = found and len(found[1].replace(".", "")) <= MOST_AMOUNT_DIGITS
    return plain if is_short else None


def _moments(form: re.Pattern[str]) -> Callable[[str], str | None]:
    """One moment, or two with `~` between them, as 2019年10月1日 15:01."""

    @lru_cache(maxsize=1024)  # a run of cards has the same few days
    def moments(line: str) -> str | None:
        ends = [_moment(end) for end in _TO.split(line)]
        return "~".join(ends) if len(ends) <= 2 and all(map(form.fullmatch, ends)) else None

    return moments


def _moment(text: str) -> str:
    """'' when there is no such day or hour."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return ""
    on = at = ""
    try:
        if found[1]:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            on = f"{day.year:04}年{day.month}月{day.day}日"
        if found[4]:
            at = f"{time(int(found[4]), int(found[5])):%H:%M}"
    except ValueError:
        return ""
    return f"{on} {at}".strip()


FORMS: dict[str, Callable[[str], str | None]] = {
    "thing": _cut(LONGEST_THING),
    "short_thing": _cut(LONGEST_SHORT_THING),
    "character_string": _whole(_NO_CHINESE, NO_CHARACTERS),
    "letter": _whole(_LETTERS),
    "number": _whole(_NUMBER),
    "amount": _amount,
    "time": _moments(_TIME),
    "date": _moments(_DATE),
    "phone_number": _whole(_PHONE),
    "name": _name,
    "phrase": _whole(_CHINESE, NOTHING),
    "symbol": _whole(_SYMBOLS, NO_CHARACTERS),
    "car_number": _whole(_PLATE),
    "const": _whole(_ANY),
}
