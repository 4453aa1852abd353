"""What customer service publishes itself: outlets 营业网点, ways to pay, news."""

from dataclasses import dataclass
from datetime import date, time
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on these weekdays (1 is Monday) from `opens` to `closes`."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Outlet:
    """`hours_text` is what citizens read; coordinates are GCJ-02, as WeChat's are."""

    name: str
    district: str
    address: str
    phone: str
    hours_text: str
    hours: tuple[Hours, ...]
    closed_on: tuple[date, ...]
    latitude: float
    longitude: float
    services: str


@dataclass(frozen=True, slots=True)
class WayToPay:
    name: str
    how: str
    url: str


@dataclass(frozen=True, slots=True)
class Article:
    """News 最新动态 or a campaign 活动, shown from `starts_on` to `ends_on`."""

    title: str
    summary: str
    url: str
    starts_on: date
    ends_on: date


class Content(Protocol):
    def outlets(self) -> tuple[Outlet, ...]: ...

    def ways_to_pay(self) -> tuple[WayToPay, ...]: ...

    def articles(self, today: date) -> tuple[Article, ...]:
        """Those to be shown today, newest first."""
        ...
