"""What WeChat's events say of pushes, in each form of the protocol sheet, and in worse ones."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backends.ports import PushResult
from bot import inbound
from bot.inbound_pushes import MOST_ENTRIES, answers, results
from tests.unit.test_inbound_events import event

ZONE = ZoneInfo("Asia/Shanghai")
LARGE = 1700827132819554304


def read(name: str, inner: str) -> inbound.Inbound:
    return inbound.read(event(name, inner).encode(), account_id="", zone=ZONE)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("success", PushResult.SUCCESS),
        ("failed:user block", PushResult.USER_BLOCK),
        ("failed: user block", PushResult.USER_BLOCK),
        ("failed: system failed", PushResult.SYSTEM_FAILED),
        ("Failed:System Failed", PushResult.SYSTEM_FAILED),
        ("something new", PushResult.SYSTEM_FAILED),
        ("", PushResult.SYSTEM_FAILED),
    ],
)
def test_the_result_of_a_template_message(status: str, result: PushResult) -> None:
    fields = f"<MsgID>{LARGE}</MsgID><Status><![CDATA[{status}]]></Status>"
    assert read("TEMPLATESENDJOBFINISH", fields).push_results == ((LARGE, result),)


@pytest.mark.parametrize("msg_id", ["", "x", "-1", "0", str(2**63), "1" * 30, "１２", "<a>1</a>"])
def test_a_result_without_a_number_is_of_no_message(msg_id: str) -> None:
    fields = f"<MsgID>{msg_id}</MsgID><Status>success</Status>"
    assert read("TEMPLATESENDJOBFINISH", fields).push_results == ()


def entry(template_id: str, **others: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in others.items())
    return f"<List><TemplateId>{template_id}</TemplateId>{inner}</List>"


@pytest.mark.parametrize("wrapped", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
def test_what_a_citizen_accepts_one_or_several_in_either_wrapping(wrapped: str) -> None:
    one = entry("A", SubscribeStatusString="accept", PopupScene="2")
    two = one + entry("B", SubscribeStatusString="reject")
    for name in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        assert read(name, f"<{wrapped}>{one}</{wrapped}>").answers == {"A": True}
        assert read(name, f"<{wrapped}>{two}</{wrapped}>").answers == {"A": True, "B": False}


def test_the_results_of_subscription_notices() -> None:
    lists = entry("A", MsgID=str(LARGE), ErrorCode="0", ErrorStatus="success")
    lists += entry("B", MsgID="7", ErrorCode="43101")
    found = read(
        "subscribe_msg_sent_event", f"<SubscribeMsgSentEvent>{lists}</SubscribeMsgSentEvent>"
    )
    assert found.push_results == ((LARGE, PushResult.SUCCESS), (7, PushResult.USER_BLOCK))


def test_events_of_one_second_about_different_pushes_have_different_keys() -> None:
    popups = [
        read("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{one}</SubscribeMsgPopupEvent>")
        for one in (
            entry("A", SubscribeStatusString="accept"),
            entry("B", SubscribeStatusString="accept"),
        )
    ]
    assert popups[0].key != popups[1].key


@pytest.mark.parametrize(
    "wrapped",
    [None, "", "x", [], {}, {"List": ""}, {"List": [None, "x", {}]}, {"List": {"TemplateId": {}}}],
)
def test_what_is_no_list_of_answers_says_nothing(wrapped: Any) -> None:
    fields = {"SubscribeMsgPopupEvent": wrapped, "SubscribeMsgSentEvent": wrapped}
    assert answers("subscribe_msg_popup_event", fields) == {}
    assert results("subscribe_msg_sent_event", fields) == ()


def test_a_list_without_end_is_cut() -> None:
    many = [{"TemplateId": f"T{n}", "SubscribeStatusString": "accept"} for n in range(1000)]
    fields = {"SubscribeMsgPopupEvent": {"List": many}}
    assert len(answers("subscribe_msg_popup_event", fields)) == MOST_ENTRIES
