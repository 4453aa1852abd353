"""What becomes of each kind of answer, and of none."""

import itertools
import socket
import threading

import pytest

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.wechat.errcodes import REACTIONS
from backends.wechat.menu import get_menu
from backends.wechat.transport import Call, ClientOptions, Transport
from tests.contract.wechat.conftest import OPENID, Worker, Workers
from tests.contract.wechat.platform import SEND, TYPING, Platform, Scripted

MENU = "/cgi-bin/menu/get"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_text_goes_out_as_utf8_without_escapes(worker: Worker, platform: Platform) -> None:
    worker.messages.send_text(OPENID, '您好 🚰 <a href="https://water.example">缴费</a>')
    (asked,) = platform.to(SEND)
    assert asked.json == {
        "touser": OPENID,
        "msgtype": "text",
        "text": {"content": '您好 🚰 <a href="https://water.example">缴费</a>'},
    }
    assert "您好 🚰".encode() in asked.body
    assert b"\\u" not in asked.body


def test_calls_share_one_connection(worker: Worker, platform: Platform) -> None:
    for _ in range(5):
        worker.messages.send_text(OPENID, "一")
    assert len({asked.port for asked in platform.asked}) == 1


@pytest.mark.parametrize("mime", ["text/plain", "application/json; encoding=utf-8", "image/png"])
def test_an_answer_is_read_from_its_bytes_whatever_its_content_type(
    worker: Worker, platform: Platform, mime: str
) -> None:
    body = '{"menu":{"button":[{"name":"水费\t服务"}]}}'.encode()
    platform.script(MENU, Scripted(body=body, mime=mime))
    assert get_menu(worker.client) == {"button": [{"name": "水费\t服务"}]}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Scripted(lost=True), "connection broken"),
        (Scripted(body=b"<html>502", status=502, mime="text/html"), "HTTP status 502"),
        (Scripted(body=b'{"errcode":0}', status=503), "HTTP status 503"),
        (Scripted(body=b"<html>ok", mime="text/html"), "not a JSON object"),
        (Scripted(body=b"[1]"), "not a JSON object"),
        (Scripted(body=b"\xff\xfe{"), "not a JSON object"),
        (Scripted(body=b'{"a":' * 30_000), "not a JSON object"),
        (Scripted(body=b""), "not a JSON object"),
        (Scripted(body=b"", status=302), "HTTP status 302"),
        (Scripted(body=b"gone", status=404, mime="text/html"), "HTTP status 404"),
        (Scripted(body=b'{"errcode":0', declared=100), "cut off"),
        (Scripted(body=b"binary", mime="image/png"), "not a JSON object"),
    ],
)
def test_an_answer_that_tells_nothing_counts_as_possibly_sent(
    worker: Worker, platform: Platform, answer: Scripted, why: str
) -> None:
    platform.script(SEND, answer)
    with pytest.raises(BackendUnavailable, match=why) as caught:
        worker.messages.send_text(OPENID, "您好")
    assert caught.value.sent is True
    assert caught.value.system == "wechat"
    assert len(platform.to(SEND)) == 1, "a send is never repeated"


def test_an_answer_that_does_not_come_counts_as_possibly_sent(
    worker: Worker, platform: Platform
) -> None:
    worker.tokens.current()
    platform.script(SEND, Scripted(lost=True, gate_s=1.5, gate=threading.Event()))
    with pytest.raises(BackendUnavailable, match="read timed out") as caught:
        worker.messages.send_text(OPENID, "您好")
    assert caught.value.sent is True
    assert 0.9 < caught.value.after_s < 1.5


def test_an_answer_that_trickles_is_given_up_at_the_deadline(platform: Platform) -> None:
    platform.script(SEND, Scripted(body=b'{"a":"' + b"x" * 500_000 + b'"}'))
    ten_seconds_a_look = itertools.count(step=10.0)
    options = ClientOptions(base_url=platform.base_url, read_timeout_s=4.0)
    transport = Transport(options, clock=lambda: next(ten_seconds_a_look))
    try:
        with pytest.raises(BackendUnavailable, match="trickles") as caught:
            transport.exchange(Call(method="POST", path=SEND, body=b"{}"))
    finally:
        transport.close()
    assert caught.value.sent is True


