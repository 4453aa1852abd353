"""What is no message of WeChat's: unreadable, whatever is wrong with it."""

import pytest

from bot.gate import Unreadable
from tests.unit.messages import event, read, text, wrap


@pytest.mark.parametrize("before", ["\ufeff", '<?xml version="1.0"?>', "\n", "\r\n "])
def test_a_byte_order_mark_a_declaration_and_blanks_may_stand_before(before: str) -> None:
    assert read(before + text("查水费")).text == "查水费"


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8"])
def test_a_declaration_may_say_utf8(encoding: str) -> None:
    for declaration in (f'encoding="{encoding}"', f"encoding = '{encoding}' standalone='yes'"):
        assert read(f'<?xml version="1.0" {declaration}?>' + text("查水费")).text == "查水费"


@pytest.mark.parametrize("encoding", ["GBK", "gb18030", "utf-16", "iso-8859-1", "utf-8x", "nosuch"])
@pytest.mark.parametrize("written", ['encoding="{}"', "encoding = '{}'", '\n encoding\n=\n"{}"'])
@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_any_other_encoding_is_unreadable(encoding: str, written: str, before: str) -> None:
    declaration = f'{before}<?xml version="1.0" {written.format(encoding)}?>'
    with pytest.raises(Unreadable):
        read(declaration + text("balance"))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "success",
        "{}",
        "<xml>",
        "<xml></xml>",
        "<xmlx></xmlx>",
        text("a").replace("</Content>", ""),
        text("a") + "<xml/>",
        "<html>" + text("a") + "</html>",
        "<xml xmlns='urn:x'>" + text("a").removeprefix("<xml>"),
        text("<Content>"),
        text("&nbsp;"),
        text("x&#x1d;"),
    ],
)
def test_what_is_no_message_is_unreadable(xml: str) -> None:
    with pytest.raises(Unreadable):
        read(xml)


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE xml [<!ENTITY a "水">]>',
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!doctype xml>",
    ],
)
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>', "\ufeff", "<!-- -->", "<?x ?>"])
def test_a_document_type_is_unreadable_wherever_it_stands(document_type: str, before: str) -> None:
    for xml in (
        before + document_type + text("a"),
        text("a") + document_type,
        text("a", document_type),
    ):
        with pytest.raises(Unreadable):
            read(xml)


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + text("&b;")
    with pytest.raises(Unreadable, match="not <xml>"):
        read(bomb)


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
@pytest.mark.parametrize("value", [None, "", "  ", "<Inner>1</Inner>"])
def test_each_common_element_must_be_there_and_hold_text(name: str, value: str | None) -> None:
    fields = {"ToUserName": "gh_1", "FromUserName": "oWATER0001", "CreateTime": "1760000000"}
    fields |= {"MsgType": "text"}
    given = {**fields, name: value}
    elements = "".join(f"<{key}>{held}</{key}>" for key, held in given.items() if held is not None)
    with pytest.raises(Unreadable, match=f"no {name}"):
        read(f"<xml>{elements}</xml>")


@pytest.mark.parametrize("name", ["CreateTime", "MsgId"])
@pytest.mark.parametrize(
    "value", ["soon", "-1", "1.5", "1e9", "0x10", "１２", "1" * 21, "<a>1</a>"]
)
def test_numbers_that_are_none_are_unreadable(name: str, value: str) -> None:
    message = text("a", "<MsgId>1</MsgId>")
    before = {"CreateTime": "1760000000", "MsgId": "1"}[name]
    strange = message.replace(f"<{name}>{before}<", f"<{name}>{value}<")
    assert strange != message
    with pytest.raises(Unreadable, match=name):
        read(strange)


@pytest.mark.parametrize(
    "openid", ["o1", "o WATER 0001", "../../etc", "o" * 65, "水务水务水务", "{x}yz:*"]
)
def test_what_cannot_be_an_openid_is_unreadable(openid: str) -> None:
    with pytest.raises(Unreadable, match="no openid"):
        read(text("a").replace("oWATER0001", openid))


def test_an_element_that_stands_twice_is_unreadable() -> None:
    for twice in ("<Content>菜单</Content>", "<FromUserName>oEVIL0000</FromUserName>"):
        with pytest.raises(Unreadable, match="stands twice"):
            read(text("a", twice))


def test_a_message_for_another_account_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="WECHAT_ACCOUNT_ID"):
        read(text("a"), account_id="gh_2")
    assert read(text("a"), account_id="gh_1").text == "a"


def test_an_event_without_a_name_is_unreadable() -> None:
    for nameless in (wrap("event", ""), event(""), event("<a>b</a>")):
        with pytest.raises(Unreadable, match="without a name"):
            read(nameless)
