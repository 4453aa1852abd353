"""Web authorisation: how a page learns whose phone it is on."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Reply, Toy

AUTHORISE = "/sandbox/open/connect/oauth2/authorize"
BACK = "http://127.0.0.1:8000/pay/W1?e=1"


def asked(config: SandboxConfig, **change: str) -> str:
    given = {
        "appid": config.appid,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
    }
    return f"{AUTHORISE}?{urlencode({**given, **change})}"


def browse(control: Control, openid: str, url: str) -> str:
    answer = control.http.get("/sandbox/browse", query_string={"as": openid, "url": url})
    return answer.headers.get("Location", "")


def code_of(control: Control, config: SandboxConfig, openid: str) -> str:
    """Of a page that this citizen has opened on the phone."""
    browse(control, openid, "/pay/W1")
    location = control.http.get(asked(config)).headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def redeem(control: Control, config: SandboxConfig, code: str, /, **change: str) -> dict[str, Any]:
    given = {
        "appid": config.appid,
        "secret": config.secret,
        "code": code,
        "grant_type": "authorization_code",
        **change,
    }
    answer = control.http.get("/sandbox/wechat/sns/oauth2/access_token", query_string=given)
    found: dict[str, Any] = answer.get_json(force=True)
    return found


def test_a_page_comes_back_with_a_code_that_names_the_phone_s_holder(
    control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    assert browse(control, openid, "/pay/W1") == "/pay/W1"
    location = control.http.get(asked(config)).headers["Location"]
    assert location.startswith("http://127.0.0.1:8000/pay/W1?e=1&code=")
    assert location.endswith("&state=abc123")
    granted = redeem(control, config, parse_qs(urlsplit(location).query)["code"][0])
    assert (granted["openid"], granted["scope"]) == (openid, "snsapi_base")
    assert "is_snapshotuser" not in granted


def test_a_code_is_good_once_and_for_five_minutes(control: Control, config: SandboxConfig) -> None:
    openid = control.follower()
    code = code_of(control, config, openid)
    assert redeem(control, config, code)["openid"] == openid
    assert redeem(control, config, code)["errcode"] == 40163
    late = code_of(control, config, openid)
    control.advance(300)
    assert redeem(control, config, late)["errcode"] == 42003
    assert redeem(control, config, "nothing")["errcode"] == 40029


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"appid": "wxother"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"code": ""}, 41008),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_whoever_is_not_the_server_learns_nothing(
    control: Control, config: SandboxConfig, change: dict[str, str], errcode: int
) -> None:
    code = code_of(control, config, control.follower())
    assert redeem(control, config, code, **change)["errcode"] == errcode


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"redirect_uri": "https://evil.example/pay"}, "10003"),
        ({"redirect_uri": "javascript:alert(1)"}, "10003"),
        ({"scope": ""}, "10005"),
        ({"appid": "wxother"}, "10013"),
        ({"state": "a" * 129}, "10015"),
        ({"state": "a-b"}, "10015"),
    ],
)
def test_what_does_not_fit_is_an_error_page(
    control: Control, config: SandboxConfig, change: dict[str, str], error: str
) -> None:
    browse(control, control.follower(), "/pay/W1")
    assert f"错误码:{error}" in control.http.get(asked(config, **change)).text


def test_a_browser_that_is_nobody_s_phone_is_asked_whose_it_is(
    control: Control, config: SandboxConfig
) -> None:
    control.http.delete_cookie("sandbox_phone")
    openid = control.follower()
    assert f"as={openid}" in control.http.get(asked(config)).text
    location = control.http.get(asked(config, **{"as": openid})).headers["Location"]
    assert "code=" in location


def test_a_snapshot_page_shows_a_holder_who_is_nobody(
    control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    control.faults(pay={"snapshot_user": True})
    granted = redeem(control, config, code_of(control, config, openid))
    assert granted["is_snapshotuser"] == 1
    assert granted["openid"] != openid


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example", ""])
def test_the_phone_s_browser_leads_nowhere_else(control: Control, url: str) -> None:
    answer = control.http.get(
        "/sandbox/browse", query_string={"as": control.follower(), "url": url}
    )
    assert answer.status_code == 400


def test_every_phone_has_cookies_of_its_own(toy: Toy, control: Control) -> None:
    first, second = control.follower(), control.follower()
    toy.behave = lambda _: Reply(headers=(("Set-Cookie", "session=first; Path=/pay; HttpOnly"),))
    browse(control, first, "/pay/W1")
    control.http.get("/pay/W1")
    toy.behave = lambda _: Reply()
    control.http.get("/pay/W1")
    assert toy.seen[-1].headers["Cookie"] == "session=first"
    assert "MicroMessenger" in toy.seen[-1].headers["User-Agent"]
    browse(control, second, "/pay/W1")
    control.http.get("/pay/W1")
    assert "Cookie" not in toy.seen[-1].headers
    browse(control, first, "/pay/W1")
    control.http.get("/pay/W1")
    assert toy.seen[-1].headers["Cookie"] == "session=first"
