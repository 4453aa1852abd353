"""Celery, which carries one word only: there is work in the ledger. The ledger is the truth, so a
word that is lost, or heard twice, costs nothing.

Enters: settings. Leaves: a Celery application, and `Words` that are said through it. A plain Redis
is the broker when no other is named; RabbitMQ is one by WATERDESK_BROKER_URL. Redis Sentinel and
Cluster are none in the form of WATERDESK_REDIS_URL: beside them BROKER_URL must be set.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from kombu.exceptions import KombuError

from bot.settings import Settings, SettingsError

TASK = "waterdesk.drain"
WORDS_AT_ONCE = 8  # for so many workers at once; each looks again when it is done
WORD_HOLDS_S = 30.0
CONNECT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 5.0
# Longer than a drain lasts, or the word of a worker that lives would be said again meanwhile.
RETURNED_AFTER_S = 300


class BrokerAway(Exception):
    """Nobody can be told now."""


def make_app(settings: Settings) -> Celery:
    """Connects to nothing yet. SettingsError when the settings name no broker that Celery knows."""
    app = Celery("waterdesk", set_as_current=False)
    app.conf.update(
        broker_url=broker_of(settings),
        broker_use_ssl=_tls(settings),
        broker_connection_timeout=CONNECT_TIMEOUT_S,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_redis_options(settings),
        accept_content=["json"],
        task_serializer="json",
        task_default_queue=f"wd.{settings.wechat_appid}.pushes",
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
    )
    return app


def broker_of(settings: Settings) -> str:
    if settings.broker_url:
        return settings.broker_url
    parts = urlsplit(settings.redis_url)
    if parts.scheme.startswith("redis+"):
        raise SettingsError(
            "WATERDESK_BROKER_URL: needed beside Redis Sentinel or Cluster; "
            "a plain redis:// or an amqp:// address"
        )
    if parts.scheme == "unix":
        database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={database}"
    return settings.redis_url


def teach(app: Celery, drain: Callable[[], int]) -> None:
    """What is done about the word by who hears it."""

    def drain_the_ledger() -> None:
        drain()

    app.task(drain_the_ledger, name=TASK, shared=False)


@dataclass(frozen=True, slots=True)
class Words:
    """Says that there is work, to whichever workers listen."""

    app: Celery

    def say(self, wanted: int) -> int:
        """Until so many words wait to be heard, though not more than WORDS_AT_ONCE. How many were
        said; BrokerAway when none can be."""
        connection = self.app.connection_for_write()
        try:
            with connection, connection.channel() as channel:
                missing = min(wanted, WORDS_AT_ONCE) - self._unheard(channel)
                producer = self.app.amqp.Producer(channel)
                for _ in range(missing):
                    self.app.send_task(TASK, producer=producer, expires=WORD_HOLDS_S, retry=False)
        except (*connection.connection_errors, *connection.channel_errors, KombuError) as error:
            raise BrokerAway(type(error).__name__) from error
        return max(missing, 0)

    def _unheard(self, channel: Any) -> int:
        queue = self.app.amqp.queues[self.app.conf.task_default_queue]
        declared = channel.queue_declare(
            queue=queue.name, durable=queue.durable, auto_delete=queue.auto_delete
        )
        return int(declared.message_count)


def _tls(settings: Settings) -> dict[str, Any] | None:
    """As strict as our own link to Redis; kombu by itself would believe any certificate. Options
    in the address go before."""
    address = settings.broker_url or settings.redis_url
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED} if address.startswith("rediss:") else None


def _redis_options(settings: Settings) -> dict[str, Any]:
    """None of them is for RabbitMQ, which would take them for its own."""
    if not broker_of(settings).startswith(("redis:", "rediss:", "redis+")):
        return {}
    return {
        "visibility_timeout": RETURNED_AFTER_S,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "global_keyprefix": f"wd:{settings.wechat_appid}:celery:",
        "socket_timeout": ANSWER_TIMEOUT_S,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
    }
