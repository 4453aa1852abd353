"""One item of a feed: judged, kept as plain JSON, and read again as a value of the ports.

Enters: a mapping as the website sent it. Leaves: the item as it is stored, or `Odd` with the field.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from backends.ports import OUTAGES, QUALITY, OutageNotice, OutageStatus, QualityValue

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
Item = Mapping[str, Any]
_ID = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_URL = re.compile(r"https?://[^\s<>\"']{1,300}")
# Invisible, or turning the direction of what follows: no place for them in a notice.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SHORTEST_PLACE, _LONGEST_PLACE, _MOST_PLACES = 2, 30, 100


class Odd(ValueError):
    """A value that is missing or is not what the contract says. Names the field only."""


def outage_in(given: Item) -> Item:
    starts, ends = _moment(given, "starts_at"), _moment(given, "ends_at")
    if ends < starts:
        raise Odd("ends_at")
    return {
        "id": _matching(given, "id", _ID),
        "version": _whole(given, "version"),
        "kind": _one_of(given, "kind", ("planned", "emergency")),
        "status": _one_of(given, "status", tuple(OutageStatus)),
        "area": _text(given, "area", 200),
        "places": _places(given),
        "reason": _text(given, "reason", 100, empty=True),
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "tips": _optional(given, "tips", 200),
        "url": _url(given),
        "published_at": _moment(given, "published_at").isoformat(),
    }


def quality_in(given: Item) -> Item:
    ok = given.get("ok")
    if ok is not None and not isinstance(ok, bool):
        raise Odd("ok")
    return {
        "date": _day(given, "date").isoformat(),
        "plant": _text(given, "plant", 40),
        "kind": _one_of(given, "kind", ("plant", "network", "tap")),
        "item": _text(given, "item", 30),
        "value": _optional(given, "value", 30, required=True),
        "unit": _optional(given, "unit", 12),
        "limit": _optional(given, "limit", 30),
        "ok": ok,
        "url": _url(given),
    }


def newest(items: Sequence[Item]) -> Sequence[Item]:
    """Of the notices with one id the highest version; the last one when that stands twice."""
    found: dict[str, Item] = {}
    for one in items:
        if one["id"] not in found or one["version"] >= found[one["id"]]["version"]:
            found[one["id"]] = one
    return list(found.values())


def last_said(items: Sequence[Item]) -> Sequence[Item]:
    """Of the values for one index, point and day the last one."""
    return list(
        {(one["date"], one["plant"], one["kind"], one["item"]): one for one in items}.values()
    )


READ: Final[Mapping[str, Callable[[Item], Item]]] = {OUTAGES: outage_in, QUALITY: quality_in}
SETTLED: Final = {OUTAGES: newest, QUALITY: last_said}


def notice(stored: Item) -> OutageNotice:
    return OutageNotice(
        outage_no=stored["id"],
        version=stored["version"],
        kind=stored["kind"],
        status=OutageStatus(stored["status"]),
        area=stored["area"],
        places=tuple(stored["places"]),
        reason=stored["reason"],
        starts_at=datetime.fromisoformat(stored["starts_at"]),
        ends_at=datetime.fromisoformat(stored["ends_at"]),
        tips=stored["tips"],
        source_url=stored["url"],
        published_at=datetime.fromisoformat(stored["published_at"]),
    )


def quality_value(stored: Item) -> QualityValue:
    return QualityValue(
        on=date.fromisoformat(stored["date"]),
        plant=stored["plant"],
        kind=stored["kind"],
        item=stored["item"],
        value=stored["value"],
        unit=stored["unit"],
        limit=stored["limit"],
        ok=stored["ok"],
        source_url=stored["url"],
    )


def _text(given: Item, name: str, longest: int, *, empty: bool = False) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Odd(name)
    words = " ".join(_UNSEEN.sub(" ", value).split())
    if not words and not empty:
        raise Odd(name)
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _optional(given: Item, name: str, longest: int, *, required: bool = False) -> str:
    """Null is no text. A field that is `required` has to be there even so."""
    if required and name not in given:
        raise Odd(name)
    return "" if given.get(name) is None else _text(given, name, longest, empty=True)


def _matching(given: Item, name: str, pattern: re.Pattern[str]) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Odd(name)
    return value


def _one_of(given: Item, name: str, words: Sequence[str]) -> str:
    value = given.get(name)
    if not isinstance(value, str) or value not in words:
        raise Odd(name)
    return value


def _whole(given: Item, name: str) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 1_000_000_000:
        raise Odd(name)
    return value


def _moment(given: Item, name: str) -> datetime:
    try:
        value = datetime.fromisoformat(_text(given, name, 40))
        if value.tzinfo is not None:
            return value.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        pass
    raise Odd(name)


def _day(given: Item, name: str) -> date:
    try:
        return date.fromisoformat(_text(given, name, 10))
    except ValueError:
        raise Odd(name) from None


def _url(given: Item) -> str:
    value = given.get("url")
    return value if isinstance(value, str) and _URL.fullmatch(value) else ""


def _places(given: Item) -> list[str]:
    """Those that can be looked for in an address: a single letter would be found in most."""
    value = given.get("places")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Odd("places")
    cleaned = ["".join(_UNSEEN.sub("", one).split()) for one in value[:_MOST_PLACES]]
    return [one for one in cleaned if _SHORTEST_PLACE <= len(one) <= _LONGEST_PLACE]
