import base64
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import Mode, SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Toy, toy_server

NOW = 1_767_600_000.0


@pytest.fixture
def toy() -> Iterator[Toy]:
    with toy_server() as toy:
        yield toy


@pytest.fixture
def config(toy: Toy) -> SandboxConfig:
    return SandboxConfig(
        appid="wx0123456789abcdef",
        secret="0123456789abcdef0123456789abcdef",
        token="watertoken",
        aes_key=base64.b64encode(b"k" * 32).decode().rstrip("="),
        previous_aes_key=base64.b64encode(b"p" * 32).decode().rstrip("="),
        account_id="gh_0123456789ab",
        server_url=toy.url,
        mode=Mode.PLAIN,
        late_window_s=2.0,
        reorder_hold_s=5.0,
    )


@pytest.fixture
def make_app(config: SandboxConfig) -> Iterator[Callable[..., Flask]]:
    apps: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(replace(config, **changes), clock=MovableClock(lambda: NOW))  # type: ignore[arg-type]
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["sandbox"].close()


@pytest.fixture
def control(make_app: Callable[..., Flask]) -> Control:
    return Control(make_app())


@pytest.fixture
def safe(make_app: Callable[..., Flask]) -> Control:
    return Control(make_app(mode=Mode.SAFE))