def test_an_answer_longer_than_allowed_is_not_read_to_its_end(
    worker: Worker, platform: Platform
) -> None:
    platform.script(SEND, Scripted(body=b'{"a":"' + b"x" * 2_000_000 + b'"}'))
    with pytest.raises(BackendUnavailable, match="too long") as caught:
        worker.messages.send_text(OPENID, "您好")
    assert caught.value.sent is True


def test_a_refused_connection_counts_as_not_sent(workers: Workers, platform: Platform) -> None:
    worker = workers.start()
    shared = worker.tokens.current()
    adrift = workers.start(base_url=f"http://127.0.0.1:{free_port()}")
    assert adrift.tokens.current() == shared, "the token comes from the store"
    with pytest.raises(BackendUnavailable, match="connection refused") as caught:
        adrift.messages.send_text(OPENID, "您好")
    assert caught.value.sent is False


@pytest.mark.parametrize(
    ("errcode", "reaction"),
    [
        (-1, Reaction.BACK_OFF),
        (40003, Reaction.CITIZEN_UNREACHABLE),
        (45015, Reaction.CITIZEN_UNREACHABLE),
        (45047, Reaction.CITIZEN_UNREACHABLE),
        (45009, Reaction.BACK_OFF),
        (48001, Reaction.CONFIGURATION),
        (40007, Reaction.MEDIA),
        (47001, Reaction.OUR_BUG),
        (999_999, Reaction.OUR_BUG),
    ],
)
def test_a_refusal_says_what_to_do_about_it_and_a_send_is_never_repeated(
    worker: Worker, platform: Platform, errcode: int, reaction: Reaction
) -> None:
    platform.always(SEND, {"errcode": errcode, "errmsg": "no rid: 5ff55bb9-26bfe237-07481ace"})
    with pytest.raises(WechatRejected) as caught:
        worker.messages.send_text(OPENID, "您好")
    assert caught.value.reaction is reaction
    assert caught.value.code == str(errcode)
    assert caught.value.rid == "5ff55bb9-26bfe237-07481ace"
    assert len(platform.to(SEND)) == 1


def test_the_older_hint_is_kept_as_the_request_id(worker: Worker, platform: Platform) -> None:
    platform.script(SEND, {"errcode": 48001, "errmsg": "api unauthorized hint: [aB3_x01]"})
    with pytest.raises(WechatRejected) as caught:
        worker.messages.send_text(OPENID, "您好")
    assert caught.value.rid == "aB3_x01"


def test_a_refusal_without_words_is_still_a_refusal(worker: Worker, platform: Platform) -> None:
    platform.script(SEND, {"errcode": 45015})
    with pytest.raises(WechatRejected):
        worker.messages.send_text(OPENID, "您好")


def test_a_text_of_2048_bytes_goes_out_and_one_more_is_refused_here(
    worker: Worker, platform: Platform
) -> None:
    worker.messages.send_text(OPENID, "水" * 682 + "ab")
    with pytest.raises(WechatRejected, match="2049 bytes") as caught:
        worker.messages.send_text(OPENID, "水" * 683)
    assert caught.value.reaction is Reaction.OUR_BUG
    with pytest.raises(WechatRejected, match="empty"):
        worker.messages.send_text(OPENID, " \n")
    assert len(platform.to(SEND)) == 1


def test_half_an_emoji_does_not_stop_a_message(worker: Worker, platform: Platform) -> None:
    worker.messages.send_text(OPENID, "好\ud83d")
    assert platform.to(SEND)[0].json["text"]["content"] == "好?"


@pytest.mark.parametrize("errcode", [45080, 45081])
def test_typing_that_wechat_would_not_show_is_no_error(
    worker: Worker, platform: Platform, errcode: int
) -> None:
    platform.script(TYPING, {"errcode": errcode, "errmsg": "typing"})
    worker.messages.send_typing(OPENID)
    assert platform.to(TYPING)[0].json == {"touser": OPENID, "command": "Typing"}
    platform.script(TYPING, {"errcode": 48001, "errmsg": "api unauthorized"})
    with pytest.raises(WechatRejected):
        worker.messages.send_typing(OPENID)


def test_every_code_of_the_protocol_sheet_has_a_class_and_ok_has_none() -> None:
    assert 0 not in REACTIONS
    assert len(REACTIONS) > 150
    assert set(REACTIONS.values()) == set(Reaction)
