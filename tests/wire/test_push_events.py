"""What WeChat says of pushes comes in as events, changes the ledger once, and is not answered."""

from datetime import timedelta

import pytest

from backends.errors import BackendUnavailable
from backends.ports import (
    Channel,
    CitizenFollowed,
    ClaimedNotice,
    Lane,
    Notice,
    NoticeState,
    Settlement,
)
from tests.citizen import Citizen, Reply
from tests.fakes import FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.service import Service
from tests.wire.steady import SILENCE


@pytest.fixture
def citizen(service: Service) -> Citizen:
    return service.citizen()


@pytest.fixture
def accepted(service: Service, records: FakeRecords, citizen: Citizen) -> FakeLedger:
    """One push that WeChat took under the id 2^53 + 1."""
    now = service.now() - timedelta(minutes=1)
    records.commit([CitizenFollowed(citizen.openid, now)])
    ledger = FakeLedger(records)
    ledger.plan([Notice("bill_opened", "B1", citizen.openid, "1", {}, Lane.BILL)], now)
    (claimed,) = claim(ledger, service)
    taken = Settlement(claimed.notice_id, NoticeState.ACCEPTED, Channel.TEMPLATE, msg_id=2**53 + 1)
    ledger.settle([taken], worker="w", now=now)
    return ledger


def claim(ledger: FakeLedger, service: Service) -> tuple[ClaimedNotice, ...]:
    return ledger.claim(Lane, worker="w", now=service.now(), lease_s=60, limit=9)


def finishes(citizen: Citizen, status: str) -> Reply:
    fields = f"<MsgID>{2**53 + 1}</MsgID><Status><![CDATA[{status}]]></Status>"
    return citizen.event("TEMPLATESENDJOBFINISH", "", fields)


def test_success_delivers_it_however_often_it_is_said(
    citizen: Citizen, accepted: FakeLedger
) -> None:
    for status in ("success", "success", "failed: system failed"):
        assert finishes(citizen, status) == SILENCE
    assert [row.state for row in accepted.rows] == [NoticeState.DELIVERED]


def test_who_blocks_us_is_told_with_the_next_message(
    service: Service, citizen: Citizen, accepted: FakeLedger
) -> None:
    finishes(citizen, "failed:user block")
    (again,) = claim(accepted, service)
    assert again.channel is Channel.NEXT_MESSAGE


def test_what_a_citizen_accepts_may_be_sent_as_often(
    service: Service, citizen: Citizen, records: FakeRecords
) -> None:
    records.commit([CitizenFollowed(citizen.openid, service.now())])
    entry = (
        "<List><TemplateId>VRR0</TemplateId>"
        "<SubscribeStatusString>accept</SubscribeStatusString></List>"
    )
    wrapped = f"<SubscribeMsgPopupEvent>{entry}</SubscribeMsgPopupEvent>"
    assert citizen.event("subscribe_msg_popup_event", "", wrapped) == SILENCE
    ledger = FakeLedger(records)
    ledger.plan([Notice("bill_opened", "B1", citizen.openid, "1", {})], service.now())
    standing = ledger.standing(claim(ledger, service), pushed_since=service.now())
    assert standing.acceptances[citizen.openid, "VRR0"] == 1


def test_while_our_database_is_away_nobody_is_told_of_it(
    citizen: Citizen, accepted: FakeLedger, records: FakeRecords
) -> None:
    records.fail_with(BackendUnavailable("records", 1.0))
    assert finishes(citizen, "success") == SILENCE
