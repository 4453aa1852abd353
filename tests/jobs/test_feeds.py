"""The website's feeds: looked at, kept, and left as they were when the website is away."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from backends.errors import BackendUnavailable
from backends.ports import OUTAGES, QUALITY, Fetched
from backends.records.outbox import open_outbox
from backends.records.schema import upgrade
from bot.feed_metrics import FeedAges
from jobs.feeds import Feeds
from tests.fakes import FakeFeeds, FakeWebsite
from tests.jobs.conftest import NOON

FIRST = Fetched(False, '"v1"', "", "h1", [{"id": "T1"}], left_out=1)
SAME = replace(FIRST, unchanged=True)
AWAY = BackendUnavailable("website", 1.0, "connection refused")


@dataclass
class Worker:
    """One that looks at both feeds, at a time that the test moves."""

    feeds: Feeds
    website: FakeWebsite
    store: FakeFeeds
    now: list[datetime] = field(default_factory=lambda: [NOON])

    def later(self, **ago: float) -> None:
        self.now[0] += timedelta(**ago)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    upgrade(url)
    website, store, now = FakeWebsite({OUTAGES: FIRST, QUALITY: FIRST}), FakeFeeds(), [NOON]
    with closing(open_outbox(url, pool_size=1, statement_timeout_s=5)) as outbox:
        feeds = Feeds((OUTAGES, QUALITY), website, store, outbox, "w1", lambda: now[0])
        yield Worker(feeds, website, store, now)


def test_what_the_website_says_is_kept_with_the_time(worker: Worker) -> None:
    assert worker.feeds.step() == 0
    kept = worker.store.kept[OUTAGES]
    assert kept.items == FIRST.items
    assert kept.changed_at == kept.checked_at == NOON
    assert not kept.failing
    assert worker.store.kept.keys() == {OUTAGES, QUALITY}


def test_what_has_not_changed_is_only_looked_at(worker: Worker) -> None:
    worker.feeds.step()
    worker.website.says[OUTAGES] = SAME
    worker.later(minutes=1)
    worker.feeds.step()
    kept = worker.store.kept[OUTAGES]
    assert (kept.changed_at, kept.checked_at) == (NOON, NOON + timedelta(minutes=1))
    assert worker.website.asked[-2][1] is not None, "it is asked with what was known"


def test_a_website_that_is_away_leaves_the_last_good_data_marked(worker: Worker) -> None:
    worker.feeds.step()
    worker.website.fail_with(AWAY)
    worker.later(minutes=5)
    assert worker.feeds.step() == 0
    kept = worker.store.kept[OUTAGES]
    assert kept.items == FIRST.items
    assert (kept.checked_at, kept.failing) == (NOON, True)
    worker.website.fail_with(None)
    worker.later(minutes=5)
    worker.feeds.step()
    assert not worker.store.kept[OUTAGES].failing


def test_a_website_that_never_answered_is_known_to_fail(worker: Worker) -> None:
    worker.website.fail_with(AWAY)
    worker.feeds.step()
    kept = worker.store.kept[QUALITY]
    assert (kept.items, kept.checked_at, kept.failing) == ((), None, True)


def test_of_two_workers_one_looks_until_its_lease_has_run_out(worker: Worker) -> None:
    other = replace(worker.feeds, worker="w2")
    worker.feeds.step()
    assert other.step() == 0
    assert len(worker.website.asked) == 2
    worker.later(minutes=2)
    other.step()
    assert len(worker.website.asked) == 4


def test_how_old_the_feeds_are_is_told_and_never_is_infinite(worker: Worker) -> None:
    worker.website.says[QUALITY] = FIRST
    worker.feeds.step()
    worker.store.kept.pop(QUALITY)
    registry = CollectorRegistry()
    registry.register(FeedAges((OUTAGES, QUALITY), worker.store, lambda: worker.now[0]))
    worker.later(seconds=90)
    name = "waterdesk_feed_age_seconds"
    assert registry.get_sample_value(name, {"feed": OUTAGES}) == 90
    assert registry.get_sample_value(name, {"feed": QUALITY}) == float("inf")
    worker.store.fail_with(BackendUnavailable("records", 1.0))
    assert registry.get_sample_value(name, {"feed": OUTAGES}) is None
