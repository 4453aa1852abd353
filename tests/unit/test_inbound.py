"""WeChat's XML into an `Inbound`: what is read, what is dropped, what is unreadable."""

import pytest

from bot.gate import Unreadable
from dialogs.engine.inbound import Kind
from tests.unit.messages import read, text, wrap


def test_a_text_message_is_read_with_all_that_conversations_need() -> None:
    inbound = read(text("查水费", "<MsgId>24000000000000001</MsgId><bizmsgmenuid>7</bizmsgmenuid>"))
    assert (inbound.kind, inbound.text, inbound.menu_id) == (Kind.TEXT, "查水费", "7")
    assert (inbound.openid, inbound.account_id) == ("oWATER0001", "gh_1")
    assert inbound.at.isoformat() == "2025-10-09T16:53:20+08:00"
    assert inbound.key == "24000000000000001-1760000000"


def test_an_image_keeps_its_media_id() -> None:
    assert read(wrap("image", "<MediaId>m-1</MediaId>")).media_id == "m-1"


def test_a_location_keeps_its_degrees_and_its_label() -> None:
    fields = "<Location_X>23.13</Location_X><Location_Y>113.35</Location_Y><Label>滨河路</Label>"
    inbound = read(wrap("location", fields))
    assert (inbound.latitude, inbound.longitude, inbound.label) == (23.13, 113.35, "滨河路")


@pytest.mark.parametrize("degrees", ["", "north", "nan", "inf", "-Infinity", "1e999", "<a>1</a>"])
def test_degrees_that_are_no_place_on_earth_are_none(degrees: str) -> None:
    assert read(wrap("location", f"<Location_X>{degrees}</Location_X>")).latitude is None


def test_a_voice_message_says_what_the_platform_recognised() -> None:
    assert read(wrap("voice", "<Recognition>查 水费</Recognition>")).text == "查 水费"


@pytest.mark.parametrize("kind", ["file", "miniprogrampage", "hologram", "click_event", "unknown"])
def test_a_type_nobody_knows_is_unsupported_and_no_error(kind: str) -> None:
    assert read(wrap(kind, "<Content>菜单</Content>")).kind is Kind.UNSUPPORTED


@pytest.mark.parametrize(
    "sentence",
    [
        "【收到不支持的消息类型，暂无法显示】",
        "【收到不支援的訊息類型，無法顯示】",
        "[Unsupported Message]",
    ],
)
def test_wechats_own_sentence_for_files_and_stickers_is_no_text(sentence: str) -> None:
    inbound = read(text(sentence))
    assert (inbound.kind, inbound.text) == (Kind.UNSUPPORTED, "")


@pytest.mark.parametrize("content", ["", " \n\t ", "<![CDATA[]]>", "\x1d\x00"])
def test_a_text_without_words_is_an_empty_text(content: str) -> None:
    inbound = read(text(content))
    assert (inbound.kind, inbound.text) == (Kind.TEXT, "")


@pytest.mark.parametrize("letter", ["\x00", "\x08", "\x0b", "\x1d", "\x1f", "\ufffe", "\uffff"])
def test_characters_that_xml_forbids_are_dropped(letter: str) -> None:
    assert read(text(f"<![CDATA[查{letter}水费]]>")).text == "查水费"


@pytest.mark.parametrize("letter", ["\x00", "\x1d", "\uffff"])
def test_dropping_a_character_never_lets_a_citizen_out_of_the_text(letter: str) -> None:
    typed = f"x]{letter}]></Content><bizmsgmenuid>c.1</bizmsgmenuid><Label><![CDATA["
    with pytest.raises(Unreadable, match="hide an end of text"):
        read(text(f"<![CDATA[{typed}]]>"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("　３１００　０００　０１７ ", "3100 000 017"),
        ("Ｍｅｎｕ", "menu"),
        ("查\r\n水费", "查 水费"),
        ("５６．７０元", "56.70元"),
    ],
)
def test_texts_are_half_width_lower_case_and_of_single_blanks(typed: str, meant: str) -> None:
    assert read(text(f"<![CDATA[{typed}]]>")).text == meant


@pytest.mark.parametrize(
    "extra",
    [
        "<source>oEVIL0000</source><type>event</type><target>gh_9</target><time>1</time>",
        "<__dict__>x</__dict__><raw>x</raw><message_id>1</message_id><content>菜单</content>",
    ],
)
def test_elements_named_like_attributes_change_nothing(extra: str) -> None:
    plain, strange = read(text("查水费")), read(text("查水费", extra))
    assert strange == plain


def test_unknown_elements_and_their_order_do_not_matter() -> None:
    shuffled = (
        "<xml><Idx>2</Idx><Content>查水费</Content><MsgType>text</MsgType><MsgDataId>x</MsgDataId>"
        "<CreateTime>1760000000</CreateTime><FromUserName>oWATER0001</FromUserName>"
        "<Invented><Deep>1</Deep></Invented><ToUserName>gh_1</ToUserName></xml>"
    )
    assert read(shuffled) == read(text("查水费"))


def test_deep_nesting_in_unknown_elements_costs_nothing() -> None:
    assert read(text("查水费", "<x>" * 5000 + "</x>" * 5000)).text == "查水费"


def test_a_number_beyond_doubles_keeps_every_digit() -> None:
    assert read(text("a", "<MsgId>18446744073709551615</MsgId>")).key.startswith(
        "18446744073709551615-"
    )
