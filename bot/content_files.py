"""`Content` of the ports from the files of customer service: templates/content/*.toml."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from backends.ports import Article, Outlet, WayToPay


class ContentFiles:
    def __init__(self, folder: Path, *, monotonic: Callable[[], float]) -> None:
        self._folder = folder
        self._monotonic = monotonic

    def outlets(self) -> tuple[Outlet, ...]:
        return ()

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        return ()

    def articles(self, today: date) -> tuple[Article, ...]:
        del today
        return ()
