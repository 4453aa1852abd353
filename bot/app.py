"""The composition root: the one place that constructs things. `build_app(settings)` → WSGI.

Tests pass their own clock, backends or customer messages by keyword; everything else is real.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from backends.csms.adapter import open_csms
from backends.errors import BackendUnavailable
from backends.guard import Guard, GuardedCsms
from backends.ports import Csms, CustomerMessages, Hotline, Photos, Records, SharedCache
from backends.records.adapter import open_records
from backends.wechat.client import WechatClient
from backends.wechat.messages import CustomerService
from backends.wechat.token import SharedToken
from backends.wechat.transport import ClientOptions, Transport
from bot import log
from bot.callback import Callback
from bot.crypto import MessageCipher
from bot.delivery import Delivery, Limits
from bot.gate import Gate
from bot.late import LateAnswers
from bot.leases import Leases
from bot.memory import Memory
from bot.metrics import Metrics
from bot.pool import TurnPool
from bot.reach import NoHotline, NoPhotos, WithinReach
from bot.redis_cache import RedisCache
from bot.redis_link import MemoryLost, open_link
from bot.robot import ServiceRobot
from bot.settings import Settings
from bot.turn import TurnRunner
from bot.wording import words
from bot.wording.render import Renderer
from bot.wording.templates import TemplateFiles
from dialogs import REGISTRY as DIALOGS
from dialogs.billing.tariff import Tariffs
from dialogs.engine import house
from web.app import create_app
from web.probes import Probes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CALLBACK_PATH = "/wechat"
RECORDS_TIMEOUT_S = 10.0
RECORDS_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Clock:
    """`now_s`: epoch seconds. `monotonic`: for durations and deadlines."""

    now_s: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Application:
    """WSGI. The callback stands before the web framework, which would cost more than a turn."""

    callback: Callback
    web: "WSGIApplication"
    probes: Probes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == CALLBACK_PATH:
            return self.callback(environ, start_response)
        return self.web(environ, start_response)

    def close(self) -> None:
        """Waits for the turns under way: late answers included."""
        self.callback.close()
        self.probes.close()


def build_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    csms: Csms | None = None,
    records: Records | None = None,
    photos: Photos | None = None,
    hotline: Hotline | None = None,
    messages: CustomerMessages | None = None,
    registry: CollectorRegistry = REGISTRY,
    refresh_every_s: float = 5.0,
) -> Application:
    log.set_up(settings.log_level)
    clock, zone = clock or Clock(), settings.zone
    metrics = Metrics(registry)
    link = open_link(settings.redis_url, monotonic=clock.monotonic)
    memory = Memory(link, settings.wechat_appid)
    cache = RedisCache(link, settings.wechat_appid)
    csms = csms or _csms(settings)
    records = records or _records(settings)
    guard = Guard(
        "csms",
        cache,
        clock=clock.monotonic,
        at_once=settings.turns_at_once // 2,  # the other half is for turns that need no CSMS
        on_change=metrics.breaker,
    )
    runner = TurnRunner(
        _house(settings),
        memory,
        records,
        _renderer(settings, clock, refresh_every_s),
        ServiceRobot(settings.wechat_token.get_secret_value(), now_s=clock.now_s),
        metrics,
        clock=lambda: datetime.fromtimestamp(clock.now_s(), zone),
        new_id=new_id,
    )
    pool = TurnPool(
        runner,
        WithinReach(
            GuardedCsms(csms, guard), records, photos or NoPhotos(), hotline or NoHotline()
        ),
        LateAnswers(messages or _messages(settings, cache), memory, metrics),
        Leases(memory, longest_s=settings.late_within_s + 5, monotonic=clock.monotonic),
        at_once=settings.turns_at_once,
    )
    delivery = Delivery(
        runner,
        memory,
        pool,
        metrics,
        Limits(settings.answer_within_s, settings.waiting_at_once),
        new_id=new_id,
        monotonic=clock.monotonic,
    )
    probes = Probes({"redis": _probe(memory), "records": records.ping, "csms": csms.ping})
    web = create_app(
        probes,
        needed=frozenset({"redis", "records"}),
        registry=lambda: _collected(registry),
    )
    return Application(_callback(settings, clock, delivery, metrics), web, probes)


def _csms(settings: Settings) -> Csms:
    return open_csms(
        settings.csms_url,
        pool_size=settings.csms_connections,
        statement_timeout_s=settings.late_within_s,
    )


def _records(settings: Settings) -> Records:
    return open_records(
        settings.database_url,
        pool_size=RECORDS_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
    )


def _messages(settings: Settings, cache: SharedCache) -> CustomerMessages:
    return CustomerService(connect_wechat(settings, cache))


def _house(settings: Settings) -> house.House:
    spoken = words.read_wording(settings.templates_dir)
    return house.build(DIALOGS, spoken, settings.policy(Tariffs()))


def _callback(settings: Settings, clock: Clock, delivery: Delivery, metrics: Metrics) -> Callback:
    token = settings.wechat_token.get_secret_value()
    pseudonym_key = settings.data_key or settings.wechat_secret
    return Callback(
        Gate(token, _ciphers(settings), skew_s=settings.clock_skew_s, now_s=clock.now_s),
        delivery,
        metrics,
        account_id=settings.wechat_account_id,
        zone=settings.zone,
        pseudonym=log.pseudonyms(pseudonym_key.get_secret_value()),
        monotonic=clock.monotonic,
    )


def connect_wechat(settings: Settings, cache: SharedCache) -> WechatClient:
    transport = Transport(ClientOptions(base_url=settings.wechat_api.rstrip("/")))
    tokens = SharedToken(
        transport,
        cache,
        appid=settings.wechat_appid,
        secret=settings.wechat_secret.get_secret_value(),
    )
    return WechatClient(transport, tokens)


def _renderer(settings: Settings, clock: Clock, refresh_every_s: float) -> Renderer:
    folder = settings.templates_dir
    files = TemplateFiles(folder, words.read_contract(folder), words.read_values(folder))
    return Renderer(files, monotonic=clock.monotonic, refresh_every_s=refresh_every_s)


def new_id() -> str:
    """Twelve letters and digits, short enough to be read out over the telephone."""
    return secrets.token_hex(6)


def _ciphers(settings: Settings) -> tuple[MessageCipher, ...]:
    if settings.wechat_mode == "plain":
        return ()
    keys = (settings.wechat_aes_key, settings.wechat_aes_key_previous)
    return tuple(
        MessageCipher(key.get_secret_value(), settings.wechat_appid)
        for key in keys
        if key.get_secret_value()
    )


def _probe(memory: Memory) -> Callable[[], None]:
    def ping() -> None:
        try:
            memory.ping()
        except MemoryLost as error:
            raise BackendUnavailable("redis", 0.0, str(error)) from error

    return ping


def _collected(registry: CollectorRegistry) -> CollectorRegistry:
    """With several workers, each writes its counters to files of PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return registry
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
