"""The entries of customer service's content files into values; what is wrong with one is collected
in words for whoever edits it. Called by `content_files`."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from backends.ports import Article, Hours, Outlet, WayToPay

DAYS = "一二三四五六日"
_RANGE = re.compile(rf"^周([{DAYS}])[至到\-—～~]周([{DAYS}])$")
_DAY = re.compile(rf"^周([{DAYS}])$")
_CLOCK = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")
_LINK = re.compile(r"""^https?://[^\s"'<>]{3,900}$""")
MIDNIGHT = "24:00"
LONGEST = 200
NO_DAY = date(1970, 1, 1)


class Entry:
    """One [[table]] of a file, read value by value."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._read = set[str]()
        self.faults: list[str] = []

    def text(self, key: str, *, optional: bool = False, longest: int = LONGEST) -> str:
        value = self._value(key, optional)
        if value is None:
            return ""
        if not isinstance(value, str) or not (value.strip() or optional):
            self.faults.append(f'{key} 要写成引号里的文字，例如 {key} = "…"')
            return ""
        if len(value) > longest:
            self.faults.append(f"{key} 太长：{len(value)} 字，最多 {longest} 字")
        return value.strip()

    def link(self, key: str) -> str:
        value = self.text(key, optional=True, longest=1000)
        if value and not _LINK.match(value):
            self.faults.append(f"{key} 要写成完整的网址，例如 https://www.example.com/news/1")
        return value

    def day(self, key: str) -> date:
        value = self._value(key, optional=False)
        if value is None or _is_day(value):
            return value or NO_DAY
        self.faults.append(f"{key} 要写成日期，不加引号，例如 {key} = 2027-01-01")
        return NO_DAY

    def days(self, key: str) -> tuple[date, ...]:
        value = self._value(key, optional=True) or []
        if isinstance(value, list) and all(_is_day(one) for one in value):
            return tuple(value)
        self.faults.append(f"{key} 要写成日期的列表，不加引号，例如 {key} = [2027-01-01]")
        return ()

    def degrees(self, key: str, low: int, high: int) -> float:
        value = self._value(key, optional=False)
        if value is None:
            return 0.0
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            self.faults.append(f"{key} 要写 {low} 到 {high} 之间的数；纬度和经度有没有写反？")
            return 0.0
        return float(value)

    def hours(self, key: str) -> tuple[Hours, ...]:
        value = self._value(key, optional=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.faults.append(
                f'{key} 要写成 [{{ days = "周一至周五", opens = "08:30", closes = "17:30" }}]'
            )
            return ()
        read = (self._span(one) for one in value)
        return tuple(one for one in read if one)

    def _span(self, table: Mapping[str, Any]) -> Hours | None:
        days = weekdays(str(table.get("days", "")))
        opens, closes = clock(table.get("opens")), clock(table.get("closes"))
        if table.keys() - {"days", "opens", "closes"}:
            self.faults.append("hours 里只能写 days、opens、closes")
        elif not days:
            self.faults.append("hours 的 days 要写“每天”“周一至周五”或“周六、周日”")
        elif opens is None or closes is None or closes <= opens:
            self.faults.append('hours 的 opens、closes 要写成 "08:30"，closes 要晚于 opens')
        else:
            return Hours(days, opens, closes)
        return None

    def _value(self, key: str, optional: bool) -> Any:
        self._read.add(key)
        if key not in self._table and not optional:
            self.faults.append(f"缺少 {key}")
        return self._table.get(key)

    def check_unread(self) -> None:
        for key in sorted(self._table.keys() - self._read):
            self.faults.append(f"不认识 {key}；能写的是 {'、'.join(sorted(self._read))}")


def outlet(entry: Entry) -> Outlet:
    hours = entry.hours("hours")
    return Outlet(
        name=entry.text("name", longest=30),
        district=entry.text("district", longest=12),
        address=entry.text("address", longest=60),
        phone=entry.text("phone", longest=30),
        hours_text=entry.text("hours_text", optional=True) or hours_in_words(hours),
        hours=hours,
        closed_on=entry.days("closed_on"),
        latitude=entry.degrees("latitude", 3, 54),
        longitude=entry.degrees("longitude", 73, 136),
        services=entry.text("services", optional=True),
    )


def way_to_pay(entry: Entry) -> WayToPay:
    return WayToPay(
        name=entry.text("name", longest=30), how=entry.text("how"), url=entry.link("url")
    )


def article(entry: Entry) -> Article:
    starts_on, ends_on = entry.day("starts_on"), entry.day("ends_on")
    if not entry.faults and ends_on < starts_on:
        entry.faults.append("ends_on 早于 starts_on")
    return Article(
        title=entry.text("title", longest=40),
        summary=entry.text("summary"),
        url=entry.link("url"),
        starts_on=starts_on,
        ends_on=ends_on,
    )


ENTRIES: Mapping[str, Callable[[Entry], Any]] = {
    "outlet": outlet,
    "way": way_to_pay,
    "article": article,
}


def weekdays(text: str) -> tuple[int, ...]:
    """周一至周五 → 1 … 5, 周六、周日 → 6, 7; empty when it cannot be read."""
    if text.strip() == "每天":
        return (1, 2, 3, 4, 5, 6, 7)
    found = list[int]()
    for piece in re.split(r"[、，,\s]+", text.strip()):
        if run := _RANGE.match(piece):
            first, last = DAYS.index(run[1]) + 1, DAYS.index(run[2]) + 1
            found += range(first, last + 1)
        elif one := _DAY.match(piece):
            found.append(DAYS.index(one[1]) + 1)
        else:
            return ()
    return tuple(sorted(set(found)))


def clock(value: object) -> time | None:
    """24:00 is the last moment of the day."""
    if value == MIDNIGHT:
        return time.max
    found = _CLOCK.match(value) if isinstance(value, str) else None
    return time(int(found[1]), int(found[2])) if found else None


def hours_in_words(hours: tuple[Hours, ...]) -> str:
    return "，".join(
        f"{_days_in_words(one.weekdays)} {one.opens:%H:%M}—{_closes(one)}" for one in hours
    )


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) == len(DAYS):
        return "每天"
    names = [f"周{DAYS[day - 1]}" for day in days]
    in_a_row = days == tuple(range(days[0], days[-1] + 1))
    return f"{names[0]}至{names[-1]}" if in_a_row and len(days) > 2 else "、".join(names)


def _closes(one: Hours) -> str:
    return MIDNIGHT if one.closes == time.max else f"{one.closes:%H:%M}"


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
