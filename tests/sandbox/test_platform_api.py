"""What all calls of the server API have in common."""

import re
import threading

import pytest
import requests

from sandbox.config import SandboxConfig
from sandbox.ring import Ring
from sandbox.serving import PortBusy, served
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT, stable, use


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def test_errors_come_with_200_and_a_request_id(control: Control) -> None:
    answer = control.http.get(f"{WECHAT}/getcallbackip?access_token=x")
    assert answer.status_code == 200
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", answer.get_json()["errmsg"])


def test_a_wrong_method_and_an_unknown_path_are_told_apart(control: Control, token: str) -> None:
    got = control.http.get(f"{WECHAT}/message/custom/send?access_token={token}")
    assert got.get_json()["errcode"] == 43002
    posted = control.http.post(f"{WECHAT}/menu/get?access_token={token}", json={})
    assert posted.get_json()["errcode"] == 43001
    assert control.http.get(f"{WECHAT}/unknown?access_token={token}").status_code == 404


@pytest.mark.parametrize(
    ("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001), (b'{"a":"\xff"}', 47001)]
)
def test_a_body_that_is_no_json_object_is_refused(
    control: Control, token: str, body: bytes, errcode: int
) -> None:
    answer = control.http.post(f"{WECHAT}/message/custom/send?access_token={token}", data=body)
    assert answer.get_json()["errcode"] == errcode


def test_escaped_chinese_is_refused_when_asked(control: Control, token: str) -> None:
    openid = control.follower()
    escaped = b'{"touser":"%s","msgtype":"text","text":{"content":"\\u6c34"}}' % openid.encode()
    path = f"{WECHAT}/message/custom/send?access_token={token}"
    assert control.http.post(path, data=escaped).get_json()["errcode"] == 0
    control.faults(api={"refuse_escapes": True})
    assert control.http.post(path, data=escaped).get_json()["errcode"] == 40033
    clear = escaped.replace(b"\\u6c34", "水".encode())
    assert control.http.post(path, data=clear).get_json()["errcode"] == 0


def test_the_switches_inject_errors_by_path_by_chance_and_by_address(
    control: Control, token: str
) -> None:
    control.faults(api={"errcodes": {"/cgi-bin/getcallbackip": 48004}})
    assert use(control, token) == 48004
    control.faults(api={"errcodes": {}, "busy_rate": 1})
    assert use(control, token) == -1
    control.faults(api={"busy_rate": 0, "ip_refused": True})
    assert use(control, token) == 40164
    control.faults(api={"ip_refused": False})
    assert use(control, token) == 0


def test_a_lost_answer_is_executed_and_nothing_comes_back(control: Control, token: str) -> None:
    openid = control.follower()
    control.faults(api={"lost_answer_rate": 1})
    message = {"touser": openid, "msgtype": "text", "text": {"content": "到了"}}
    with served(control.app, 0) as url, pytest.raises(requests.ConnectionError):
        requests.post(
            f"{url}{WECHAT}/message/custom/send?access_token={token}", json=message, timeout=5
        )
    assert control.bubbles(openid)[-1]["text"] == "到了"
    assert "lost" in control.entries()[-1]["problem"]
    assert control.entries()[-1]["status"] is None


def test_a_refused_call_is_never_lost(control: Control) -> None:
    control.faults(api={"lost_answer_rate": 1})
    assert use(control, "garbage") == 40014


def test_user_info_knows_who_follows(control: Control, token: str) -> None:
    openid = control.post("/citizens").get_json()["openid"]
    path = f"{WECHAT}/user/info?access_token={token}&openid={openid}"
    assert control.http.get(path).get_json() == {"subscribe": 0, "openid": openid}
    control.post(f"/citizens/{openid}/follow", {"scene": "42"})
    info = control.http.get(path).get_json()
    assert (info["subscribe"], info["nickname"], info["qr_scene"]) == (1, "", 42)
    unknown = control.http.get(f"{WECHAT}/user/info?access_token={token}&openid=nobody")
    assert unknown.get_json()["errcode"] == 40003


def test_the_callback_check_pings_the_server(control: Control, token: str) -> None:
    path = f"{WECHAT}/callback/check?access_token={token}"
    checked = control.http.post(path, json={"action": "all"}).get_json()
    assert checked["ping"][0]["package_loss"] == "0%"
    assert control.http.post(path, json={"action": "x"}).get_json()["errcode"] == 40035


def test_quotas_can_be_cleared_ten_times_a_month(
    control: Control, token: str, config: SandboxConfig
) -> None:
    path = f"{WECHAT}/clear_quota?access_token={token}"
    other = control.http.post(path, json={"appid": "wxother"}).get_json()
    assert other["errcode"] == 40013
    codes = [
        control.http.post(path, json={"appid": config.appid}).get_json()["errcode"]
        for _ in range(11)
    ]
    assert codes == [0] * 10 + [48006]


def test_closing_ends_the_long_polls_and_frees_the_port(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []
    polled = threading.Event()
    world = control.app.extensions["sandbox"].world
    wait_for_news = world.wait_for_news

    def noticed(ring: Ring, after: int, wait_s: float) -> object:
        polled.set()
        return wait_for_news(ring, after, wait_s)

    monkeypatch.setattr(world, "wait_for_news", noticed)

    def poll(url: str) -> None:
        answer = requests.get(f"{url}/sandbox/api/inspector?after=0&wait_s=20", timeout=30)
        answers.append(answer.status_code)

    with served(control.app, 0) as url:
        port = int(url.rsplit(":", 1)[1])
        poller = threading.Thread(target=poll, args=(url,))
        poller.start()
        assert polled.wait(5)
        with pytest.raises(PortBusy), served(control.app, port):
            pass
    poller.join(5)
    assert answers == [200]
    with served(control.app, port):
        pass
