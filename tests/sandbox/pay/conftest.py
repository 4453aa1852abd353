"""A sandbox with WeChat Pay, and a merchant who knows how to ask it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.pay.joining import PayStandIn
from sandbox.pay.keys import PayKeys, new_keys
from sandbox.pay.store import PayStore
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.pay.merchant import Merchant


@pytest.fixture(scope="session")
def keys() -> PayKeys:
    return new_keys()


@pytest.fixture
def store() -> Iterator[PayStore]:
    store = PayStore(":memory:")
    yield store
    store.close()


@pytest.fixture
def make_app(
    config: SandboxConfig, keys: PayKeys, store: PayStore
) -> Iterator[Callable[..., Flask]]:
    """Notifications are told by a test's own hand, unless it says otherwise."""
    apps: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(
            replace(config, **changes),  # type: ignore[arg-type]
            clock=MovableClock(lambda: NOW),
            pay=PayStandIn(keys, store),
        )
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["sandbox"].close()


@pytest.fixture
def merchant(control: Control, keys: PayKeys, config: SandboxConfig) -> Merchant:
    return Merchant(control, keys, config.appid, config.server_url)


@pytest.fixture
def payer(control: Control) -> str:
    openid: str = control.post("/citizens").get_json()["openid"]
    return openid
