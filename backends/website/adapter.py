"""`Website` and `Bulletins` of the ports: the feeds read, and what was kept of them.

Constructed in bot/parts.py through `open_website`; conversations only ever see `StoredBulletins`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import (
    OUTAGES,
    QUALITY,
    Checked,
    FeedStore,
    Fetched,
    OutageBulletin,
    QualityBulletin,
    QualityValue,
    StoredFeed,
)
from backends.website import items
from backends.website.forms import NoFeed, items_in
from backends.website.items import Item, Odd
from backends.website.transport import SYSTEM, Transport, WebsiteOptions


def open_website(
    addresses: Mapping[str, str], options: WebsiteOptions | None = None
) -> "HttpWebsite":
    """`addresses`: of the feeds, by their names (OUTAGES, QUALITY)."""
    return HttpWebsite(addresses, Transport(options or WebsiteOptions()))


class HttpWebsite:
    def __init__(self, addresses: Mapping[str, str], transport: Transport) -> None:
        self._addresses = addresses
        self._transport = transport

    def fetch(self, name: str, last: StoredFeed | None) -> Fetched:
        known = (last.etag, last.last_modified) if last else ("", "")
        answer = self._transport.get(self._addresses[name], *known)
        if answer.body is None:
            if last is None:
                raise BackendUnavailable(SYSTEM, 0.0, "304 to a first question")
            etag, last_modified = answer.etag or last.etag, answer.last_modified or known[1]
            return Fetched(True, etag, last_modified, last.content_hash, last.items)
        try:
            found, left_out = _judged(name, items_in(answer.body))
        except NoFeed as error:
            why = str(error)
        else:
            content_hash = _hash(found)
            unchanged = last is not None and last.content_hash == content_hash
            return Fetched(
                unchanged, answer.etag, answer.last_modified, content_hash, found, left_out
            )
        raise BackendUnavailable(SYSTEM, 0.0, f"{name}: {why}")

    def close(self) -> None:
        self._transport.close()


def _judged(name: str, given: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """The good ones, and how many are not. A feed without a single good one is none: its form has
    changed, and the last good data is better than nothing at all."""
    good: list[Item] = []
    odd = ""
    for one in given:
        try:
            good.append(items.READ[name](one))
        except Odd as error:
            odd = str(error)
    if given and not good:
        raise NoFeed(f"not one of {len(given)} items is well formed: {odd}")
    return items.SETTLED[name](good), len(given) - len(good)


def _hash(found: Sequence[Item]) -> str:
    """Of what is said, not of the bytes: a time of making in the feed is no news."""
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class StoredBulletins:
    def __init__(self, store: FeedStore) -> None:
        self._store = store

    def outages(self) -> OutageBulletin:
        feed = self._store.feed(OUTAGES)
        notices = [items.notice(one) for one in _items(feed)]
        notices.sort(key=lambda one: one.starts_at, reverse=True)
        return OutageBulletin(tuple(notices), _checked(feed))

    def quality(self) -> QualityBulletin:
        feed = self._store.feed(QUALITY)
        values = [items.quality_value(one) for one in _items(feed)]
        latest = {_point(one): one.on for one in sorted(values, key=lambda one: one.on)}
        kept = tuple(one for one in values if latest[_point(one)] == one.on)
        return QualityBulletin(kept, _checked(feed))


def _items(feed: StoredFeed | None) -> Sequence[Any]:
    return feed.items if feed else ()


def _point(value: QualityValue) -> tuple[str, str]:
    return value.plant, value.kind


def _checked(feed: StoredFeed | None) -> Checked:
    return Checked(feed.checked_at, feed.failing) if feed else Checked(None, failing=False)
