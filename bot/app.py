"""The composition root: the one place that constructs things. `build_app(settings)` → WSGI.

Tests pass their own clock, backends or customer messages by keyword; everything else is real.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint
from prometheus_client import REGISTRY, CollectorRegistry

from backends.guard import Guard, GuardedCsms
from backends.guarded_hotline import GuardedHotline
from backends.ports import (
    Bulletins,
    Content,
    Csms,
    CustomerMessages,
    Hotline,
    OrderBook,
    Photos,
    PhotoStore,
    Records,
    SharedCache,
)
from bot import log, parts
from bot.callback import Callback
from bot.delivery import Delivery, Limits
from bot.gate import Gate
from bot.gauges import gauges
from bot.late import LateAnswers
from bot.leases import Leases
from bot.memory import Memory
from bot.metrics import Metrics
from bot.pay_app import Payments, build_payments
from bot.pool import TurnPool
from bot.reach import NoHotline, NoOrders, NoPhotos, WithinReach
from bot.redis_cache import RedisCache
from bot.redis_link import open_link
from bot.robot import ServiceRobot
from bot.settings import Settings
from bot.turn import TurnRunner
from bot.wording import parts as speaking
from bot.wording.landing import read_pages
from bot.wording.render import Renderer
from web.app import create_app
from web.card_links import reading
from web.files import files
from web.go import go
from web.guide import guide
from web.probes import Probes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CALLBACK_PATH = "/wechat"


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
    bulletins: Bulletins | None = None,
    content: Content | None = None,
    orders: OrderBook | None = None,
    messages: CustomerMessages | None = None,
    registry: CollectorRegistry = REGISTRY,
    refresh_every_s: float = 5.0,
) -> Application:
    log.set_up(settings.log_level)
    clock = clock or Clock()
    metrics = Metrics(registry)
    link = open_link(settings.redis_url, monotonic=clock.monotonic)
    memory = Memory(link, settings.wechat_appid)
    cache = RedisCache(link, settings.wechat_appid)
    wechat = parts.wechat_of(settings, cache)
    store = parts.photos_of(settings, wechat)
    feeds = parts.feeds_of(settings)
    guard = _guards(settings, clock, cache, metrics)
    paying = _payments(settings, clock, cache, guard)
    reach = WithinReach(
        csms=csms or parts.csms_of(settings),
        records=records or parts.records_of(settings),
        photos=photos or store or NoPhotos(),
        hotline=hotline or (parts.hotline_of(settings) if settings.hotline_url else NoHotline()),
        secrets=parts.secrets_of(settings),
        bulletins=bulletins or parts.bulletins_of(settings, feeds),
        content=content or speaking.content_of(settings, monotonic=clock.monotonic),
        orders=orders or paying.orders,
    )
    renderer = speaking.renderer_of(
        settings, monotonic=clock.monotonic, refresh_every_s=refresh_every_s
    )
    runner = _runner(settings, clock, memory, reach.records, renderer, metrics)
    pool = TurnPool(
        runner,
        _guarded(reach, guard),
        LateAnswers(messages or parts.messages_of(wechat), memory, metrics),
        Leases(memory, longest_s=settings.late_within_s + 5, monotonic=clock.monotonic),
        at_once=settings.turns_at_once,
    )
    limits = Limits(settings.answer_within_s, settings.waiting_at_once)
    delivery = Delivery(
        runner, memory, pool, metrics, limits, new_id=new_id, monotonic=clock.monotonic
    )
    probes = _probes(settings, memory, reach)
    web = create_app(
        probes,
        needed=frozenset({"redis", "records"}),
        registry=gauges(settings, partial(_now, settings, clock), registry, feeds),
        pages=[*_pages(settings, clock, store), *paying.pages],
    )
    return Application(_callback(settings, clock, delivery, metrics), web, probes)


def _runner(
    settings: Settings,
    clock: Clock,
    memory: Memory,
    records: Records,
    renderer: Renderer,
    metrics: Metrics,
) -> TurnRunner:
    return TurnRunner(
        speaking.house_of(settings),
        memory,
        records,
        renderer,
        ServiceRobot(settings.wechat_token.get_secret_value(), now_s=clock.now_s),
        metrics,
        clock=lambda: _now(settings, clock),
        new_id=new_id,
    )


def _payments(
    settings: Settings, clock: Clock, cache: SharedCache, guard: Callable[[str], Guard]
) -> Payments:
    if not settings.takes_payments:
        return Payments(NoOrders())
    return build_payments(settings, cache, guard("wechatpay"), partial(_now, settings, clock))


def _guards(
    settings: Settings, clock: Clock, cache: SharedCache, metrics: Metrics
) -> Callable[[str], Guard]:
    """Makes the breaker of an outside system."""
    at_once = settings.turns_at_once // 2  # the rest is for turns that do not need it
    return lambda system: Guard(
        system, cache, clock=clock.monotonic, at_once=at_once, on_change=metrics.breaker
    )


def _guarded(reach: WithinReach, guard: Callable[[str], Guard]) -> WithinReach:
    """Each outside system behind a breaker of its own."""
    return replace(
        reach,
        csms=GuardedCsms(reach.csms, guard("csms")),
        hotline=GuardedHotline(reach.hotline, guard("hotline")),
    )


def _probes(settings: Settings, memory: Memory, reach: WithinReach) -> Probes:
    pings = {
        "redis": parts.redis_probe(memory),
        "records": reach.records.ping,
        "csms": reach.csms.ping,
    }
    if settings.hotline_url:
        pings["hotline"] = reach.hotline.ping
    return Probes(pings)


def _pages(settings: Settings, clock: Clock, store: PhotoStore | None) -> list[Blueprint]:
    folder = settings.templates_dir
    ours = {"utility_name": settings.utility_name, "hotline": settings.hotline}
    ways = speaking.content_of(settings, monotonic=clock.monotonic).ways_to_pay
    card = reading(parts.secrets_of(settings), partial(_now, settings, clock))
    behind_cards = go(folder, read_pages(folder), **ours, ways=ways, card=card)
    shown = [guide(folder, **ours), behind_cards]
    return [*shown, files(store, parts.link_key(settings), clock.now_s)] if store else shown


def _callback(settings: Settings, clock: Clock, delivery: Delivery, metrics: Metrics) -> Callback:
    token = settings.wechat_token.get_secret_value()
    pseudonym_key = settings.data_key or settings.wechat_secret
    return Callback(
        Gate(token, parts.ciphers_of(settings), skew_s=settings.clock_skew_s, now_s=clock.now_s),
        delivery,
        metrics,
        account_id=settings.wechat_account_id,
        zone=settings.zone,
        pseudonym=log.pseudonyms(pseudonym_key.get_secret_value()),
        monotonic=clock.monotonic,
    )


def _now(settings: Settings, clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock.now_s(), settings.zone)


def new_id() -> str:
    """Twelve letters and digits, short enough to be read out over the telephone."""
    return secrets.token_hex(6)
