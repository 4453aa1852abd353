"""The last good state of the website's feeds, in our own database. On each database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from backends.ports import FeedStore, StoredFeed
from backends.records.feeds import open_feeds
from tests.contract.requests import HOUR, NOON

OUTAGES = StoredFeed(
    name="outages",
    etag='W/"5f-18c"',
    last_modified="Sun, 22 Nov 2026 04:00:00 GMT",
    content_hash="0" * 64,
    items=[{"no": "T1", "area": "青年路“东段”", "places": ["青年路"], "ends_at": None}],
    changed_at=NOON,
    checked_at=NOON + HOUR,
    failing=False,
)


@pytest.fixture
def feeds(upgraded_url: str) -> Iterator[FeedStore]:
    with closing(open_feeds(upgraded_url, pool_size=1, statement_timeout_s=5)) as feeds:
        yield feeds


def test_a_feed_that_was_never_kept_is_not_known(feeds: FeedStore) -> None:
    assert feeds.feed("outages") is None


def test_a_feed_comes_back_as_it_was_kept_and_whole(feeds: FeedStore) -> None:
    quality = StoredFeed("quality", "", "", "", [], None, None, failing=True)
    for one in (OUTAGES, quality):
        feeds.keep_feed(one)
    assert feeds.feed("outages") == OUTAGES
    assert feeds.feed("quality") == quality
    later = replace(quality, name="outages")
    feeds.keep_feed(later)
    assert feeds.feed("outages") == later


def test_an_etag_that_does_not_fit_is_as_good_as_none(feeds: FeedStore) -> None:
    feeds.keep_feed(replace(OUTAGES, etag="x" * 501))
    assert feeds.feed("outages") == replace(OUTAGES, etag="")
