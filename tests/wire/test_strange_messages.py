"""Strange, but a citizen's message all the same: it is answered, and the dialog goes on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.citizen import cdata
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service, running, settings_for
from tests.town import ACCOUNTS, BILLS, OWES_ONE
from tests.wire.steady import in_a_dialog, undisturbed

NASTY = ']]></Content><Evil>1</Evil><![CDATA["&amp;<a href="http://evil">x</a>\x1d'
UNSUPPORTED = [
    "【收到不支持的消息类型，暂无法显示】",
    "【收到不支援的訊息類型，無法顯示】",
    "[Unsupported Message]",
]


@pytest.mark.parametrize(
    "letter", ["\x00", "\x08", "\x0b", "\x0c", "\x1d", "\x1f", "\ufffe", "\uffff"]
)
def test_a_control_character_is_dropped_and_the_message_answered(
    desk: Service, letter: str
) -> None:
    citizen = in_a_dialog(desk)
    typed = f"{letter}31{letter}00000{letter}017{letter}"
    assert "户主姓名" in citizen.says(typed).plain


@pytest.mark.parametrize("typed", ["]]>", "a]]>b", "]]]]>>", "<![CDATA[x]]>", "&lt;&#0;", "<xml/>"])
def test_markup_in_a_citizens_words_is_words(desk: Service, typed: str) -> None:
    citizen = in_a_dialog(desk)
    assert "户号应该是10位数字" in citizen.says(typed).plain
    assert "户主姓名" in citizen.says(OWES_ONE).plain


@pytest.fixture
def nasty(redis_url: str) -> Iterator[Service]:
    """A town whose names and addresses try to break out of the reply."""
    settings = settings_for(redis_url, UTILITY_NAME=f"滨河{NASTY}", HOTLINE="962000]]>")
    accounts = [replace(account, address=f"滨河路{NASTY}") for account in ACCOUNTS]
    with running(settings, FakeCsms(accounts, BILLS), FakeRecords()) as started:
        yield started


def test_no_name_or_address_breaks_a_reply_or_brings_a_link(nasty: Service) -> None:
    citizen = nasty.citizen()
    replies = [citizen.follows(), citizen.says("帮助"), citizen.says("绑定户号")]
    replies += [citizen.says(typed) for typed in ("同意", OWES_ONE, "张伟", "绑好了", "2", "1")]
    replies += [citizen.says("我的户号"), citizen.says("查欠费")]
    for reply in replies:
        assert reply.kind == "text", "the harness has parsed it as WeChat would"
        assert "<Evil>" not in reply.xml
        assert "http://evil" not in str(reply.links)
        assert '<a href="http' not in reply.text
        assert "\x1d" not in reply.text
    assert "滨河]]＞＜/Content＞" in replies[0].plain
    assert "962000]]＞" in replies[1].plain
    assert any("滨河路]]＞" in reply.plain for reply in replies), "the address is shown"


@pytest.mark.parametrize("content", ["", "   ", "\n\t\r\n", "　", "\x1d"])
def test_a_text_without_words_is_asked_for_again(desk: Service, content: str) -> None:
    citizen = desk.citizen()
    assert "没有收到文字内容" in citizen.says(content).plain
    binding = in_a_dialog(desk)
    assert "没有收到文字内容" in binding.says(content).plain
    assert "户主姓名" in binding.says(OWES_ONE).plain


def test_a_text_message_without_content_is_asked_for_again(desk: Service) -> None:
    citizen = desk.citizen()
    assert "没有收到文字内容" in citizen.deliver(citizen.message("text", "")).plain


@pytest.mark.parametrize("kind", ["file", "miniprogrampage", "hologram", "unknown", "click_event"])
def test_a_type_that_nobody_knows_is_answered(desk: Service, kind: str) -> None:
    citizen = in_a_dialog(desk)
    reply = citizen.deliver(citizen.message(kind, "<Title>水表.pdf</Title>"))
    assert "这一步请用文字回复" in reply.plain
    assert "户主姓名" in citizen.says(OWES_ONE).plain
    stranger = desk.citizen()
    reply = stranger.deliver(stranger.message(kind, ""))
    assert "这类消息暂时处理不了" in reply.plain


@pytest.mark.parametrize("sentence", UNSUPPORTED)
def test_wechats_sentence_for_stickers_and_files_is_not_taken_for_the_citizens(
    desk: Service, sentence: str
) -> None:
    citizen = in_a_dialog(desk)
    assert "这一步请用文字回复" in citizen.says(sentence).plain
    assert "户主姓名" in citizen.says(OWES_ONE).plain
    assert "这类消息暂时处理不了" in desk.citizen().says(sentence).plain


@pytest.mark.parametrize("msg_id", ["0", "9007199254740993", "18446744073709551615"])
def test_message_numbers_beyond_what_doubles_hold_are_told_apart(
    desk: Service, msg_id: str
) -> None:
    citizen = desk.citizen()
    first = f"<Content>菜单</Content><MsgId>{msg_id}</MsgId>"
    neighbour = f"<Content>帮助</Content><MsgId>{int(msg_id) ^ 1}</MsgId>"
    assert "1. 查欠费" in citizen.deliver(citizen.wrap("text", first)).plain
    assert "客服热线" in citizen.deliver(citizen.wrap("text", neighbour)).plain


@pytest.mark.parametrize(
    "extra",
    [
        "<source>oEVIL00000</source><target>gh_evil</target><type>event</type><time>0</time>",
        "<event>unsubscribe</event><content>取消</content><message_id>1</message_id>",
        "<raw>x</raw><key>cancel</key><__class__>x</__class__><_x>1</_x>",
    ],
)
def test_elements_named_like_attributes_are_ignored(desk: Service, extra: str) -> None:
    citizen = in_a_dialog(desk)
    answer = citizen.message("text", f"{extra}<Content>{OWES_ONE}</Content>{extra[:0]}")
    assert "户主姓名" in citizen.deliver(answer).plain


@pytest.mark.parametrize(
    "wrapped",
    [
        "\ufeff{}",
        '<?xml version="1.0" encoding="UTF-8"?>\n{}',
        "\n\n{}\n",
        "{}<!-- the end -->",
    ],
)
def test_a_byte_order_mark_or_a_declaration_is_no_matter(desk: Service, wrapped: str) -> None:
    citizen = desk.citizen()
    message = citizen.message("text", "<Content>菜单</Content>")
    assert "1. 查欠费" in citizen.deliver(wrapped.format(message)).plain


def test_elements_in_another_order_and_unknown_ones_are_no_matter(desk: Service) -> None:
    citizen = desk.citizen()
    shuffled = (
        f"<xml><Idx>1</Idx><Content>菜单</Content><MsgId>{desk.next_msg_id()}</MsgId>"
        "<MsgDataId>x</MsgDataId><New><Er><Than>We</Than></Er></New><MsgType>text</MsgType>"
        f"<CreateTime>{int(desk.clock.now_s)}</CreateTime><FromUserName>{citizen.openid}"
        "</FromUserName><ToUserName>gh_0123456789ab</ToUserName></xml>"
    )
    assert "1. 查欠费" in citizen.deliver(shuffled).plain


def test_deep_nesting_beside_the_message_is_no_matter(desk: Service) -> None:
    citizen = desk.citizen()
    nested = "<x>" * 6_500 + "</x>" * 6_500
    reply = citizen.deliver(citizen.message("text", f"<Content>菜单</Content>{nested}"))
    assert "1. 查欠费" in reply.plain


def test_a_text_as_long_as_a_body_can_hold_is_answered(desk: Service) -> None:
    citizen = in_a_dialog(desk)
    with_emoji = "水💧" * 6_500
    assert "内容太长了" in citizen.says(with_emoji).plain
    assert "户主姓名" in citizen.says(OWES_ONE).plain


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo", "location", "link"])
def test_known_types_without_their_elements_are_answered(
    desk: Service, ledger: FakeRecords, kind: str
) -> None:
    stranger = desk.citizen()
    assert "菜单" in stranger.deliver(stranger.message(kind, "")).plain
    citizen = in_a_dialog(desk)
    assert "这一步请用文字回复" in citizen.deliver(citizen.message(kind, "")).plain
    with undisturbed(citizen, ledger):
        pass


def test_a_links_title_and_address_are_not_taken_for_commands(desk: Service) -> None:
    citizen = desk.citizen()
    link = f"<Title>{cdata('查欠费')}</Title><Url>{cdata('http://x/?a=1&b=2')}</Url>"
    assert "这类消息暂时处理不了" in citizen.deliver(citizen.message("link", link)).plain
