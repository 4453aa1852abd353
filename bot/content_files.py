"""`Content` of the ports from the files of customer service: templates/content/*.toml.

A file that is saved is taken up within seconds; one with a mistake is logged, and what was good
before stays.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from backends.ports import Article, Outlet, WayToPay
from bot import staff_file
from bot.content_entries import ENTRIES, Entry
from bot.staff_file import StaffFileError

log = structlog.get_logger()
REFRESH_S = 5.0
# The files, and what their [[tables]] are called.
FILES: Mapping[str, str] = {"outlets": "outlet", "ways_to_pay": "way", "news": "article"}
WHEN_MISSING = "没有内容也要留一个空文件"


class ContentFileError(StaffFileError):
    """A content file that cannot be used."""


class ContentFiles:
    """Safe to share between threads."""

    def __init__(self, folder: Path, *, monotonic: Callable[[], float]) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_s: dict[str, float] = {}
        self._changed_ns: dict[str, int] = {}
        self._kept: dict[str, tuple[Any, ...]] = {}

    def outlets(self) -> tuple[Outlet, ...]:
        return self._now("outlets")

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        return self._now("ways_to_pay")

    def articles(self, today: date) -> tuple[Article, ...]:
        found: tuple[Article, ...] = self._now("news")
        shown = [one for one in found if one.starts_on <= today <= one.ends_on]
        return tuple(sorted(shown, key=lambda one: one.starts_on, reverse=True))

    def _now(self, name: str) -> tuple[Any, ...]:
        with self._lock:
            looked_s = self._looked_s.get(name)
            if looked_s is None or self._monotonic() >= looked_s + REFRESH_S:
                self._looked_s[name] = self._monotonic()
                self._look(name)
            return self._kept.get(name, ())

    def _look(self, name: str) -> None:
        path = self._folder / f"{name}.toml"
        try:
            changed_ns = path.stat().st_mtime_ns
        except OSError:
            changed_ns = 0
        if self._changed_ns.get(name) == changed_ns:
            return
        self._changed_ns[name] = changed_ns
        try:
            self._kept[name] = read(path, FILES[name])
        except StaffFileError as error:
            log.error("content_broken", file=path.name, why=str(error))


def problems(folder: Path) -> Iterator[str]:
    """Everything wrong with the files, for `waterdesk templates check`."""
    for name, table in FILES.items():
        try:
            read(folder / f"{name}.toml", table)
        except StaffFileError as error:
            yield from error.problems


def read(path: Path, table: str) -> tuple[Any, ...]:
    """ContentFileError names everything that is wrong with the file."""
    written = staff_file.read_toml(path, ContentFileError, when_missing=WHEN_MISSING)
    entries = written.get(table, [])
    wrong = [f"不认识 {key}；能写的是 [[{table}]]" for key in sorted(written.keys() - {table})]
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        wrong.append(f"{table} 要写成 [[{table}]]（两层方括号）")
        entries = []
    values = list[Any]()
    for number, one in enumerate(entries, start=1):
        entry = Entry(one)
        values.append(ENTRIES[table](entry))
        entry.check_unread()
        name = one.get("name", one.get("title"))
        named = f"（{name}）" if isinstance(name, str) else ""
        wrong += [f"第{number}个 [[{table}]]{named} {why}" for why in entry.faults]
    if wrong:
        raise ContentFileError(*(f"{path.name}：{why}" for why in wrong))
    return tuple(values)
