"""Template messages and subscription notices: what goes out, comes back, and is never told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backends.errors import BackendError, BackendUnavailable, Reaction, WechatRejected
from backends.ports import MessageTemplate, Push, PushMessages
from backends.wechat.push_messages import WechatPushes
from tests.contract.wechat.conftest import OPENID, Worker
from tests.contract.wechat.platform import Platform, Scripted
from tests.contract.wechat.test_secrets import everything_about

TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIPTION = "/cgi-bin/message/subscribe/bizsend"
LIST = "/cgi-bin/template/get_all_private_template"
TEMPLATE_ID = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
NAME, ACCOUNT, AMOUNT = "欧阳明", "31*****017", "75.60元"
PUSH = Push(
    openid=OPENID,
    template_id=TEMPLATE_ID,
    data={"thing1": NAME, "character_string2": ACCOUNT, "amount3": AMOUNT, "number4": "1"},
    url="https://water.example/go/bill",
    client_msg_id="0123456789abcdef",
)
DATA = {key: {"value": value} for key, value in PUSH.data.items()}
Send = Callable[[PushMessages, Push], int | None]
SENDS: list[tuple[Send, str]] = [
    (lambda pushes, push: pushes.send_template(push), TEMPLATE),
    (lambda pushes, push: pushes.send_subscription(push), SUBSCRIPTION),
]
both = pytest.mark.parametrize(("send", "path"), SENDS, ids=["template", "subscription"])


@pytest.fixture
def pushes(worker: Worker) -> PushMessages:
    return WechatPushes(worker.client)


def test_a_template_message_carries_its_card_its_link_and_its_id(
    pushes: PushMessages, platform: Platform
) -> None:
    pushes.send_template(PUSH)
    (asked,) = platform.to(TEMPLATE)
    assert asked.json == {
        "touser": OPENID,
        "template_id": TEMPLATE_ID,
        "url": "https://water.example/go/bill",
        "client_msg_id": "0123456789abcdef",
        "data": DATA,
    }
    assert NAME.encode() in asked.body, "characters stand as they are"


def test_what_is_empty_is_left_out(pushes: PushMessages, platform: Platform) -> None:
    bare = replace(PUSH, url="", client_msg_id="")
    pushes.send_template(bare)
    pushes.send_subscription(bare)
    for path in (TEMPLATE, SUBSCRIPTION):
        assert platform.to(path)[0].json == {
            "touser": OPENID,
            "template_id": TEMPLATE_ID,
            "data": DATA,
        }


def test_a_subscription_notice_has_a_page_and_no_id(
    pushes: PushMessages, platform: Platform
) -> None:
    pushes.send_subscription(PUSH)
    (asked,) = platform.to(SUBSCRIPTION)
    assert asked.json["page"] == "https://water.example/go/bill"
    assert not {"url", "client_msg_id"} & asked.json.keys()


@both
@pytest.mark.parametrize(
    ("told", "msg_id"),
    [
        (b"9223372036854775807", 9223372036854775807),
        (b'"3520836013000491009"', 3520836013000491009),
        (b"0", 0),
        (b"null", None),
        (b'""', None),
        (b'"\xe5\x8f\xb7"', None),
    ],
)
def test_the_message_id_has_64_bits_and_may_come_as_text(
    pushes: PushMessages,
    platform: Platform,
    send: Send,
    path: str,
    told: bytes,
    msg_id: int | None,
) -> None:
    platform.script(path, Scripted(body=b'{"errcode":0,"errmsg":"ok","msgid":%b}' % told))
    assert send(pushes, PUSH) == msg_id


@both
def test_an_answer_without_an_id_is_an_answer(
    pushes: PushMessages, platform: Platform, send: Send, path: str
) -> None:
    platform.script(path, {"errcode": 0, "errmsg": "ok"})
    assert send(pushes, PUSH) is None


@both
@pytest.mark.parametrize(
    ("errcode", "reaction"),
    [
        (-1, Reaction.BACK_OFF),
        (40003, Reaction.CITIZEN_UNREACHABLE),
        (40037, Reaction.CONFIGURATION),
        (40039, Reaction.OUR_BUG),
        (40164, Reaction.CONFIGURATION),
        (40249, Reaction.CONFIGURATION),
        (43004, Reaction.CITIZEN_UNREACHABLE),
        (43019, Reaction.CITIZEN_UNREACHABLE),
        (43101, Reaction.CITIZEN_UNREACHABLE),
        (43107, Reaction.CITIZEN_UNREACHABLE),
        (43116, Reaction.CONFIGURATION),
        (45009, Reaction.BACK_OFF),
        (45011, Reaction.BACK_OFF),
        (45065, Reaction.OUR_BUG),
        (45067, Reaction.OUR_BUG),
        (47003, Reaction.OUR_BUG),
        (48001, Reaction.CONFIGURATION),
        (50002, Reaction.CONFIGURATION),
    ],
)
def test_a_refusal_says_what_it_asks_of_us_and_is_not_repeated(
    pushes: PushMessages,
    platform: Platform,
    send: Send,
    path: str,
    errcode: int,
    reaction: Reaction,
) -> None:
    platform.always(path, {"errcode": errcode, "errmsg": "no rid: 5ff55bb9-26bfe237-07481ace"})
    with pytest.raises(WechatRejected) as caught:
        send(pushes, PUSH)
    assert caught.value.errcode == errcode
    assert caught.value.reaction is reaction
    assert len(platform.to(path)) == 1


@both
def test_a_lost_answer_may_mean_that_it_was_sent(
    pushes: PushMessages, platform: Platform, send: Send, path: str
) -> None:
    platform.script(path, Scripted(lost=True))
    with pytest.raises(BackendUnavailable) as caught:
        send(pushes, PUSH)
    assert caught.value.sent is True
    assert len(platform.to(path)) == 1


def test_the_field_that_breaks_a_rule_is_named(pushes: PushMessages, platform: Platform) -> None:
    errmsg = "argument invalid! data.thing1.value invalid rid: 5ff55bb9-26bfe237-07481ace"
    platform.script(TEMPLATE, {"errcode": 47003, "errmsg": errmsg})
    with pytest.raises(WechatRejected, match=r"data\.thing1\.value"):
        pushes.send_template(PUSH)


@both
@pytest.mark.parametrize(
    "answer",
    [
        Scripted(lost=True),
        Scripted(status=502, body=f"bad gateway {NAME} {OPENID}".encode()),
        Scripted(body=b"{"),
        {"errcode": 47003, "errmsg": f"{NAME} {ACCOUNT} {AMOUNT} of {OPENID} are not valid"},
    ],
)
def test_failures_tell_neither_whom_nor_what(
    pushes: PushMessages, platform: Platform, send: Send, path: str, answer: Any
) -> None:
    platform.script(path, answer)
    with pytest.raises(BackendError) as caught:
        send(pushes, PUSH)
    told = everything_about(caught.value)
    assert not [value for value in (OPENID, NAME, ACCOUNT, AMOUNT, "TOKEN-") if value in told]


def test_the_account_s_templates_are_listed_with_their_keys_in_order(
    pushes: PushMessages, platform: Platform
) -> None:
    listed = {
        "template_id": TEMPLATE_ID,
        "title": "水费账单通知",
        "primary_industry": "",
        "content": "户号:{{character_string1.DATA}}\n账期:{{thing2.DATA}}\n金额:{{ amount4.DATA }}",
        "example": "户号:1",
    }
    platform.script(LIST, {"template_list": [listed, {"template_id": "x"}]})
    keys = ("character_string1", "thing2", "amount4")
    assert pushes.templates() == (
        MessageTemplate(TEMPLATE_ID, "水费账单通知", keys),
        MessageTemplate("x", "", ()),
    )
    assert platform.to(LIST)[0].method == "GET"


def test_an_account_without_templates_has_none(pushes: PushMessages, platform: Platform) -> None:
    platform.script(LIST, {"template_list": []}, {})
    assert pushes.templates() == ()
    assert pushes.templates() == ()
