"""Constructs what a worker pushes with, from the settings: the sender, and the loops around it."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from backends.ports import Duty, Ledger
from backends.wechat.client import WechatClient
from bot import parts, pay_parts
from bot.mailbox import RedisMailbox
from bot.memory import Memory
from bot.pace import RedisPace
from bot.push_quota import RedisQuota
from bot.redis_link import Link
from bot.settings import Settings
from bot.wording import parts as speaking
from bot.wording.cards import Card
from bot.wording.landing import read_pages
from dialogs.engine.reply import Say
from jobs.heartbeat import Heartbeat
from jobs.pushing.dispatch import LOOKS_EVERY_S, SWEEPS_EVERY_S, Dispatcher, Sweep
from jobs.pushing.draining import Drains
from jobs.pushing.listening import Listener
from jobs.pushing.mailing import Mailing
from jobs.pushing.rules import Hours, PushRules
from jobs.pushing.sender import Sender, nobody_pays
from jobs.pushing.tasks import Words, make_app, teach
from jobs.worker import Loop
from web.card_links import sealing

Clock = Callable[[], datetime]
REFILL_EVERY_S = 30.0


def push_loops(
    settings: Settings, redis: Link, wechat: WechatClient, worker: str, clock: Clock
) -> list[Loop]:
    sender = build_sender(settings, redis, wechat, worker, clock)
    job_log = parts.job_log_of(settings)
    drains = Drains(_drain(sender, Heartbeat(Duty.DRAIN, job_log, clock)), time.monotonic)
    hearing = make_app(settings)
    teach(hearing, drains.once)
    listener = Listener(hearing)
    words = Words(make_app(settings))
    looked = Heartbeat(Duty.LOOK, job_log, clock).step
    dispatcher = Dispatcher(sender.ledger, words, drains, looked, clock, time.monotonic)
    return [
        Loop("listen", listener.step, halt=listener.halt),
        Loop("dispatch", dispatcher.step, LOOKS_EVERY_S, halt=drains.halt),
        Loop("sweep", Sweep(sender.ledger, clock).step, SWEEPS_EVERY_S),
        Loop("refill", sender.mailing.refill, REFILL_EVERY_S),
    ]


def _drain(sender: Sender, heartbeat: Heartbeat) -> Callable[[Callable[[], bool]], int]:
    def drain(stop: Callable[[], bool]) -> int:
        done = sender.drain(stop)
        if done:
            heartbeat.step()
        return done

    return drain


def build_sender(
    settings: Settings, redis: Link, wechat: WechatClient, worker: str, clock: Clock
) -> Sender:
    ledger = parts.ledger_of(settings)
    return Sender(
        ledger=ledger,
        due=parts.due_lists_of(settings),
        cards=speaking.cards_of(settings, monotonic=time.monotonic).card,
        push=parts.push_messages_of(wechat),
        messages=parts.messages_of(wechat),
        mailing=_mailing(settings, redis, ledger),
        pace=RedisPace(redis, settings.wechat_appid, rate_per_s=settings.push_rate_per_s),
        quota=_quota(settings, redis, ledger, clock),
        rules=replace(rules_of(settings), retold=_retold(settings, clock)),
        worker=worker,
        clock=clock,
        being_paid=_being_paid(settings),
    )


def _being_paid(settings: Settings) -> Callable[[Sequence[str]], Collection[str]]:
    if not settings.takes_payments:
        return nobody_pays
    orders = pay_parts.orders_of(settings)
    return lambda bill_nos: orders.in_flight(bill_nos).keys()


def rules_of(settings: Settings) -> PushRules:
    return PushRules(
        hours=Hours(settings.quiet_from, settings.quiet_until, settings.pushes_per_citizen),
        templates=settings.push_templates,
        subscriptions=settings.push_subscriptions,
        public_url=settings.public_url.rstrip("/"),
        client_msg_id=settings.push_client_msg_id,
        concurrency=settings.push_concurrency,
        rate_per_s=settings.push_rate_per_s,
    )


def _retold(settings: Settings, clock: Clock) -> Callable[[Card], str]:
    """On the pages that ask for it, templates/pages/go.toml."""
    pages = {name for name, page in read_pages(settings.templates_dir).items() if page.card}
    query = sealing(parts.secrets_of(settings), clock)
    return lambda card: query(card.rows) if card.page in pages else ""


def _quota(settings: Settings, redis: Link, ledger: Ledger, clock: Clock) -> RedisQuota:
    return RedisQuota(
        link=redis,
        appid=settings.wechat_appid,
        per_day=settings.push_daily_quota,
        reserve_percent=settings.push_reserve_percent,
        accepted_since=ledger.accepted_since,
        clock=clock,
    )


def _mailing(settings: Settings, redis: Link, ledger: Ledger) -> Mailing:
    renderer = speaking.renderer_of(settings, monotonic=time.monotonic)

    def say(template: str, view: Mapping[str, Any]) -> str:
        return renderer.text(Say(template, view))

    return Mailing(ledger, RedisMailbox(Memory(redis, settings.wechat_appid)), say)
