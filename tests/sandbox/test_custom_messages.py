"""Customer-service messages: the windows, the counters, and what is refused."""

from typing import Any

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT, stable

DAY = 86_400


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def call(control: Control, token: str, name: str, body: dict[str, Any]) -> int:
    answer = control.http.post(f"{WECHAT}/message/custom/{name}?access_token={token}", json=body)
    assert answer.status_code == 200
    assert answer.get_json()["errmsg"]
    return int(answer.get_json()["errcode"])


def send(control: Control, token: str, openid: str, text: str = "结果来了") -> int:
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    return call(control, token, "send", body)


def out_of_windows(control: Control) -> str:
    openid = control.follower()
    control.advance(61)
    return openid


def test_a_message_opens_five_for_48_hours(control: Control, config: SandboxConfig) -> None:
    openid = out_of_windows(control)
    control.says(openid, "你好")
    control.advance(2 * DAY - 1)
    token = str(stable(control, config)["access_token"])
    assert [send(control, token, openid) for _ in range(6)] == [0] * 5 + [45047]
    control.advance(1)
    assert send(control, token, openid) == 45015


@pytest.mark.parametrize(
    "action",
    [
        {"type": "click", "key": "K"},
        {"type": "scan", "key": "42"},
        {"type": "event", "event": "scancode_waitmsg", "key": "K"},
    ],
)
def test_a_tap_and_a_scan_open_three_for_a_minute(
    control: Control, token: str, action: dict[str, str]
) -> None:
    openid = out_of_windows(control)
    assert send(control, token, openid) == 45015
    control.act(openid, **action)
    control.advance(59)
    assert [send(control, token, openid) for _ in range(4)] == [0, 0, 0, 45047]
    control.act(openid, **action)
    assert send(control, token, openid) == 0
    control.advance(60)
    assert send(control, token, openid) == 45015


def test_following_opens_three_for_a_minute(control: Control, token: str) -> None:
    openid = control.follower()
    assert [send(control, token, openid) for _ in range(4)] == [0, 0, 0, 45047]


@pytest.mark.parametrize(
    "action",
    [
        {"type": "view", "url": "https://w/"},
        {"type": "event", "event": "location_select", "key": "K"},
        {"type": "event", "event": "pic_photo_or_album", "key": "K"},
    ],
)
def test_other_acts_open_nothing(control: Control, token: str, action: dict[str, str]) -> None:
    openid = out_of_windows(control)
    control.act(openid, **action)
    assert send(control, token, openid) == 45015


def test_several_windows_add_up_and_the_one_that_closes_first_is_used_first(
    control: Control, token: str
) -> None:
    openid = out_of_windows(control)
    control.says(openid, "你好")
    control.act(openid, type="click", key="K")
    assert [send(control, token, openid) for _ in range(3)] == [0, 0, 0]
    control.advance(61)
    assert [send(control, token, openid) for _ in range(6)] == [0] * 5 + [45047]


def test_who_left_cannot_be_reached(control: Control, token: str) -> None:
    openid = control.follower()
    control.says(openid, "你好")
    control.post(f"/citizens/{openid}/unfollow")
    assert send(control, token, openid) == 45015
    assert send(control, token, "oWtDk6nobody") == 40003


def test_a_message_is_shown_as_one_of_the_service(control: Control, token: str) -> None:
    openid = control.follower()
    assert send(control, token, openid, "您的账单") == 0
    bubble = control.bubbles(openid)[-1]
    assert (bubble["who"], bubble["via"]) == ("account", "customer_service")
    assert (bubble["kind"], bubble["text"]) == ("text", "您的账单")


def test_a_menu_message_becomes_tappable_lines(control: Control, token: str) -> None:
    openid = control.follower()
    menu = {
        "head_content": "满意吗？",
        "list": [{"id": "101", "content": "满意"}],
        "tail_content": "再见",
    }
    body = {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}
    assert call(control, token, "send", body) == 0
    head, line, tail = control.bubbles(openid)[-1]["text"].split("\n")
    assert (head, tail) == ("满意吗？", "再见")
    assert line.startswith('<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1')
    assert line.endswith('msgmenuid=101">满意</a>')


ARTICLE = {"title": "T", "description": "D", "url": "https://w/", "picurl": "https://w/p.jpg"}


@pytest.mark.parametrize(
    ("message", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "水" * 682 + "ab"}}, 0),
        ({"msgtype": "text", "text": {"content": "水" * 683}}, 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text"}, 40035),
        ({"msgtype": "dance"}, 40008),
        ({"msgtype": "news", "news": {"articles": [ARTICLE]}}, 0),
        ({"msgtype": "news", "news": {"articles": [ARTICLE, ARTICLE]}}, 45008),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 40035),
    ],
)
def test_content_is_checked_before_the_counter_is_touched(
    control: Control, token: str, message: dict[str, Any], errcode: int
) -> None:
    openid = control.follower()
    assert call(control, token, "send", {"touser": openid, **message}) == errcode
    left = 2 if errcode == 0 else 3
    sent = [send(control, token, openid) for _ in range(3)]
    assert sent == [0] * left + [45047] * (3 - left)


def test_typing_needs_a_recent_message_and_is_not_repeated(control: Control, token: str) -> None:
    openid = control.follower()

    def typing(command: str = "Typing") -> int:
        return call(control, token, "typing", {"touser": openid, "command": command})

    assert typing() == 45080
    control.says(openid, "你好")
    assert [typing("Sleeping"), typing(), typing()] == [45072, 0, 45081]
    assert [typing("CancelTyping"), typing()] == [0, 0]
    control.advance(31)
    assert typing() == 45080
