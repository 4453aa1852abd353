"""Signed and sealed, and yet no message: silence, an alert in the log, and nothing changes."""

import pytest

from tests.citizen import cdata
from tests.fakes import FakeRecords
from tests.service import Service
from tests.town import OWES_ONE
from tests.wire.steady import SILENCE, deliver_bytes, in_a_dialog, no_trace

ANSWER = f"<Content>{OWES_ONE}</Content><MsgId>1</MsgId>"  # it would move the dialog on


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE xml [<!ENTITY a "1">]>{}',
        '<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">{}',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>{}',
        "{}<!DOCTYPE xml>",
        '<?xml version="1.0" encoding="GBK"?>{}',
        '\ufeff<?xml version="1.0" encoding = "gb18030"?>{}',
        '<?xml version="1.0" encoding="utf-16"?>{}',
        "text before {}",
        "{} text after",
        "{}{}",
        "<soap>{}</soap>",
        "",
        "success",
        '{{"MsgType":"text"}}',
        "<xml></xml>",
        "<xml/>",
    ],
)
def test_documents_that_are_not_ours_to_read(
    desk: Service, ledger: FakeRecords, document: str
) -> None:
    citizen = in_a_dialog(desk)
    message = citizen.wrap("text", ANSWER)
    with no_trace(citizen, ledger):
        assert citizen.deliver(document.format(message, message)) == SILENCE


def test_a_billion_laughs_are_not_laughed(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE xml [<!ENTITY l0 "ha">{laughs}]>'
    with no_trace(citizen, ledger):
        message = citizen.wrap("text", "<Content>&l9;</Content><MsgId>1</MsgId>")
        assert citizen.deliver(bomb + message) == SILENCE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</xml>", ""),
        ("</Content>", "</Contents>"),
        ("<Content>", "<Content><"),
        ("<Content>", "<Content>&undefined;"),
        ("<Content>", "<Content>&#29;"),
        ("<Content>", "<Content><![CDATA["),
        ("<CreateTime>", "<CreateTime>soon "),
        ("<CreateTime>", "<CreateTime>-"),
        ("<CreateTime>", "<CreateTime>９"),
        ("<CreateTime>", "<CreateTime>99999999999"),
        ("<MsgId>1<", "<MsgId>one<"),
        ("<MsgId>1<", "<MsgId>1.5<"),
        ("<MsgId>1<", f"<MsgId>{'9' * 21}<"),
        ("<MsgId>1<", "<MsgId><Deeper>1</Deeper><"),
        ("FromUserName", "Sender"),
        ("ToUserName", "Receiver"),
        ("CreateTime", "Created"),
        ("MsgType", "Kind"),
        ("<![CDATA[text]]>", ""),
        ("<![CDATA[text]]>", "  "),
        ("gh_0123456789ab", "gh_somebodyelse"),
        ("<![CDATA[oTEST", "<![CDATA[o TEST"),
        ("<![CDATA[oTEST", "<![CDATA[*{oTEST}"),
        ("</xml>", "<Content>取消</Content></xml>"),
        ("</xml>", "<FromUserName>oEVIL000000</FromUserName></xml>"),
        ("<xml>", "<xml xmlns='urn:other'>"),
        ("<xml>", "<XML>"),
        ("<Content>", "<Content><![CDATA[]\x1d]></Content><Label><![CDATA["),
    ],
)
def test_messages_with_one_thing_wrong(
    desk: Service, ledger: FakeRecords, old: str, new: str
) -> None:
    citizen = in_a_dialog(desk)
    message = citizen.wrap("text", ANSWER)
    assert old in message
    with no_trace(citizen, ledger):
        assert citizen.deliver(message.replace(old, new)) == SILENCE


def test_as_many_nested_elements_as_a_body_can_hold(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    depth = 6_700
    nested = citizen.wrap("text", "<A>" * depth + ANSWER + "</A>" * depth)
    assert len(citizen.seal(nested)[1]) > 63_000
    with no_trace(citizen, ledger):
        assert citizen.deliver(nested) == SILENCE


def test_twenty_thousand_nested_elements_never_closed(desk: Service, ledger: FakeRecords) -> None:
    """Closed as well they would not fit into 64 KiB."""
    citizen = in_a_dialog(desk)
    with no_trace(citizen, ledger):
        assert citizen.deliver(citizen.wrap("text", "<a>" * 14_000)) == SILENCE
        too_big = citizen.deliver(citizen.wrap("text", "<a>" * 20_000 + "</a>" * 20_000))
        assert too_big.status == 413


@pytest.mark.parametrize("name", ["", "<Inner>CLICK</Inner>"])
def test_an_event_without_a_name(desk: Service, ledger: FakeRecords, name: str) -> None:
    citizen = in_a_dialog(desk)
    with no_trace(citizen, ledger):
        assert citizen.deliver(citizen.wrap("event", f"<Event>{name}</Event>")) == SILENCE


@pytest.mark.parametrize("event", ["pic_weixin_event", "pic_sysphoto_event"])
def test_a_message_type_that_is_werobots_name_of_an_event(
    desk: Service, ledger: FakeRecords, event: str
) -> None:
    citizen = in_a_dialog(desk)
    with no_trace(citizen, ledger):
        assert citizen.deliver(citizen.wrap(event, "<SendPicsInfo/>")) == SILENCE


def test_what_is_unreadable_is_counted_for_the_alert(desk: Service) -> None:
    labels = {"template": "unreadable"}
    counted = desk.metric("waterdesk_apologies_total", labels)
    desk.citizen().deliver("<xml></xml>")
    assert desk.metric("waterdesk_apologies_total", labels) == counted + 1


def test_bytes_that_are_not_utf8(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    content = f"<Content>{cdata('取消')}</Content>"
    with no_trace(citizen, ledger):
        for encoding in ("gbk", "utf-16"):
            message = citizen.message("text", content).encode(encoding)
            assert deliver_bytes(citizen, message) == SILENCE
