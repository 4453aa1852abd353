"""Constructs the worker: the same parts as the server's, put together for the way out and back."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from backends.ports import Desk, PhotoStore, System
from bot import log, parts
from bot.mailbox import RedisMailbox
from bot.memory import Memory
from bot.redis_cache import RedisCache
from bot.redis_link import open_link
from bot.settings import Settings
from dialogs.engine.reply import Say
from jobs.deliveries import Deliveries
from jobs.events import Events
from jobs.feeds import EVERY_S as FEEDS_EVERY_S
from jobs.feeds import Feeds
from jobs.notices import Notices
from jobs.orphans import Orphans
from jobs.retention import Purge
from jobs.worker import Loop, Worker
from web.files import links

LINKS_LIVE = timedelta(days=30)
REFILL_EVERY_S = 30.0
ORPHANS_EVERY_S = 6 * 3600.0
PURGE_EVERY_S = 24 * 3600.0


def build_worker(settings: Settings, *, now_s: Callable[[], float] = time.time) -> Worker:
    log.set_up(settings.log_level)
    outbox = parts.outbox_of(settings)
    name, opener = worker_name(), parts.secrets_of(settings)
    link = links(settings.public_url, parts.link_key(settings), LINKS_LIVE, now_s)

    def clock() -> datetime:
        return datetime.fromtimestamp(now_s(), settings.zone)

    loops = []
    for system, desk in desks(settings).items():
        carry = Deliveries(system, outbox, desk, name, link, opener, clock, Random())
        listen = Events(system, outbox, desk, name, clock)
        loops += [Loop(f"to-{system}", carry.step), Loop(f"from-{system}", listen.step)]
    redis = open_link(settings.redis_url, monotonic=time.monotonic)
    wechat = parts.wechat_of(settings, RedisCache(redis, settings.wechat_appid))
    mailbox = RedisMailbox(Memory(redis, settings.wechat_appid))
    tell = Notices(outbox, parts.messages_of(wechat), mailbox, _speaker(settings), name, clock)
    loops += [Loop("notices", tell.step), Loop("refill", tell.refill, REFILL_EVERY_S)]
    if feeds := tuple(parts.feed_addresses(settings)):
        website, kept = parts.website_of(settings), parts.feeds_of(settings)
        look = Feeds(feeds, website, kept, outbox, name, clock)
        loops.append(Loop("feeds", look.step, FEEDS_EVERY_S))
    if store := parts.photos_of(settings, wechat):
        loops.append(Loop("orphans", Orphans(outbox, store, clock).step, ORPHANS_EVERY_S))
    loops.append(Loop("purge", build_purge(settings, store, clock).step, PURGE_EVERY_S))
    return Worker(loops)


def build_purge(
    settings: Settings, store: PhotoStore | None, clock: Callable[[], datetime]
) -> Purge:
    return Purge(parts.expiry_of(settings), store, clock)


def desks(settings: Settings) -> Mapping[str, Desk]:
    found: dict[str, Desk] = {System.CSMS.value: parts.csms_desk_of(settings)}
    if settings.hotline_url:
        found[System.HOTLINE.value] = parts.hotline_desk_of(settings)
    return found


def _speaker(settings: Settings) -> Callable[[str, Mapping[str, Any]], str]:
    renderer = parts.renderer_of(settings, monotonic=time.monotonic)

    def say(template: str, view: Mapping[str, Any]) -> str:
        return renderer.text(Say(template, view))

    return say


def worker_name() -> str:
    """Its own for each process: a lease must not be taken for that of the one before."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"
