"""What the server receives when a citizen does something."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from sandbox import crypto
from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.toy_server import Toy


def test_openids_have_28_characters_one_prefix_and_come_from_the_seed(
    make_app: Callable[..., Flask],
) -> None:
    first, again, other = (Control(make_app(seed=seed)) for seed in (7, 7, 8))
    openids = [[c.post("/citizens").get_json()["openid"] for _ in range(2)] for c in (first, again)]
    assert openids[0] == openids[1]
    assert {len(openid) for openid in openids[0]} == {28}
    assert len({openid[:6] for openid in openids[0]}) == 1
    assert other.post("/citizens").get_json()["openid"] not in openids[0]


def test_a_message_carries_a_signed_query_and_the_common_elements(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    control.says(openid, "交水费 😀 ]]> <b>")
    got = toy.seen[-1]
    assert got.path == "/wechat"
    assert got.query("openid") == openid
    assert got.query("encrypt_type") == ""
    assert got.query("signature") == crypto.signature(
        config.token, got.query("timestamp"), got.query("nonce")
    )
    assert got.headers["Content-Type"] == "text/xml"
    assert got.headers["User-Agent"] == "Mozilla/4.0"
    assert got.element("ToUserName") == config.account_id
    assert got.element("FromUserName") == openid
    assert got.element("CreateTime") == str(int(NOW))
    assert got.element("Content") == "交水费 😀 ]]> <b>"


def test_message_ids_do_not_survive_a_float_and_never_repeat(toy: Toy, control: Control) -> None:
    openid = control.follower()
    for _ in range(3):
        control.says(openid, "你好")
    ids = [int(incoming.element("MsgId")) for incoming in toy.seen[1:]]
    assert len(set(ids)) == 3
    assert all(2**53 < number < 2**63 and int(float(number)) != number for number in ids)


ACTIONS: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {"type": "text", "content": "满意", "menu_id": "101"},
        {"MsgType": "text", "Content": "满意", "bizmsgmenuid": "101"},
    ),
    (
        {"type": "location", "lat": 30.5, "lon": 114.25, "label": "解放大道 1 号"},
        {"MsgType": "location", "Location_X": "30.5", "Location_Y": "114.25", "Scale": "20"},
    ),
    (
        {"type": "voice", "recognition": "查水费"},
        {"MsgType": "voice", "Format": "amr", "Recognition": "查水费"},
    ),
    (
        {"type": "link", "title": "停水公告", "url": "https://water.example/n/1"},
        {"MsgType": "link", "Title": "停水公告", "Url": "https://water.example/n/1"},
    ),
    ({"type": "click", "key": "BILL"}, {"Event": "CLICK", "EventKey": "BILL"}),
    (
        {"type": "view", "url": "https://water.example/"},
        {"Event": "VIEW", "EventKey": "https://water.example/", "MenuId": "421141672"},
    ),
    ({"type": "scan", "key": "123"}, {"Event": "SCAN", "EventKey": "123"}),
    (
        {"type": "unsupported"},
        {"MsgType": "text", "Content": "【收到不支持的消息类型，暂无法显示】"},
    ),
    (
        {
            "type": "event",
            "event": "scancode_waitmsg",
            "key": "SCAN_METER",
            "fields": {"ScanCodeInfo": {"ScanType": "barcode", "ScanResult": "CODE_128,123456"}},
        },
        {"Event": "scancode_waitmsg", "ScanCodeInfo/ScanResult": "CODE_128,123456"},
    ),
]


@pytest.mark.parametrize(("action", "expected"), ACTIONS, ids=lambda value: value.get("type", ""))
def test_each_action_becomes_the_elements_of_the_catalogue(
    toy: Toy, control: Control, action: dict[str, Any], expected: dict[str, str]
) -> None:
    openid = control.follower()
    control.act(openid, **action)
    got = toy.seen[-1]
    assert {name: got.element(name) for name in expected} == expected
    assert bool(got.element("MsgId")) is (got.element("MsgType") != "event")


@pytest.mark.parametrize(
    ("scene", "key", "has_ticket"),
    [("", "", False), ("42", "qrscene_42", True), ("last_trade_no_42", "last_trade_no_42", False)],
)
def test_following_carries_the_scene(
    toy: Toy, control: Control, scene: str, key: str, has_ticket: bool
) -> None:
    openid = control.post("/citizens").get_json()["openid"]
    control.post(f"/citizens/{openid}/follow", {"scene": scene})
    got = toy.seen[-1]
    assert (got.element("Event"), got.element("EventKey")) == ("subscribe", key)
    assert bool(got.element("Ticket")) is has_ticket


def test_raw_xml_is_sent_as_it_stands(toy: Toy, control: Control) -> None:
    openid = control.follower()
    control.act(openid, type="raw", xml='<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>')
    assert toy.seen[-1].body == b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'


def test_elements_are_shuffled_and_unknown_ones_added_when_asked(
    toy: Toy, control: Control
) -> None:
    openid = control.follower()
    control.faults(callback={"shuffle": True, "unknown_elements": True})
    orders = set()
    for _ in range(5):
        control.says(openid, "你好")
        got = toy.seen[-1]
        assert got.element("Content") == "你好"
        assert b"<Future" in got.body
        orders.add(got.body.index(b"<Content>") < got.body.index(b"<MsgType>"))
    assert orders == {True, False}


def test_who_does_not_follow_cannot_write_and_leaving_twice_is_refused(control: Control) -> None:
    openid = control.post("/citizens").get_json()["openid"]
    send = f"/citizens/{openid}/send"
    assert control.post(send, {"type": "text", "content": "你好"}).status_code == 409
    assert control.post(send, {"type": "raw", "xml": "<xml/>"}).status_code == 200
    assert control.post(f"/citizens/{openid}/unfollow").status_code == 409
    assert control.post(f"/citizens/{openid}/follow").status_code == 200
    assert control.post(f"/citizens/{openid}/follow").status_code == 409
    assert control.post(f"/citizens/{openid}/unfollow").status_code == 200


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"type": "dance"},
        {"type": ["text"]},
        {"type": "text"},
        {"type": "text", "content": 5},
        {"type": "image", "media_id": "unknown"},
        {"type": "location", "lat": 91, "lon": 0},
        {"type": "event", "event": "x", "fields": {"no name": "x"}},
        {"type": "event", "event": "x", "fields": {"a": None}},
        {"type": "event", "event": "x", "fields": "a"},
    ],
)
def test_an_action_that_cannot_be_played_is_refused_in_words(
    toy: Toy, control: Control, action: dict[str, Any]
) -> None:
    openid = control.follower()
    answer = control.post(f"/citizens/{openid}/send", action)
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert len(toy.seen) == 1


def test_an_unknown_citizen_is_not_found(control: Control) -> None:
    assert control.post("/citizens/nobody/follow").status_code == 404
    assert control.http.get("/sandbox/api/citizens/nobody/bubbles").status_code == 404
