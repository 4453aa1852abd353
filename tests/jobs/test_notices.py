"""Results to citizens: told once, by message or with the next reply."""

import contextlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import Changes, CitizenLeft, Notice, NoticeState, NoticesTold
from bot.wording.render import TemplateBroken
from jobs.deliveries import DeskDown
from jobs.notices import Notices, typed
from tests.jobs.conftest import NOON, QIN, WEI, Office
from tests.service import FakeMessages

CLOSED = WechatRejected(45015, Reaction.CITIZEN_UNREACHABLE, "response out of time limit")


class FakeMailbox:
    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []
        self.new = False

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        del notice_id
        if (openid, text) not in self.kept:
            self.kept.append((openid, text))
        return True

    def is_new(self) -> bool:
        return self.new

    def refilled(self) -> None:
        self.new = False


def say(template: str, view: Mapping[str, Any]) -> str:
    if view.get("broken"):
        raise TemplateBroken(template, "no good version")
    return f"{template} {view.get('number', '')}"


@pytest.fixture
def messages() -> FakeMessages:
    return FakeMessages()


@pytest.fixture
def mailbox() -> FakeMailbox:
    return FakeMailbox()


@pytest.fixture
def telling(office: Office, messages: FakeMessages, mailbox: FakeMailbox) -> Notices:
    office.follows(WEI)
    office.follows(QIN)
    return Notices(office.outbox, messages, mailbox, say, "ann", lambda: office.now)


def plan(office: Office, *names: str, openid: str = WEI, **view: object) -> None:
    """Through an event, as in life."""
    for name in names:
        position = office.outbox.hold("test", worker="w", now=office.now, lease_s=60)
        assert position is not None
        notice = Notice("reading_accepted", name, openid, "", {"number": name, **view})
        office.outbox.take_event(
            "test", position + 1, Changes(notices=(notice,)), worker="w", now=office.now
        )


def drain(telling: Notices) -> None:
    while telling.step():
        pass


def test_a_result_is_sent_once(office: Office, telling: Notices, messages: FakeMessages) -> None:
    plan(office, "A")
    drain(telling)
    assert messages.sent == [(WEI, "notice/reading_accepted A")]


def test_a_citizen_s_results_keep_their_order(
    office: Office, telling: Notices, messages: FakeMessages
) -> None:
    plan(office, "A", "B", "C")
    drain(telling)
    assert [text[-1] for _, text in messages.sent] == ["A", "B", "C"]


def test_outside_the_window_it_waits_for_the_next_message(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    messages.fail_with(CLOSED)
    plan(office, "A")
    drain(telling)
    assert mailbox.kept == [(WEI, "notice/reading_accepted A")]
    (kept,) = office.outbox.kept_notices(after_id=0, limit=10)
    office.commit(NoticesTold(WEI, (kept.notice_id,), NOON))
    assert office.outbox.kept_notices(after_id=0, limit=10) == ()


def test_wechat_down_makes_it_wait_and_try_again(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    plan(office, "A", "B")
    messages.fail_with(BackendUnavailable("wechat", 1.0, "connection refused"))
    with pytest.raises(DeskDown):
        telling.step()
    messages.fail_with(WechatRejected(-1, Reaction.BACK_OFF, "system busy"))
    with pytest.raises(DeskDown):
        telling.step()
    messages.fail_with(None)
    drain(telling)
    assert [text[-1] for _, text in messages.sent] == ["A", "B"]
    assert mailbox.kept == []


def test_a_message_without_an_answer_counts_as_sent(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    plan(office, "A")
    messages.fail_with(BackendUnavailable("wechat", 1.0, "read timed out", sent=True))
    drain(telling)
    messages.fail_with(None)
    drain(telling)
    assert messages.sent == []
    assert mailbox.kept == []


def test_what_a_dead_worker_was_sending_is_not_sent_again_but_kept(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    plan(office, "A")
    office.outbox.claim_notices(worker="dead", now=office.now, lease_s=60, limit=5)
    assert telling.step() == 0
    office.later(seconds=61)
    drain(telling)
    assert messages.sent == []
    assert mailbox.kept == [(WEI, "notice/reading_accepted A")]


def test_wechat_down_does_not_make_an_unsure_one_be_sent_again(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    plan(office, "A", openid=QIN)
    office.outbox.claim_notices(worker="dead", now=office.now, lease_s=60, limit=5)
    office.later(seconds=61)
    plan(office, "B")
    messages.fail_with(BackendUnavailable("wechat", 1.0, "connection refused"))
    for _ in range(2):
        with contextlib.suppress(DeskDown):
            telling.step()
    messages.fail_with(None)
    office.later(seconds=61)
    drain(telling)
    assert [text[-1] for _, text in messages.sent] == ["B"]
    assert mailbox.kept == [(QIN, "notice/reading_accepted A")]


def test_who_has_left_is_not_written_to(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    plan(office, "A")
    office.commit(CitizenLeft(WEI, NOON))
    drain(telling)
    assert (messages.sent, mailbox.kept) == ([], [])


def test_what_cannot_be_said_does_not_hold_up_the_next(
    office: Office, telling: Notices, messages: FakeMessages
) -> None:
    plan(office, "A", broken=True)
    plan(office, "B", amount="a lot")
    plan(office, "C")
    drain(telling)
    assert [text[-1] for _, text in messages.sent] == ["C"]


def test_a_redis_that_lost_its_memory_is_filled_again(
    office: Office, telling: Notices, messages: FakeMessages, mailbox: FakeMailbox
) -> None:
    messages.fail_with(CLOSED)
    plan(office, "A")
    plan(office, "B", openid=QIN)
    drain(telling)
    assert telling.refill() == 0
    mailbox.kept.clear()
    mailbox.new = True
    assert telling.refill() == 2
    assert sorted(mailbox.kept) == [
        (QIN, "notice/reading_accepted B"),
        (WEI, "notice/reading_accepted A"),
    ]
    assert telling.refill() == 0


def test_json_becomes_what_templates_print() -> None:
    view = {"amount": "75.60", "volume_m3": "16", "due_date": "2026-12-10", "value": 1250}
    assert typed(view) == {
        "amount": Decimal("75.60"),
        "volume_m3": Decimal(16),
        "due_date": date(2026, 12, 10),
        "value": 1250,
    }


def test_states_are_what_the_database_calls_them() -> None:
    assert {state.value for state in NoticeState} == {
        "planned",
        "sending",
        "sent",
        "kept",
        "told",
        "skipped",
    }
