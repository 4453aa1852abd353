"""What WeChat says of pushes comes in as events, changes the ledger once, and is not answered."""

import threading
import time
from collections.abc import Iterator
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
from bot.memory import Claimed
from bot.redis_link import open_link
from tests.citizen import Citizen, Reply
from tests.fakes import FakeCsms, FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.redis_server import stoppable_redis
from tests.service import Service, running, settings_for
from tests.wire.steady import SILENCE, in_a_dialog, undisturbed


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


@pytest.fixture
def hasty(redis_url: str, csms: FakeCsms, records: FakeRecords) -> Iterator[Service]:
    """Where nothing may take longer than half a second, nor four things at once."""
    settings = settings_for(redis_url, ANSWER_WITHIN_S="0.5", TURNS_AT_ONCE="4")
    with running(settings, csms, records) as started:
        yield started


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
    assert "订阅的选择" in citizen.says("我的数据").plain


def test_while_our_database_is_away_nobody_is_told_of_it(
    citizen: Citizen, accepted: FakeLedger, records: FakeRecords
) -> None:
    records.fail_with(BackendUnavailable("records", 1.0))
    assert finishes(citizen, "success") == SILENCE


@pytest.mark.parametrize(
    "more",
    [
        "",
        "<Status>success</Status>",
        "<MsgID>x</MsgID><Status><a><b>1</b></a></Status>",
        "<MsgID><a>7</a></MsgID><Status>success</Status>",
        "<SubscribeMsgPopupEvent><List><List/></List></SubscribeMsgPopupEvent>",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "subscribe_msg_sent_event"],
)
def test_one_that_says_nothing_whole_disturbs_nobody(
    desk: Service, ledger: FakeRecords, name: str, more: str
) -> None:
    citizen = in_a_dialog(desk)
    with undisturbed(citizen, ledger):
        assert citizen.event(name, "", more) == SILENCE


def test_a_push_is_no_act_of_its_citizen_and_keeps_nothing_from_them(
    service: Service, citizen: Citizen, accepted: FakeLedger
) -> None:
    """What was kept for their next message waits for it, and who was never here gets no welcome."""
    service.memory().keep_notice(citizen.openid, 99, "您的账单出来了")
    before = remembered_notices(service, citizen)
    assert finishes(citizen, "success") == SILENCE
    assert remembered_notices(service, citizen) == before


def test_without_redis_nobody_is_written_to_about_a_push(
    csms: FakeCsms, records: FakeRecords
) -> None:
    with stoppable_redis() as redis, running(settings_for(redis.url), csms, records) as service:
        redis.stop()
        assert finishes(service.citizen(), "success") == SILENCE


def test_one_that_takes_too_long_is_recorded_all_the_same_and_nobody_hears_of_it(
    hasty: Service, records: FakeRecords
) -> None:
    citizen, gate = hasty.citizen(), threading.Event()
    records.hang(gate)
    reply = finishes(citizen, "success")
    gate.set()
    assert reply == SILENCE
    hasty.wait_for_metric("waterdesk_late_answers_total", {"fate": "nothing_to_say"})
    assert (2**53 + 1, citizen.openid) in records.state.ledger.parked
    assert hasty.messages.sent == []
    assert citizen.says("帮助").plain.startswith(hasty.citizen().says("帮助").plain[:20])


def test_when_too_much_is_under_way_nobody_is_told_so(hasty: Service, records: FakeRecords) -> None:
    gate = threading.Event()
    records.hang(gate)
    replies = [finishes(hasty.citizen(), "success") for _ in range(5)]
    gate.set()
    assert replies == [SILENCE] * 5


def test_while_another_message_of_the_citizen_is_answered_it_is_silent_too(hasty: Service) -> None:
    citizen = hasty.citizen()
    claimed = hasty.memory().begin(citizen.openid, "another", "a token")
    assert isinstance(claimed, Claimed)
    assert finishes(citizen, "success") == SILENCE


def remembered_notices(service: Service, citizen: Citizen) -> object:
    link = open_link(service.settings.redis_url, monotonic=time.monotonic)
    key = service.memory().keys(citizen.openid, "").notices
    return link.call("LRANGE", key, "0", "-1")
