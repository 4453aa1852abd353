"""Each message once, each delivery answered in time: retries, duplicates, slow backends."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import AccountsBound, BillType, Binding, ProofFactor, Role
from bot import inbound
from bot.memory import Claimed
from bot.redis_link import open_link
from tests.citizen import Citizen, cdata
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service, running, settings_for
from tests.town import OWES_ONE

ACK = "正在为您查询"


@pytest.fixture
def hasty(redis_url: str, csms: FakeCsms, records: FakeRecords) -> Iterator[Service]:
    """A service that acknowledges after a second, so that slowness need not be waited for."""
    settings = settings_for(redis_url, ANSWER_WITHIN_S="1.0", WAITING_AT_ONCE="4")
    with running(settings, csms, records) as started:
        yield started


def bound(service: Service, records: FakeRecords) -> Citizen:
    citizen = service.citizen()
    binding = Binding(
        openid=citizen.openid,
        acct_no=OWES_ONE,
        role=Role.OWNER,
        bill_type=BillType.WECHAT_AND_PAPER,
        factor=ProofFactor.OWNER_NAME,
        bound_at=service.now(),
    )
    records.commit([AccountsBound((binding,))])
    return citizen


def text(citizen: Citizen, content: str) -> str:
    return citizen.message("text", f"<Content>{cdata(content)}</Content>")


def test_a_second_delivery_gets_the_same_reply_and_does_not_run_again(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    citizen.says("绑定")
    citizen.says("同意")
    citizen.says(OWES_ONE)
    wrong_name = text(citizen, "王五六")
    first = citizen.deliver(wrong_name)
    again = [citizen.deliver(wrong_name) for _ in range(3)]
    assert "对不上" in first.plain
    assert [reply.xml for reply in again] == [first.xml] * 3
    assert records.failed_proofs(citizen.openid, service.long_ago()) == 1


def test_events_without_a_message_id_are_told_apart_by_second_name_and_key(
    service: Service,
) -> None:
    citizen = service.citizen()
    help_tap = citizen.wrap("event", "<Event>CLICK</Event><EventKey>help</EventKey>")
    menu_tap = citizen.wrap("event", "<Event>CLICK</Event><EventKey>menu</EventKey>")
    assert "点底部菜单" in citizen.deliver(help_tap).plain
    assert "可以为您办理" in citizen.deliver(menu_tap).plain
    assert "点底部菜单" in citizen.deliver(help_tap).plain


def test_parallel_deliveries_of_one_message_run_once_and_are_answered_alike(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    citizen.says("绑定")
    citizen.says("同意")
    citizen.says(OWES_ONE)
    wrong_name = text(citizen, "王五六")
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(citizen.deliver, [wrong_name] * 6))
    assert {reply.xml for reply in replies} == {replies[0].xml}
    assert records.failed_proofs(citizen.openid, service.long_ago()) == 1


def test_four_messages_at_once_are_each_taken_as_one_answer(service: Service) -> None:
    """aiogram#1317: state read before the lock let each of them see the first question."""
    citizen = service.citizen()
    messages = [text(citizen, word) for word in ("绑定", "菜单", "帮助", "绑定")]
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(citizen.deliver, messages))
    assert all(reply.kind == "text" for reply in replies)
    consent = [reply for reply in replies if "是否同意" in reply.plain]
    assert consent


def test_a_slow_backend_is_acknowledged_and_its_answer_follows_once(
    hasty: Service, csms: FakeCsms, records: FakeRecords
) -> None:
    citizen = bound(hasty, records)
    gate = threading.Event()
    csms.hang(gate)
    started_s = time.monotonic()
    reply = citizen.says("查欠费")
    assert ACK in reply.plain
    assert time.monotonic() - started_s < 1.5
    gate.set()
    ((openid, late),) = hasty.messages.wait_for(1)
    assert openid == citizen.openid
    assert "合计 56.70元" in late
    assert "点底部菜单" in citizen.says("帮助").plain
    assert len(hasty.messages.sent) == 1


def test_a_retry_of_an_acknowledged_message_gets_the_acknowledgement_again(
    hasty: Service, csms: FakeCsms, records: FakeRecords
) -> None:
    citizen = bound(hasty, records)
    gate = threading.Event()
    csms.hang(gate)
    asked = text(citizen, "查欠费")
    first = citizen.deliver(asked)
    again = citizen.deliver(asked)
    gate.set()
    hasty.messages.wait_for(1)
    assert again.xml == first.xml == citizen.deliver(asked).xml
    assert len(hasty.messages.sent) == 1


