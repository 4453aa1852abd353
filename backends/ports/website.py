"""What the utility's website publishes, as it was when it was last looked at (R57).

The website is the master: nothing here is typed in, and a value that it does not give is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

OUTAGES, QUALITY = "outages", "quality"


class OutageStatus(StrEnum):
    PUBLISHED = "published"
    EXTENDED = "extended"
    RESTORED = "restored"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutageNotice:
    """A notice 停水公告. `version` rises with each change. `kind`: planned or emergency. `places`:
    the roads and communities of the area, as they stand in addresses. `ends_at`: when water is
    planned to be back; when it was, once RESTORED."""

    outage_no: str
    version: int
    kind: str
    status: OutageStatus
    area: str
    places: tuple[str, ...]
    reason: str
    starts_at: datetime
    ends_at: datetime
    tips: str
    source_url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class QualityValue:
    """One item 指标 of one plant or point on one day. `value` and `limit` as published ('<5',
    '未检出', '≤1'), '' where missing; `ok` is None where that cannot be told. `kind`: plant 出厂水,
    network 管网水 or tap 末梢水."""

    on: date
    plant: str
    kind: str
    item: str
    value: str
    unit: str
    limit: str
    ok: bool | None
    source_url: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`checked_at`: when the website last answered well, None when it never has. `failing`: the
    last try did not."""

    checked_at: datetime | None
    failing: bool


@dataclass(frozen=True, slots=True)
class OutageBulletin:
    notices: tuple[OutageNotice, ...]
    checked: Checked


@dataclass(frozen=True, slots=True)
class QualityBulletin:
    values: tuple[QualityValue, ...]
    checked: Checked


class Bulletins(Protocol):
    """What conversations read: the last good data, from our own database."""

    def outages(self) -> OutageBulletin:
        """All that the website lists, latest start first."""
        ...

    def quality(self) -> QualityBulletin:
        """The latest day of each plant and kind."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """`unchanged`: the website said so (304), or `content_hash` is the one of last time. `items`:
    JSON values, as the website's adapter makes and reads them. `left_out`: items that were none."""

    unchanged: bool
    etag: str
    last_modified: str
    content_hash: str
    items: Sequence[object]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """`name`: OUTAGES or QUALITY. The rest is of the last good answer."""

    name: str
    etag: str
    last_modified: str
    content_hash: str
    items: Sequence[object]
    changed_at: datetime | None
    checked_at: datetime | None
    failing: bool


class FeedStore(Protocol):
    """The last good state of each feed, in our own database."""

    def feed(self, name: str) -> StoredFeed | None: ...

    def keep_feed(self, feed: StoredFeed) -> None:
        """Whole, replacing what was there."""
        ...


class Website(Protocol):
    """The feeds themselves (docs/contracts/website.md): only the worker reads them."""

    def fetch(self, name: str, last: StoredFeed | None) -> Fetched:
        """BackendUnavailable when it does not answer, or when what it answers is no such feed."""
        ...
