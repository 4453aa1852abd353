from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.wechatpay.adapter import WechatPay, open_gateway
from tests.contract.wechat.platform import Platform, running
from tests.wechatpay.bank import options, write_keys


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    write_keys(folder)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[Platform]:
    with running() as platform:
        yield platform


@pytest.fixture
def script(server: Platform) -> Platform:
    """WeChat Pay that answers whatever a test wants."""
    server.asked.clear()
    return server


@pytest.fixture
def gateway(script: Platform, keys_folder: Path) -> Iterator[WechatPay]:
    gateway = open_gateway(options(keys_folder, script.base_url))
    yield gateway
    gateway.close_connections()


@pytest.fixture
def open_with(script: Platform, keys_folder: Path) -> Iterator[Callable[..., WechatPay]]:
    """A gateway with other options."""
    opened: list[WechatPay] = []

    def open_one(**others: Any) -> WechatPay:
        opened.append(open_gateway(options(keys_folder, **{"api_url": script.base_url, **others})))
        return opened[-1]

    yield open_one
    for gateway in opened:
        gateway.close_connections()
