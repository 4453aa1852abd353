"""Constructs each cron job from the settings; the catalogue names them."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from backends.ports import OUTAGES, QUALITY, DueLists, Ledger
from bot import parts
from bot.memory import Memory
from bot.redis_link import open_link
from bot.settings import Settings
from jobs import chores
from jobs.app import build_purge, desks, outage_planner, photo_links, worker_name
from jobs.deliveries import Deliveries
from jobs.dialogs import ExpiredDialogs
from jobs.events import Events
from jobs.feeds import Feeds
from jobs.job import Job, planning
from jobs.planning.plan import Planner
from jobs.planning.quality import QualityDigest
from jobs.planning.reading import ReadingReminders
from jobs.pushing.making import rules_of
from jobs.queues import QueueReport
from jobs.reconciling.making import reconciliation

Clock = Callable[[], datetime]
Make = Callable[[Settings, Clock], Job]


def along(planner: Callable[[DueLists, Ledger], Planner]) -> Make:
    """Of a planner that walks along what CSMS has that is due."""

    def make(settings: Settings, _: Clock) -> Job:
        ledger = parts.ledger_of(settings)
        return planning(planner(parts.due_lists_of(settings), ledger), ledger)

    return make


def remind_reading(settings: Settings, clock: Clock) -> Job:
    planner = partial(
        ReadingReminders,
        days_before=settings.reading_days_before,
        days_after=settings.reading_days_after,
    )
    return along(planner)(settings, clock)


def notify_results(settings: Settings, clock: Clock) -> Job:
    outbox, name = parts.outbox_of(settings), worker_name()
    listeners = [
        Events(system, outbox, desk, name, clock) for system, desk in desks(settings).items()
    ]
    return chores.TakeResults(listeners)


def deliver_submissions(settings: Settings, clock: Clock) -> Job:
    outbox, name, opener = parts.outbox_of(settings), worker_name(), parts.secrets_of(settings)
    link = photo_links(settings, time.time)
    return chores.HandOver(
        [
            Deliveries(system, outbox, desk, name, link, opener, clock, Random())
            for system, desk in desks(settings).items()
        ]
    )


def sync_website(settings: Settings, clock: Clock) -> Job:
    names = tuple(parts.feed_addresses(settings))
    if not names:
        return nothing
    feeds = Feeds(
        names,
        parts.website_of(settings),
        parts.feeds_of(settings),
        parts.outbox_of(settings),
        worker_name(),
        clock,
    )
    return chores.LookAtWebsite(feeds)


def notify_outages(settings: Settings, _: Clock) -> Job:
    if OUTAGES not in parts.feed_addresses(settings):
        return nothing
    ledger = parts.ledger_of(settings)
    return planning(outage_planner(settings, ledger), ledger)


def digest_quality(settings: Settings, _: Clock) -> Job:
    if QUALITY not in parts.feed_addresses(settings):
        return nothing
    ledger = parts.ledger_of(settings)
    bulletins = parts.bulletins_of(settings, parts.feeds_of(settings))
    return planning(QualityDigest(bulletins, ledger), ledger)


def expire_dialogs(settings: Settings, _: Clock) -> Job:
    link = open_link(settings.redis_url, monotonic=time.monotonic)
    return ExpiredDialogs(Memory(link, settings.wechat_appid))


def purge(settings: Settings, clock: Clock) -> Job:
    wechat = parts.wechat_by_itself(settings, monotonic=time.monotonic)
    return chores.RemoveWhatIsOver(build_purge(settings, parts.photos_of(settings, wechat), clock))


def queue_report(settings: Settings, every: Mapping[str, timedelta]) -> Job:
    return QueueReport(
        parts.outbox_of(settings),
        parts.ledger_of(settings),
        parts.job_log_of(settings),
        every,
        rules_of(settings).hours.is_quiet,
    )


def reconcile(settings: Settings, clock: Clock) -> Job:
    return reconciliation(settings, clock) if settings.takes_payments else nothing


def nothing(_: object) -> Iterator[dict[str, int]]:
    """Of a part that is switched off by the settings."""
    yield {"switched off by the settings": 0}
