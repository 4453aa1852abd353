"""The platform's judgement of an answer: what citizens see, and what shows them the fault text."""

import pytest

from sandbox.config import SandboxConfig
from sandbox.platform import FAULT_TEXT
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Toy, reply_xml, text_content

ARTICLE = (
    "<item><Title><![CDATA[T]]></Title><Description><![CDATA[D]]></Description>"
    "<PicUrl><![CDATA[https://p/1.jpg]]></PicUrl><Url><![CDATA[https://p/1]]></Url></item>"
)


def news(items: int, count: str) -> str:
    return f"<ArticleCount>{count}</ArticleCount><Articles>{ARTICLE * items}</Articles>"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"errcode":0}', "JSON"),
        ("<html><body>502</body></html>", "HTML"),
        ("OK", "other text"),
        (" <xml></xml>", "blank before"),
        ("\ufeff<xml></xml>", "blank before"),
        ("success\n", "other text"),
        ("<xml><a></xml>", "malformed"),
        ("<xml>{ok}<Event Key>x</Event Key></xml>", "malformed"),
        ('<xml><!DOCTYPE a [<!ENTITY b "c">]></xml>', "DOCTYPE"),
    ],
)
def test_what_is_not_the_reply_xml_is_a_fault_without_a_second_delivery(
    toy: Toy, control: Control, body: str, problem: str
) -> None:
    openid = control.follower()
    toy.answers(body)
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert [problem in attempt["problem"] for attempt in outcome["attempts"]] == [True]
    assert [bubble["text"] for bubble in outcome["bubbles"]] == [FAULT_TEXT]
    assert outcome["bubbles"][0]["who"] == "system"
    assert outcome["bubbles"][0]["kind"] == "notice"


@pytest.mark.parametrize(
    ("content", "msg_type", "problem"),
    [
        (text_content(""), "text", "empty Content"),
        (text_content(" \n"), "text", "empty Content"),
        ("", "text", "empty Content"),
        (text_content("水" * 683), "text", "2049 bytes"),
        (news(1, "2"), "news", "ArticleCount"),
        (news(0, "0"), "news", "ArticleCount"),
        ("<Image></Image>", "image", "MediaId"),
        ("<Image><MediaId>unknown</MediaId></Image>", "image", "three days"),
        ("", "msgmenu", "no passive reply"),
    ],
)
def test_a_reply_with_bad_content_is_a_fault(
    toy: Toy, control: Control, config: SandboxConfig, content: str, msg_type: str, problem: str
) -> None:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, content, msg_type))
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert problem in outcome["attempts"][0]["problem"]


def test_swapped_names_and_a_missing_time_are_faults(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    good = reply_xml(openid, config.account_id, text_content("您好"))
    swapped = reply_xml(config.account_id, openid, text_content("您好"))
    for body in (
        swapped,
        good.replace(config.account_id, "gh_other"),
        good.replace("1760000001", ""),
    ):
        toy.answers(body)
        assert control.says(openid, "你好")["outcome"] == "failed"
    toy.answers(good)
    assert control.says(openid, "你好")["outcome"] == "answered"


def test_a_text_of_exactly_2048_bytes_is_shown(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    text = "水" * 682 + "ab"
    toy.answers(reply_xml(openid, config.account_id, text_content(text)))
    assert control.says(openid, "你好")["bubbles"][0]["text"] == text


def test_a_message_is_answered_with_one_article_and_a_tap_with_up_to_eight(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, news(3, "3"), "news"))
    assert len(control.says(openid, "公告")["bubbles"]) == 1
    tapped = control.act(openid, type="click", key="NEWS")["bubbles"]
    assert len(tapped) == 3
    assert {name: tapped[0][name] for name in ("kind", "title", "url", "pic_url")} == {
        "kind": "news",
        "title": "T",
        "url": "https://p/1",
        "pic_url": "https://p/1.jpg",
    }


def test_an_opened_page_shows_neither_reply_nor_fault(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, text_content("您好")))
    assert control.act(openid, type="view", url="https://w/")["bubbles"] == []
    toy.answers("{}")
    assert control.act(openid, type="view", url="https://w/")["bubbles"] == []
    assert control.bubbles(openid) == []
    assert control.act(openid, type="click", key="K")["bubbles"][0]["text"] == FAULT_TEXT


def test_a_tap_leaves_no_bubble_of_the_citizen(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, text_content("您好")))
    control.act(openid, type="click", key="K")
    control.says(openid, "你好")
    assert [(b["who"], b["via"]) for b in control.bubbles(openid)] == [
        ("account", "reply"),
        ("citizen", "message"),
        ("account", "reply"),
    ]
