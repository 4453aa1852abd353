"""Replies as WeChat takes them: names swapped, nothing before <xml>, texts that stay inside."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.robot import ServiceRobot
from bot.wording.pages import tidy
from tests.unit.messages import read, text

ROBOT = ServiceRobot("watertoken", now_s=lambda: 1_795_320_000.9)
ASKED = read(text("查水费"))


def test_a_text_goes_back_to_who_asked_with_our_clocks_seconds() -> None:
    reply = ElementTree.fromstring(ROBOT.text(ASKED, "您好"))
    assert {element.tag: element.text for element in reply} == {
        "ToUserName": "oWATER0001",
        "FromUserName": "gh_1",
        "CreateTime": "1795320000",
        "MsgType": "text",
        "Content": "您好",
    }


def test_nothing_stands_before_or_after_the_root() -> None:
    for xml in (ROBOT.text(ASKED, "a\nb"), ROBOT.transfer(ASKED)):
        assert xml.startswith("<xml>")
        assert xml.endswith("</xml>")


def test_a_transfer_names_no_agent() -> None:
    reply = ElementTree.fromstring(ROBOT.transfer(ASKED))
    assert reply.findtext("MsgType") == "transfer_customer_service"
    assert reply.find("TransInfo") is None
    assert reply.findtext("ToUserName") == "oWATER0001"


@pytest.mark.parametrize(
    "content", ["]]>", "]]]]>>", "]]>]]>", "]]></Content><MsgType>news</MsgType>", "{0} {x} %s"]
)
def test_a_text_never_ends_its_own_element(content: str) -> None:
    reply = ElementTree.fromstring(ROBOT.text(ASKED, content))
    assert reply.findtext("Content") == content
    assert [element.text for element in reply.iter("MsgType")] == ["text"]


def test_a_text_that_looks_like_werobots_shorthand_is_a_text() -> None:
    for content in ("success", "['abcd', 'efgh', 'ijkl']", "{}"):
        assert ElementTree.fromstring(ROBOT.text(ASKED, content)).findtext("Content") == content


def test_the_robot_keeps_no_sessions() -> None:
    assert ROBOT.session_storage is None


@given(st.text(max_size=200))
def test_every_tidy_text_arrives_as_it_is(words: str) -> None:
    content = tidy(words)
    arrived = ElementTree.fromstring(ROBOT.text(ASKED, content)).findtext("Content")
    assert (arrived or "") == content
