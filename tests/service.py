"""A running Waterdesk for tests: real HTTP, signatures, AES and Redis; the backends are fakes.

`running(...)` starts it on a free loopback port; `Service.citizen()` gives somebody to talk to it.
"""

import itertools
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import waitress.server
from prometheus_client import CollectorRegistry

from backends.ports import Bulletins, Csms, Hotline, Photos, Records
from bot.app import Application, Clock, build_app
from bot.memory import Memory
from bot.redis_link import open_link
from bot.settings import Settings, load_settings
from tests.citizen import Citizen
from tests.fakes import FakeBulletins, FakeHotline, FakePhotos

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PREVIOUS_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
NOON = 1_795_320_000.0  # 2026-11-22 12:00 in Shanghai
_msg_ids = itertools.count(24_000_000_000_000_000)


class FakeMessages:
    """Implements `ports.CustomerMessages`; `fail_with` decides what WeChat says."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self._error: Exception | None = None
        self._news = threading.Condition()

    def fail_with(self, error: Exception | None) -> None:
        self._error = error

    def send_text(self, openid: str, content: str) -> None:
        if self._error is not None:
            raise self._error
        with self._news:
            self.sent.append((openid, content))
            self._news.notify_all()

    def wait_for(self, count: int, timeout_s: float = 10.0) -> list[tuple[str, str]]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.sent) >= count, timeout_s), self.sent
            return list(self.sent)


@dataclass
class MovableClock:
    """The service's wall clock: stands at noon until moved. Durations are measured for real."""

    now_s: float = NOON

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass
class Service:
    url: str
    settings: Settings
    messages: FakeMessages
    clock: MovableClock
    registry: CollectorRegistry
    aes_key: str = AES_KEY
    openids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def citizen(self) -> Citizen:
        return Citizen(self, f"oTEST{next(self.openids):023d}")

    def next_msg_id(self) -> int:
        return next(_msg_ids)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now_s, self.settings.zone)

    def long_ago(self) -> datetime:
        return self.now() - timedelta(days=365)

    def memory(self) -> Memory:
        """The service's own memory, to leave things there that a dead worker would have left."""
        link = open_link(self.settings.redis_url, monotonic=time.monotonic)
        return Memory(link, self.settings.wechat_appid)

    def metric(self, name: str, labels: dict[str, str]) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0

    def wait_for_metric(self, name: str, labels: dict[str, str], timeout_s: float = 10.0) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not self.metric(name, labels):
            assert time.monotonic() < deadline_s, f"{name} {labels} never counted"
            time.sleep(0.01)


def settings_for(redis_url: str, **overrides: str) -> Settings:
    """Each service has an AppID of its own, so that tests share one Redis without meeting."""
    values = {
        "WECHAT_APPID": "wx" + secrets.token_hex(8),
        "WECHAT_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": "watertoken",
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_ACCOUNT_ID": "gh_0123456789ab",
        "REDIS_URL": redis_url,
        "CSMS_URL": "sqlite:///nowhere.sqlite3",
        "DATA_KEY": secrets.token_hex(16),
        "CSMS_KEY": secrets.token_hex(16),
        "UTILITY_NAME": "滨河水务",
        "HOTLINE": "962000",
        "HOTLINE_URL": "http://127.0.0.1:9",
        "WEBSITE_URL": "https://www.binhewater.example",
        **overrides,
    }
    return load_settings({f"WATERDESK_{name}": value for name, value in values.items()})


@contextmanager
def running(
    settings: Settings,
    csms: Csms,
    records: Records,
    *,
    photos: Photos | None = None,
    hotline: Hotline | None = None,
    bulletins: Bulletins | None = None,
    refresh_every_s: float = 5.0,
) -> Iterator[Service]:
    clock, messages, registry = MovableClock(), FakeMessages(), CollectorRegistry()
    app = build_app(
        settings,
        clock=Clock(now_s=lambda: clock.now_s, monotonic=time.monotonic),
        csms=csms,
        records=records,
        photos=photos or FakePhotos(),
        hotline=hotline or FakeHotline(),
        bulletins=bulletins or FakeBulletins(),
        messages=messages,
        registry=registry,
        refresh_every_s=refresh_every_s,
    )
    with serving(app) as url:
        yield Service(url, settings, messages, clock, registry)


@contextmanager
def serving(app: Application, port: int = 0) -> Iterator[str]:
    """Port 0 takes a free one."""
    server: Any = waitress.server.create_server(app, host="127.0.0.1", port=port, threads=40)
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:  # its select may meet a socket that its own close has just taken away
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        closing.set()
        server.task_dispatcher.shutdown(timeout=5)
        # The sockets belong to the loop's thread: closed from outside, its select would fail.
        with suppress(OSError):  # the loop was awake, and has closed it already
            server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        thread.join(timeout=10)
        app.close()
