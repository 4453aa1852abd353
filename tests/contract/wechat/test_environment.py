"""Proxies and whom to trust come from the environment, looked up once."""

import pytest
import requests
from requests.adapters import HTTPAdapter

from backends.errors import BackendUnavailable
from backends.wechat.menu import get_menu
from backends.wechat.transport import Call, ClientOptions, Transport
from tests.contract.wechat.conftest import Workers
from tests.contract.wechat.platform import Platform

MENU = "/cgi-bin/menu/get"
ELSEWHERE = "http://wechat.example"


def test_calls_go_through_the_proxy_of_the_environment(
    workers: Workers, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", platform.base_url)
    platform.always(MENU, {"menu": {"button": []}})
    worker = workers.start(base_url=ELSEWHERE)
    assert get_menu(worker.client) == {"button": []}
    assert platform.to(MENU)[0].headers["Host"] == "wechat.example"


def test_what_the_environment_exempts_goes_straight(
    workers: Workers, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    platform.always(MENU, {"menu": {"button": []}})
    assert get_menu(workers.start().client) == {"button": []}


def test_an_address_that_wechat_gave_has_the_proxy_that_is_right_for_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", platform.base_url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    transport = Transport(ClientOptions(base_url=platform.base_url))
    for address in (f"{platform.base_url}/near", f"{ELSEWHERE}/far"):
        transport.exchange_at(address, Call(method="GET", path="/a-file"))
    transport.close()
    assert [asked.headers["Host"] for asked in platform.asked] == [
        platform.base_url.removeprefix("http://"),
        "wechat.example",
    ]


def test_the_environment_is_looked_up_once_and_not_for_each_call(
    workers: Workers, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = workers.start()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    platform.always(MENU, {"menu": {"button": []}})
    assert get_menu(worker.client) == {"button": []}


def test_no_password_of_a_netrc_file_goes_to_wechat(
    workers: Workers,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    platform.always(MENU, {"menu": {"button": []}})
    get_menu(workers.start().client)
    assert "Authorization" not in platform.to(MENU)[0].headers


def test_a_bundle_of_certificates_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bundle = tmp_path_factory.mktemp("tls") / "bundle.pem"
    bundle.write_text("", encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    seen: list[object] = []

    def send(*_: object, verify: object = None, **__: object) -> requests.Response:
        seen.append(verify)
        raise requests.ConnectionError

    monkeypatch.setattr(HTTPAdapter, "send", send)
    transport = Transport(ClientOptions())
    with pytest.raises(BackendUnavailable):
        transport.exchange(Call(method="GET", path="/x"))
    assert seen == [str(bundle)]
