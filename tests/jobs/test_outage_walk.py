"""When the subscribers of outages are walked: as soon as there is news, and once an hour."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

import pytest

from backends.ports import OUTAGES, Lane, Notice, StoredFeed, Topic, TopicChosen
from jobs.outages import LEASE_S, OutageWalk
from jobs.planning.outages import OutageNotices
from jobs.planning.plan import Page, Planner
from jobs.pushing.rules import Hours
from tests.fakes import FakeBulletins, FakeDueLists, FakeFeeds
from tests.jobs.conftest import NOON, WEI, Office
from tests.jobs.planning.test_outages import BURST, account

NEVER = StoredFeed(OUTAGES, "", "", "", (), changed_at=None, checked_at=None, failing=False)
MINUTE = timedelta(minutes=1)


class Killed(Exception):
    """In the place of a SIGKILL."""


@dataclass
class Walks:
    """A planner that says one thing a page, `each_page_s` apart; `dies_after` so many pages.
    `meanwhile`: what another worker does before each."""

    office: Office
    count: int = 0
    dies_after: int | None = None
    each_page_s: float = 0.0
    meanwhile: Callable[[], object] = lambda: None

    def pages(self, now: datetime) -> Iterator[Page]:
        self.count += 1
        for number in range(3):
            if number == self.dies_after:
                raise Killed
            self.office.later(seconds=self.each_page_s)
            self.meanwhile()
            yield Page(1, (Notice("outage_planned", f"O{number}", WEI, "", {}),))


@dataclass
class Street:
    office: Office
    feeds: FakeFeeds = field(default_factory=FakeFeeds)

    def changes(self) -> None:
        now = self.office.now
        self.feeds.keep_feed(replace(NEVER, changed_at=now, checked_at=now))

    def is_unchanged(self) -> None:
        feed = self.feeds.feed(OUTAGES) or NEVER
        self.feeds.keep_feed(replace(feed, checked_at=self.office.now))

    def walk(self, planner: Planner, worker: str = "ann") -> OutageWalk:
        office = self.office
        return OutageWalk(
            planner, self.feeds, office.ledger, office.outbox, worker, lambda: office.now
        )


@pytest.fixture
def walks(office: Office) -> Walks:
    office.follows()
    return Walks(office)


@pytest.fixture
def street(office: Office) -> Street:
    return Street(office)


def test_it_walks_when_the_feed_has_changed_and_not_otherwise(street: Street, walks: Walks) -> None:
    street.changes()
    walk = street.walk(walks)
    assert walk.step() == 3
    street.office.later(seconds=15)
    assert walk.step() == 0
    assert walks.count == 1
    street.changes()
    street.office.later(seconds=15)
    assert walk.step() == 0
    assert walks.count == 2


def test_it_walks_once_in_each_hour_for_who_has_subscribed_meanwhile(
    street: Street, walks: Walks
) -> None:
    street.changes()
    walk = street.walk(walks)
    for _ in range(3 * 60):
        walk.step()
        street.office.later(minutes=1)
        street.is_unchanged()
    assert walks.count == 4
    assert street.office.now == NOON + 181 * MINUTE


def test_without_an_answer_of_the_website_it_does_not_walk_until_there_is_one(
    street: Street, walks: Walks
) -> None:
    walk = street.walk(walks)
    assert (walk.step(), walks.count) == (0, 0)
    street.changes()
    walk.step()
    street.office.later(minutes=59)
    walk.step()
    assert walks.count == 2
    for _ in range(3):
        street.office.later(minutes=60)
        walk.step()
    assert walks.count == 2
    street.is_unchanged()
    walk.step()
    assert walks.count == 3


def test_of_two_workers_one_walks(street: Street, walks: Walks) -> None:
    street.changes()
    ann, ben = street.walk(walks, "ann"), street.walk(walks, "ben")
    assert [ann.step(), ben.step()] == [3, 0]
    street.office.later(seconds=15)
    street.changes()
    assert [ben.step(), walks.count] == [0, 1]


def test_a_walk_that_was_killed_in_the_middle_is_walked_again_by_another(
    street: Street, walks: Walks
) -> None:
    street.changes()
    walks.dies_after = 1
    with pytest.raises(Killed):
        street.walk(walks, "ann").step()
    walks.dies_after = None
    assert street.walk(walks, "ben").step() == 0
    street.office.later(seconds=LEASE_S + 1)
    assert street.walk(walks, "ben").step() == 2
    assert len(street.office.told()) == 3


def test_a_walk_that_takes_longer_than_its_lease_is_walked_once(
    street: Street, walks: Walks
) -> None:
    street.changes()
    walks.each_page_s = LEASE_S - 1
    ben = street.walk(walks, "ben")
    walks.meanwhile = lambda: ben.step()
    assert street.walk(walks, "ann").step() == 3
    assert walks.count == 1
    assert ben.step() == 0


def test_who_was_overtaken_leaves_the_rest_to_the_other(street: Street, walks: Walks) -> None:
    street.changes()
    walks.each_page_s = LEASE_S + 1
    ben = street.walk(Walks(street.office), "ben")
    walks.meanwhile = lambda: ben.step()
    assert street.walk(walks, "ann").step() == 0
    assert len(street.office.told()) == 3


def test_an_emergency_is_planned_by_the_next_look(street: Street) -> None:
    office, bulletins = street.office, FakeBulletins(checked_at=street.office.now)
    office.follows()
    office.binds()
    office.commit(TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=NOON))
    due = FakeDueLists(accounts=[account("3100000017", "人民东路12号1幢")])
    hours = Hours(time(22), time(8), 8)
    walk = street.walk(OutageNotices(bulletins, due, office.ledger, hours))
    assert walk.step() == 0
    office.later(seconds=15)
    ends_at = office.now + timedelta(hours=2)
    bulletins.notices.append(replace(BURST, starts_at=office.now, ends_at=ends_at))
    street.changes()
    assert walk.step() == 1
    (told,) = office.told()
    assert (told.kind, told.lane, told.openid) == ("outage_emergency", Lane.URGENT, WEI)
