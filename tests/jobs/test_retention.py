"""What is past its time goes every day, rows before files; by hand it can be looked at first."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backends.ports import (
    Expiring,
    Lane,
    Notice,
    NoticePlanned,
    Photo,
    PhotoKept,
    PhotoPurpose,
    ProofFailed,
    SubmissionState,
)
from backends.records.retention import SqlRetention, open_retention
from jobs.retention import Purge, Retention
from tests.jobs.conftest import HOME, NOON, WEI, Office

DAY = timedelta(days=1)


@dataclass
class Shelf:
    """A store of photos that can break."""

    deleted: list[str] = field(default_factory=list)
    broken: bool = False

    def read(self, photo_id: str) -> bytes | None:
        return None

    def delete(self, photo_id: str) -> None:
        if self.broken:
            raise OSError
        self.deleted.append(photo_id)

    def stored_before(self, moment: datetime) -> Iterator[str]:
        return iter(())


@pytest.fixture
def expiry(office: Office, tmp_path: Path) -> Iterator[SqlRetention]:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    with closing(open_retention(url, pool_size=1, statement_timeout_s=5)) as opened:
        yield opened


def papers(office: Office, *names: str) -> None:
    for name in names:
        photo = Photo(name, "ab" * 32, "image/jpeg", 1234, 1200, 900, "0" * 64)
        office.commit(PhotoKept(WEI, HOME, PhotoPurpose.DOCUMENT, photo, NOON))


def done(office: Office, photo_ids: tuple[str, ...]) -> None:
    """Answered at noon."""
    made = office.submits(photo_ids=photo_ids, private={"name": "李雷"})
    office.outbox.claim("csms", worker="ann", now=office.now, lease_s=60, limit=9)
    office.outbox.handed_over(
        made.number, worker="ann", state=SubmissionState.DONE, ext_no="", result={}, now=NOON
    )


def test_papers_and_private_values_go_thirty_days_after_the_end_with_their_files(
    office: Office, expiry: SqlRetention
) -> None:
    shelf = Shelf()
    papers(office, "front", "back", "forgotten")
    done(office, ("front", "back"))

    def look(after: timedelta) -> list[str]:
        shelf.deleted.clear()
        assert Purge(expiry, shelf, lambda: NOON + after).step() == 0
        return sorted(shelf.deleted)

    assert look(7 * DAY) == []
    assert look(7 * DAY + timedelta(minutes=1)) == ["forgotten"]
    assert look(30 * DAY) == []
    assert office.records.submissions(WEI, 1)[0].sealed
    assert look(30 * DAY + timedelta(minutes=1)) == ["back", "front"]
    assert not office.records.submissions(WEI, 1)[0].sealed
    assert office.records.holdings(WEI).documents == 0


def test_what_is_open_keeps_its_papers_however_long_it_takes(
    office: Office, expiry: SqlRetention
) -> None:
    papers(office, "front")
    office.submits(photo_ids=("front",), private={"name": "李雷"})
    Purge(expiry, Shelf(), lambda: NOON + 400 * DAY).step()
    assert office.records.holdings(WEI).documents == 1
    assert office.records.submissions(WEI, 1)[0].sealed


def test_papers_outlive_what_was_returned_when_they_were_sent_in_again(
    office: Office, expiry: SqlRetention
) -> None:
    papers(office, "again")
    done(office, ("again",))
    (first,) = office.records.submissions(WEI, 1)
    office.submits(photo_ids=("again",), parent_no=first.number, state=SubmissionState.IN_REVIEW)
    store = Shelf()
    Purge(expiry, store, lambda: NOON + 31 * DAY).purge()
    assert store.deleted == []
    assert office.outbox.photo_rows(["again"])


def test_looking_first_counts_and_removes_nothing(office: Office, expiry: SqlRetention) -> None:
    office.commit(*(ProofFailed(WEI, f"k{n}", NOON + n * DAY) for n in range(3)))
    job = Purge(expiry, None, lambda: NOON + 182 * DAY)
    for _ in range(2):
        assert {what: count for what, count in job.due().items() if count} == {Expiring.FAILURES: 2}
    assert job.purge()[Expiring.FAILURES] == 2
    assert sum(job.due().values()) == 0


def test_a_limit_leaves_the_rest_for_the_next_time(office: Office, expiry: SqlRetention) -> None:
    office.commit(*(ProofFailed(WEI, f"k{n}", NOON + n * DAY) for n in range(5)))
    job = Purge(expiry, None, lambda: NOON + 400 * DAY)
    assert job.purge(2)[Expiring.FAILURES] == 2
    assert job.due()[Expiring.FAILURES] == 3


def test_a_file_that_cannot_be_deleted_belongs_to_nobody_from_then_on(
    office: Office, expiry: SqlRetention
) -> None:
    """Orphans are looked for by their missing rows (test_orphans)."""
    papers(office, "front")
    broken = Purge(expiry, Shelf(broken=True), lambda: NOON + 8 * DAY)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the disk says
        broken.step()
    assert office.outbox.photo_rows(["front"]) == ()
    assert broken.step() == 0


def test_a_notice_that_waits_for_its_citizen_outlives_half_a_year_only(
    office: Office, expiry: SqlRetention
) -> None:
    office.commit(NoticePlanned(WEI, Notice("bill_opened", "1", WEI, HOME, {}), NOON))
    office.ledger.claim(Lane, worker="ann", now=NOON, lease_s=60, limit=1)
    job = Purge(expiry, None, lambda: NOON + 181 * DAY)
    assert job.purge()[Expiring.NOTICES] == 0
    assert office.records.holdings(WEI).notices == 1


def test_every_kind_has_its_time() -> None:
    retention = Retention()
    assert all(retention.of(what) >= timedelta(days=7) for what in Expiring)
