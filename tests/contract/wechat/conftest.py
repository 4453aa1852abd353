"""The client as bot/app.py builds it, against the stand-in, with clocks and pauses of the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from tenacity import wait_none

from backends.wechat.client import WechatClient
from backends.wechat.messages import CustomerService
from backends.wechat.token import SharedToken, TokenOptions
from backends.wechat.transport import ClientOptions, Transport
from tests.cache import MemoryCache
from tests.contract.wechat.platform import Platform, running

APPID = "wx0123456789abcdef"
SECRET = "SECRET-OF-THE-ACCOUNT"
OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"


@dataclass(slots=True)
class Clock:
    now_s: float = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True, slots=True)
class Worker:
    """One server process: its own connections and memory, the cache shared with the others."""

    tokens: SharedToken
    client: WechatClient
    messages: CustomerService


@dataclass(slots=True)
class Workers:
    stack: ExitStack
    platform_url: str
    cache: MemoryCache
    clock: Clock
    pauses: list[float] = field(default_factory=list)

    def start(
        self,
        *,
        base_url: str | None = None,
        tokens: TokenOptions | None = None,
        secret: str = SECRET,
    ) -> Worker:
        options = ClientOptions(
            base_url=base_url or self.platform_url,
            connect_timeout_s=1.0,
            read_timeout_s=1.0,
            media_timeout_s=2.0,
        )
        transport = Transport(options)
        self.stack.callback(transport.close)
        shared = SharedToken(
            transport,
            self.cache,
            appid=APPID,
            secret=secret,
            options=tokens or TokenOptions(poll_s=0.01),
            now=self.clock,
        )
        client = WechatClient(transport, shared, pause=wait_none(), sleep=self.pauses.append)
        return Worker(shared, client, CustomerService(client))


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as platform:
        yield platform


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Callable[[], float]) -> MemoryCache:
    return MemoryCache(clock)


@pytest.fixture
def workers(platform: Platform, cache: MemoryCache, clock: Clock) -> Iterator[Workers]:
    with ExitStack() as stack:
        yield Workers(stack, platform.base_url, cache, clock)


@pytest.fixture
def worker(workers: Workers) -> Worker:
    return workers.start()
