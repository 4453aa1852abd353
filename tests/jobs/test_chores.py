"""What the worker does all the time, as commands: as much as is asked for, and a look without a
change."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import OUTAGES, QUALITY, Fetched, ProofFailed, SubmissionState
from backends.records.retention import open_retention
from jobs.chores import HandOver, LookAtWebsite, RemoveWhatIsOver, TakeResults
from jobs.feeds import Feeds
from jobs.job import Counts, Job, Order
from jobs.retention import Purge
from tests.fakes import FakeFeeds, FakeWebsite
from tests.jobs.conftest import WEI, Office

AWAY = BackendUnavailable("csms", 1.0, "connection refused")
SECOND, YEARS = timedelta(seconds=1), timedelta(days=3650)


def done(job: Job, order: Order) -> Counts:
    """What it says last; it never counts backwards."""
    said = list(job(order))
    for before, after in pairwise(said):
        assert all(after[what] >= count for what, count in before.items())
    return said[-1]


def order(office: Office, **how: Any) -> Order:
    return replace(Order(office.now), **how)


def take(office: Office) -> TakeResults:
    return TakeResults([office.events("csms"), office.events("hotline")])


def opens_bills(office: Office, count: int) -> None:
    for number in range(count):
        office.desk.tells("bill_opened", bill_no=f"B{number}")


def test_events_of_all_desks_are_taken_in(office: Office) -> None:
    opens_bills(office, 3)
    assert done(take(office), order(office)) == {"csms": 3, "hotline": 3}
    assert done(take(office), order(office)) == {"csms": 0, "hotline": 0}


def test_a_dry_run_counts_events_and_takes_none(office: Office) -> None:
    opens_bills(office, 3)
    for _ in range(2):
        assert done(take(office), order(office, dry_run=True)) == {"csms": 3, "hotline": 3}
    assert office.outbox.position("events:csms") == 0


def test_a_desk_that_is_away_is_said_and_does_not_hold_up_the_other(office: Office) -> None:
    opens_bills(office, 2)
    csms = replace(office.events("csms"), desk=replace(office.desk, error=AWAY))
    job = TakeResults([csms, office.events("hotline")])
    assert done(job, order(office)) == {"csms": 0, "hotline": 2, "failed": 1}


def hand_over(office: Office) -> HandOver:
    return HandOver([office.deliveries("csms")])


def test_what_is_due_is_handed_over(office: Office) -> None:
    for number in range(3):
        office.submits(acct_no=f"310000001{number}")
    assert done(hand_over(office), order(office, dry_run=True)) == {"csms": 3}
    assert office.desk.got == []
    assert done(hand_over(office), order(office)) == {"csms": 3}
    assert len(office.desk.got) == 3
    assert done(hand_over(office), order(office)) == {"csms": 0}


def test_while_the_desk_is_away_nothing_is_lost(office: Office) -> None:
    submission = office.submits()
    office.desk.error = AWAY
    assert done(hand_over(office), order(office)) == {"csms": 0, "failed": 1}
    assert office.stored(submission).state is SubmissionState.QUEUED


def test_the_website_is_looked_at_and_counted_by_what_it_says(office: Office) -> None:
    fetched = Fetched(False, "", "", "h1", [])
    website = FakeWebsite({OUTAGES: fetched, QUALITY: replace(fetched, unchanged=True)})
    names = (OUTAGES, QUALITY)
    job = LookAtWebsite(
        Feeds(names, website, FakeFeeds(), office.outbox, "ann", lambda: office.now)
    )
    assert done(job, order(office, dry_run=True)) == {"feeds": 2}
    assert website.asked == []
    assert done(job, order(office)) == {"changed": 1, "unchanged": 1, "failed": 0}
    website.fail_with(AWAY)
    assert done(job, order(office)) == {"changed": 0, "unchanged": 0, "failed": 2}


def test_what_is_over_is_counted_first_and_goes_as_far_as_is_asked(
    office: Office, tmp_path: Path
) -> None:
    for number in range(3):
        office.commit(ProofFailed(WEI, f"key{number}", office.now + number * SECOND))
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    with closing(open_retention(url, pool_size=1, statement_timeout_s=5)) as expiry:
        job = RemoveWhatIsOver(Purge(expiry, None, lambda: office.now + YEARS))
        assert done(job, order(office, dry_run=True))["failures"] == 3
        assert done(job, order(office, limit=2))["failures"] == 2
        assert done(job, order(office))["failures"] == 1
        assert done(job, order(office))["failures"] == 0
