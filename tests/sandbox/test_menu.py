"""The menu: what the platform takes, what it refuses and with which code."""

from typing import Any

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT, stable

CLICK = {"type": "click", "name": "查水费", "key": "BILL"}
VIEW = {"type": "view", "name": "缴费", "url": "https://water.example/pay"}


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def create(control: Control, token: str, *buttons: Any) -> int:
    answer = control.http.post(
        f"{WECHAT}/menu/create?access_token={token}", json={"button": list(buttons)}
    )
    return int(answer.get_json()["errcode"])


def sub(*buttons: Any, name: str = "服务") -> dict[str, Any]:
    return {"name": name, "sub_button": list(buttons)}


def test_a_menu_is_kept_shown_and_deleted(control: Control, token: str) -> None:
    assert control.get("/menu") == {"button": []}
    none = control.http.get(f"{WECHAT}/menu/get?access_token={token}").get_json()
    assert none["errcode"] == 46003
    assert create(control, token, sub(CLICK, VIEW), CLICK) == 0
    assert control.get("/menu") == {"button": [sub(CLICK, VIEW), CLICK]}
    got = control.http.get(f"{WECHAT}/menu/get?access_token={token}").get_json()
    assert got == {"menu": {"button": [sub(CLICK, VIEW), CLICK]}}
    control.http.get(f"{WECHAT}/menu/delete?access_token={token}")
    assert control.get("/menu") == {"button": []}


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        (["button"], 40035),
        ([{**CLICK, "type": "dance"}], 40017),
        ([{"name": "没有类型"}], 40017),
        ([{**CLICK, "name": ""}], 40018),
        ([{**CLICK, "name": "水" * 5 + "ab"}], 40018),
        ([{**CLICK, "key": ""}], 40019),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{**VIEW, "url": "https://w/" + "u" * 1015}], 40020),
        ([{**VIEW, "url": "ftp://water.example/"}], 40055),
        ([sub(*[CLICK] * 6)], 40023),
        ([sub(sub(CLICK))], 40022),
        ([sub({**CLICK, "type": "dance"})], 40024),
        ([sub({**CLICK, "name": "水" * 21})], 40025),
        ([sub({**CLICK, "key": ""})], 40026),
        ([sub({**VIEW, "url": ""})], 40027),
        ([sub({**VIEW, "url": "javascript:alert(1)"})], 40054),
        ([sub(*[{**VIEW, "url": f"https://{n}.example/"} for n in range(4)])], 65316),
    ],
)
def test_a_bad_menu_is_refused_and_the_old_one_stays(
    control: Control, token: str, buttons: list[Any], errcode: int
) -> None:
    assert create(control, token, CLICK) == 0
    assert create(control, token, *buttons) == errcode
    assert control.get("/menu") == {"button": [CLICK]}


@pytest.mark.parametrize(
    "button",
    [
        {**CLICK, "name": "水" * 5 + "a"},
        {**CLICK, "key": "k" * 128},
        {"type": "miniprogram", "name": "厅", "url": "https://w/", "appid": "wx1", "pagepath": "p"},
        {"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN", "sub_button": []},
    ],
)
def test_the_limits_themselves_are_allowed(
    control: Control, token: str, button: dict[str, Any]
) -> None:
    assert create(control, token, button) == 0
