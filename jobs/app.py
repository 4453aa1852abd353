"""Constructs the worker: the same parts as the server's, put together for the way out and back."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from backends.ports import OUTAGES, Desk, Duty, Ledger, PhotoStore, System
from bot import log, parts, pay_parts
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from bot.redis_cache import RedisCache
from bot.redis_link import open_link
from bot.settings import Settings
from jobs.deliveries import Deliveries
from jobs.events import Events
from jobs.feeds import EVERY_S as FEEDS_EVERY_S
from jobs.feeds import Feeds
from jobs.heartbeat import EVERY_S as HEARTBEAT_EVERY_S
from jobs.heartbeat import Heartbeat
from jobs.orphans import Orphans
from jobs.outages import EVERY_S as OUTAGES_EVERY_S
from jobs.outages import OutageWalk
from jobs.paying import ORDERS_EVERY_S, REFUNDS_EVERY_S, AgreedRefunds, SilentOrders
from jobs.planning.outages import OutageNotices
from jobs.pushing.making import push_loops, rules_of
from jobs.retention import Purge
from jobs.worker import Loop, Worker
from web.files import links

LINKS_LIVE = timedelta(days=30)
ORPHANS_EVERY_S = 6 * 3600.0
PURGE_EVERY_S = 24 * 3600.0


def build_worker(
    settings: Settings,
    *,
    carries: bool = True,
    pushes: bool = True,
    now_s: Callable[[], float] = time.time,
) -> Worker:
    """`carries`: submissions out and results back, and the house's own chores. `pushes`: notices
    to citizens. SettingsError when pushes find no broker in the settings."""
    log.set_up(settings.log_level)
    name = worker_name()

    def clock() -> datetime:
        return datetime.fromtimestamp(now_s(), settings.zone)

    redis = open_link(settings.redis_url, monotonic=time.monotonic)
    cache = RedisCache(redis, settings.wechat_appid)
    wechat = parts.wechat_of(settings, cache, connections=settings.push_concurrency)
    loops = list[Loop]()
    if carries:
        link = photo_links(settings, now_s)
        loops += _desk_loops(settings, link, name, clock)
        at_work = Heartbeat(Duty.CARRY, parts.job_log_of(settings), clock)
        loops.append(Loop("heartbeat", at_work.step, HEARTBEAT_EVERY_S))
        loops += _chores(settings, parts.photos_of(settings, wechat), name, clock)
        loops += _pay_loops(settings, clock)
    if pushes:
        loops += push_loops(settings, redis, wechat, name, clock)
    return Worker(loops)


def _desk_loops(
    settings: Settings, link: Callable[[str], str], name: str, clock: Callable[[], datetime]
) -> Iterator[Loop]:
    outbox, opener = parts.outbox_of(settings), parts.secrets_of(settings)
    for system, desk in desks(settings).items():
        carry = Deliveries(system, outbox, desk, name, link, opener, clock, Random())
        listen = Events(system, outbox, desk, name, clock)
        yield from (Loop(f"to-{system}", carry.step), Loop(f"from-{system}", listen.step))


def _chores(
    settings: Settings, store: PhotoStore | None, name: str, clock: Callable[[], datetime]
) -> Iterator[Loop]:
    outbox = parts.outbox_of(settings)
    if feeds := tuple(parts.feed_addresses(settings)):
        website, kept = parts.website_of(settings), parts.feeds_of(settings)
        look = Feeds(feeds, website, kept, outbox, name, clock)
        yield Loop("feeds", look.step, FEEDS_EVERY_S)
        if OUTAGES in feeds:
            ledger = parts.ledger_of(settings)
            planner = outage_planner(settings, ledger)
            walk = OutageWalk(planner, kept, ledger, outbox, name, clock)
            yield Loop("outages", walk.step, OUTAGES_EVERY_S)
    if store:
        yield Loop("orphans", Orphans(outbox, store, clock).step, ORPHANS_EVERY_S)
    yield Loop("purge", build_purge(settings, store, clock).step, PURGE_EVERY_S)


def _pay_loops(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Loop]:
    if not settings.takes_payments:
        return
    orders, refunds = pay_parts.orders_of(settings), pay_parts.refunds_of(settings)
    gateway, takings = pay_parts.gateway_of(settings), pay_parts.takings_of(settings)
    following = Following(orders, gateway, takings, settings.pay_surplus, clock)
    silent = SilentOrders(orders, following, clock)
    agreed = AgreedRefunds(refunds, Refunding(refunds, gateway, clock), clock)
    yield Loop("orders", silent.step, ORDERS_EVERY_S)
    yield Loop("refunds", agreed.step, REFUNDS_EVERY_S)


def outage_planner(settings: Settings, ledger: Ledger) -> OutageNotices:
    return OutageNotices(
        parts.bulletins_of(settings, parts.feeds_of(settings)),
        parts.due_lists_of(settings),
        ledger,
        rules_of(settings).hours,
    )


def photo_links(settings: Settings, now_s: Callable[[], float]) -> Callable[[str], str]:
    return links(settings.public_url, parts.link_key(settings), LINKS_LIVE, now_s)


def build_purge(
    settings: Settings, store: PhotoStore | None, clock: Callable[[], datetime]
) -> Purge:
    return Purge(parts.expiry_of(settings), store, clock)


def desks(settings: Settings) -> Mapping[str, Desk]:
    found: dict[str, Desk] = {System.CSMS.value: parts.csms_desk_of(settings)}
    if settings.hotline_url:
        found[System.HOTLINE.value] = parts.hotline_desk_of(settings)
    return found


def worker_name() -> str:
    """Its own for each process: a lease must not be taken for that of the one before."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"
