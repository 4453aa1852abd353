"""A real sandbox before the toy server, with a menu pushed the way a server pushes it."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from sandbox.app import create_app
from sandbox.config import Hint, Mode, SandboxConfig
from sandbox.serving import served
from tests.browser.toy_server import ToyServer

MENU = {
    "button": [
        {
            "name": "水费",
            "sub_button": [
                {"type": "click", "name": "查水费", "key": "BILL"},
                {"type": "view", "name": "官网", "url": "http://127.0.0.1:9/site"},
            ],
        },
        {"type": "click", "name": "人工", "key": "HUMAN"},
    ]
}


@contextmanager
def toy_sandbox(toy: ToyServer, port: int = 0) -> Iterator[str]:
    """Yields the address of the page's server."""
    with served(create_app(config_for(toy)), port) as address:
        push_menu(address)
        yield address


def config_for(toy: ToyServer) -> SandboxConfig:
    return SandboxConfig(
        appid="wx0123456789abcdef",
        secret="s" * 32,
        token="token",
        aes_key="a" * 43,
        account_id="gh_0123456789ab",
        server_url=toy.url,
        mode=Mode.PLAIN,
        name="江城水务",
        hints=(Hint("查欠费", "欠费"),),
    )


def push_menu(address: str) -> None:
    url = f"{address}/sandbox/wechat/cgi-bin/menu/create?access_token={token(address)}"
    answer = requests.post(url, json=MENU, timeout=5).json()
    assert answer["errcode"] == 0, answer


def token(address: str) -> str:
    found = requests.post(
        f"{address}/sandbox/wechat/cgi-bin/stable_token",
        json={"grant_type": "client_credential", "appid": "wx0123456789abcdef", "secret": "s" * 32},
        timeout=5,
    ).json()["access_token"]
    return str(found)