def test_while_an_answer_is_outstanding_other_messages_are_told_to_wait(
    hasty: Service, csms: FakeCsms, records: FakeRecords
) -> None:
    citizen = bound(hasty, records)
    gate = threading.Event()
    csms.hang(gate)
    citizen.says("查欠费")
    assert "上一条还在处理" in citizen.says("菜单").plain
    gate.set()
    hasty.messages.wait_for(1)


@pytest.mark.parametrize(
    "error",
    [
        WechatRejected(45015, Reaction.CITIZEN_UNREACHABLE, "window closed"),
        WechatRejected(45047, Reaction.CITIZEN_UNREACHABLE, "quota used up"),
        BackendUnavailable("wechat", 2.0, "refused", sent=False),
    ],
    ids=["window", "quota", "network"],
)
def test_a_late_answer_that_cannot_be_sent_comes_with_the_next_message(
    hasty: Service, csms: FakeCsms, records: FakeRecords, error: Exception
) -> None:
    citizen = bound(hasty, records)
    gate = threading.Event()
    csms.hang(gate)
    hasty.messages.fail_with(error)
    assert ACK in citizen.says("查欠费").plain
    gate.set()
    hasty.wait_for_metric("waterdesk_late_answers_total", {"fate": "handed_over"})
    told = citizen.says("帮助").plain
    assert "您刚才问的结果" in told
    assert "合计 56.70元" in told
    assert "点底部菜单" in told
    assert "合计" not in citizen.says("帮助").plain


def test_a_late_answer_whose_fate_is_unknown_is_not_told_twice(
    hasty: Service, csms: FakeCsms, records: FakeRecords
) -> None:
    citizen = bound(hasty, records)
    gate = threading.Event()
    csms.hang(gate)
    hasty.messages.fail_with(BackendUnavailable("wechat", 4.0, "answer lost", sent=True))
    citizen.says("查欠费")
    gate.set()
    hasty.wait_for_metric("waterdesk_late_answers_total", {"fate": "unknown"})
    assert "合计" not in citizen.says("帮助").plain


def test_more_waiting_turns_than_seats_are_acknowledged_early(
    hasty: Service, csms: FakeCsms, records: FakeRecords
) -> None:
    """So that a hung CSMS cannot take the threads that other citizens need."""
    citizens = [bound(hasty, records) for _ in range(12)]
    gate = threading.Event()
    csms.hang(gate)
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda citizen: citizen.says("查欠费"), citizens))
        assert all(ACK in reply.plain for reply in replies)
    gate.set()
    told = hasty.messages.wait_for(12)
    assert sorted(openid for openid, _ in told) == sorted(one.openid for one in citizens)


def test_a_turn_left_by_a_dead_worker_is_run_by_the_retry(service: Service) -> None:
    """The worker had claimed the message and died: the claim stands, its lock has run out."""
    citizen = service.citizen()
    asked = text(citizen, "帮助")
    memory = service.memory()
    keys = memory.keys(citizen.openid, inbound_key(service, asked))
    claim = memory.begin(citizen.openid, inbound_key(service, asked), "dead-worker")
    assert isinstance(claim, Claimed)
    link = open_link(service.settings.redis_url, monotonic=time.monotonic)
    link.call("DEL", keys.lock)
    assert "点底部菜单" in citizen.deliver(asked).plain


def test_a_turn_that_lost_its_lease_saves_nothing(service: Service) -> None:
    citizen = service.citizen()
    memory = service.memory()
    slow = memory.begin(citizen.openid, "message-1", "slow-worker")
    assert isinstance(slow, Claimed)
    link = open_link(service.settings.redis_url, monotonic=time.monotonic)
    link.call("DEL", memory.keys(citizen.openid, "").lock)
    assert "是否同意" in citizen.says("绑定").plain
    assert not memory.save(
        citizen.openid, "message-1", slow, body='{"s":1}', reply="<xml/>", late="="
    )
    assert "请输入10位户号" in citizen.says("同意").plain


def inbound_key(service: Service, xml: str) -> str:
    settings = service.settings
    message = inbound.read(xml.encode(), account_id=settings.wechat_account_id, zone=settings.zone)
    return message.key
