"""One HTTP server for all conversations; behind it, each conversation has a service of its own."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import waitress.server
from prometheus_client import CollectorRegistry

from bot.app import Application, Clock, build_app
from bot.settings import Settings
from tests.fakes import (
    FakeBulletins,
    FakeCsms,
    FakeHotline,
    FakeOrders,
    FakePhotos,
    FakeRecords,
)
from tests.service import FakeMessages, MovableClock, Service, settings_for
from tests.wechatpay.bank import write_keys

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Serve = Callable[[Settings], AbstractContextManager[Service]]


@dataclass
class Front:
    """The address that stays while the service behind it changes."""

    url: str = ""
    app: Application | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start_response)


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    front, closing = Front(), threading.Event()
    server = waitress.server.create_server(front, host="127.0.0.1", port=0, threads=8)

    def serve() -> None:
        try:
            server.run()
        except OSError:  # the loop may be looking at the socket that is just being closed
            if not closing.is_set():
                raise

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    front.url = f"http://127.0.0.1:{server.effective_port}"
    yield front
    closing.set()
    server.close()
    thread.join(timeout=10)


@pytest.fixture
def serve(
    front: Front,
    csms: FakeCsms,
    records: FakeRecords,
    hotline: FakeHotline,
    bulletins: FakeBulletins,
) -> Serve:
    @contextmanager
    def served(settings: Settings) -> Iterator[Service]:
        clock, messages, registry = MovableClock(), FakeMessages(), CollectorRegistry()
        front.app = build_app(
            settings,
            clock=Clock(now_s=lambda: clock.now_s, monotonic=time.monotonic),
            csms=csms,
            records=records,
            photos=FakePhotos(),
            hotline=hotline,
            bulletins=bulletins,
            orders=FakeOrders(records),
            messages=messages,
            registry=registry,
        )
        try:
            yield Service(front.url, settings, messages, clock, registry)
        finally:
            front.app.close()

    return served


@pytest.fixture(scope="session")
def takes_payments(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Settings of a merchant at WeChat Pay."""
    folder = tmp_path_factory.mktemp("merchant")
    write_keys(folder)
    return {
        "PAY_MCHID": "1900000001",
        "PAY_KEY_FILE": str(folder / "merchant.pem"),
        "PAY_CERT_SERIAL": "5" * 40,
        "PAY_APIV3_KEY": "k" * 32,
        "PAY_PUBLIC_KEY_FILE": str(folder / "public.pem"),
        "PAY_PUBLIC_KEY_ID": "PUB_KEY_ID_1",
        "PUBLIC_URL": "https://water.example",
        "DATABASE_URL": "sqlite:///nowhere.sqlite3",
    }


@pytest.fixture
def service(serve: Serve, redis_url: str) -> Iterator[Service]:
    with serve(settings_for(redis_url)) as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A conversation can be picked by the words of its title: pytest's own names escape them."""
    for item in items:
        given = getattr(item, "callspec", None)
        transcript = given.params.get("transcript") if given else None
        if transcript is not None:
            item.extra_keyword_matches.add(transcript.title)
