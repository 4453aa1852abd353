"""Who says 退订 is sent nothing of that topic any more: the dialog, the database and the sender."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backends.ports import CitizenFollowed, Lane, Notice, NoticeState, Topic, TopicChosen
from backends.records.adapter import SqlRecords, open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.schema import upgrade
from jobs.pushing.mailing import Mailing
from jobs.pushing.sender import Sender
from tests.fakes import FakeCsms, FakeDueLists
from tests.jobs.pushing.conftest import (
    WITH_TEMPLATES,
    FakeMailbox,
    FakePace,
    FakeQuota,
    cards,
    say,
)
from tests.jobs.pushing.platform import Platform
from tests.service import Service, running, settings_for


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[SqlRecords, SqlLedger]]:
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    upgrade(url)
    with (
        closing(open_records(url, pool_size=3, statement_timeout_s=2)) as records,
        closing(open_ledger(url, pool_size=3, statement_timeout_s=2, long_term=False)) as ledger,
    ):
        yield records, ledger


def sender(service: Service, ledger: SqlLedger, platform: Platform) -> Sender:
    return Sender(
        ledger=ledger,
        due=FakeDueLists(),
        cards=cards,
        push=platform,
        messages=platform,
        mailing=Mailing(ledger, FakeMailbox(), say),
        pace=FakePace(),
        quota=FakeQuota(),
        rules=WITH_TEMPLATES,
        worker="ann",
        clock=service.now,
    )


def test_who_says_no_is_sent_nothing_of_it_and_all_the_rest(
    redis_url: str, csms: FakeCsms, stored: tuple[SqlRecords, SqlLedger]
) -> None:
    records, ledger = stored
    with running(settings_for(redis_url), csms, records) as service:
        citizen, platform = service.citizen(), Platform(service.now)
        openid, before = citizen.openid, service.long_ago()
        records.commit([CitizenFollowed(openid, before)])
        records.commit([TopicChosen(openid, Topic.OUTAGE, wanted=True, at=before)])
        outage = Notice("outage_planned", "O1:1:planned", openid, "", {}, Lane.RESULT)
        result = Notice("reading_accepted", "csms:1:1", openid, "", {"number": "R1"})
        assert ledger.plan([outage, result], service.now()) == 2
        assert "已退订：停水通知" in citizen.says("退订停水").plain
        assert sender(service, ledger, platform).step() == 2
        assert platform.seen() == [("template", "R1")]
        reasons = [ledger.reasons(run.run_id) for run in ledger.runs(service.now().date())]
        assert {(NoticeState.SKIPPED, "unwanted"): 1} in reasons
