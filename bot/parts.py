"""The parts that the server (bot/app.py), the worker (jobs/app.py) and the commands are made of:
each function makes one real thing from the settings.
"""

import hashlib
from collections.abc import Callable

from backends.csms.adapter import open_csms
from backends.csms.desk import open_csms_desk
from backends.csms.due import open_due_lists
from backends.errors import BackendUnavailable
from backends.hotline.adapter import open_hotline
from backends.hotline.desk import open_hotline_desk
from backends.hotline.transport import HotlineOptions
from backends.photos.adapter import StoredPhotos, open_photos
from backends.ports import (
    OUTAGES,
    QUALITY,
    Bulletins,
    Csms,
    CustomerMessages,
    Desk,
    DueLists,
    Expiry,
    FeedStore,
    Hotline,
    JobLog,
    Ledger,
    Outbox,
    PushMessages,
    Records,
    Secrets,
    SharedCache,
    Website,
)
from backends.records.adapter import open_records
from backends.records.feeds import open_feeds
from backends.records.job_log import open_job_log
from backends.records.ledger import open_ledger
from backends.records.outbox import open_outbox
from backends.records.retention import open_retention
from backends.secrets.adapter import SealedSecrets
from backends.website.adapter import StoredBulletins, open_website
from backends.wechat import media
from backends.wechat.client import WechatClient
from backends.wechat.messages import CustomerService
from backends.wechat.push_messages import WechatPushes
from backends.wechat.token import SharedToken
from backends.wechat.transport import ClientOptions, Transport
from bot.crypto import MessageCipher
from bot.memory import Memory
from bot.reach import NoSecrets, NoWebsite
from bot.redis_cache import RedisCache
from bot.redis_link import MemoryLost, open_link
from bot.settings import Settings

RECORDS_TIMEOUT_S = 10.0
RECORDS_CONNECTIONS = 16
WORKER_CONNECTIONS = 8
CALLS_AT_ONCE = 20
LARGEST_PHOTO_BYTES = 10 * 1024 * 1024


def csms_of(settings: Settings) -> Csms:
    return open_csms(
        settings.csms_url,
        pool_size=settings.csms_connections,
        statement_timeout_s=settings.late_within_s,
    )


def csms_desk_of(settings: Settings) -> Desk:
    return open_csms_desk(
        settings.csms_url,
        pool_size=WORKER_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
        key=settings.csms_key.get_secret_value(),
    )


def records_of(settings: Settings) -> Records:
    return open_records(
        settings.database_url,
        pool_size=RECORDS_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
    )


def outbox_of(settings: Settings) -> Outbox:
    return open_outbox(
        settings.database_url,
        pool_size=WORKER_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
    )


def ledger_of(settings: Settings) -> Ledger:
    return open_ledger(
        settings.database_url,
        pool_size=WORKER_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
        long_term=settings.push_subscriptions_last,
    )


def job_log_of(settings: Settings) -> JobLog:
    return open_job_log(settings.database_url, pool_size=1, statement_timeout_s=RECORDS_TIMEOUT_S)


def due_lists_of(settings: Settings) -> DueLists:
    """For jobs, which nobody waits for: a list of what is due may take its time."""
    return open_due_lists(
        settings.csms_url,
        pool_size=WORKER_CONNECTIONS,
        statement_timeout_s=settings.late_within_s,
    )


def expiry_of(settings: Settings) -> Expiry:
    return open_retention(settings.database_url, pool_size=1, statement_timeout_s=RECORDS_TIMEOUT_S)


def hotline_of(settings: Settings) -> Hotline:
    return open_hotline(_hotline_options(settings))


def hotline_desk_of(settings: Settings) -> Desk:
    return open_hotline_desk(_hotline_options(settings))


def _hotline_options(settings: Settings) -> HotlineOptions:
    return HotlineOptions(
        url=settings.hotline_url, secret=settings.hotline_secret.get_secret_value()
    )


def wechat_of(
    settings: Settings, cache: SharedCache, *, connections: int = CALLS_AT_ONCE
) -> WechatClient:
    """`connections`: how many calls at once find one that is open already."""
    address = settings.wechat_api.rstrip("/")
    transport = Transport(ClientOptions(base_url=address, pool_size=connections))
    tokens = SharedToken(
        transport,
        cache,
        appid=settings.wechat_appid,
        secret=settings.wechat_secret.get_secret_value(),
    )
    return WechatClient(transport, tokens)


def wechat_by_itself(settings: Settings, *, monotonic: Callable[[], float]) -> WechatClient:
    """For a command: with a link to Redis of its own, where the token is shared."""
    link = open_link(settings.redis_url, monotonic=monotonic)
    return wechat_of(settings, RedisCache(link, settings.wechat_appid))


def messages_of(wechat: WechatClient) -> CustomerMessages:
    return CustomerService(wechat)


def push_messages_of(wechat: WechatClient) -> PushMessages:
    return WechatPushes(wechat)


def photos_of(settings: Settings, wechat: WechatClient) -> StoredPhotos | None:
    """None without a key: photos are only kept encrypted."""
    keys = _data_keys(settings)
    return open_photos(_fetcher(wechat), settings.media_dir, keys) if keys[0] else None


def _fetcher(wechat: WechatClient) -> Callable[[str], bytes]:
    def fetch(media_id: str) -> bytes:
        return media.download(wechat, media_id, LARGEST_PHOTO_BYTES).data

    return fetch


def secrets_of(settings: Settings) -> Secrets:
    keys = _data_keys(settings)
    return SealedSecrets(keys) if keys[0] else NoSecrets()


def _data_keys(settings: Settings) -> list[str]:
    """The current one first."""
    return [key.get_secret_value() for key in (settings.data_key, settings.data_key_previous)]


def feeds_of(settings: Settings) -> FeedStore:
    return open_feeds(
        settings.database_url,
        pool_size=WORKER_CONNECTIONS,
        statement_timeout_s=RECORDS_TIMEOUT_S,
    )


def feed_addresses(settings: Settings) -> dict[str, str]:
    """Of the website's feeds, by their names; those that are switched off are not in it."""
    site = settings.website_url.rstrip("/")
    given = {OUTAGES: settings.website_outages, QUALITY: settings.website_quality}
    addresses = {name: url or f"{site}/feeds/{name}.json" for name, url in given.items()}
    return {name: url for name, url in addresses.items() if site and url != "off"}


def website_of(settings: Settings) -> Website:
    return open_website(feed_addresses(settings))


def bulletins_of(settings: Settings, store: FeedStore) -> Bulletins:
    return StoredBulletins(store) if feed_addresses(settings) else NoWebsite()


def link_key(settings: Settings) -> bytes:
    """What signs the links to photos; of another kind than the key that encrypts them."""
    secret = settings.data_key.get_secret_value()
    return hashlib.sha256(b"photo-link:" + secret.encode()).digest()


def ciphers_of(settings: Settings) -> tuple[MessageCipher, ...]:
    if settings.wechat_mode == "plain":
        return ()
    keys = (settings.wechat_aes_key, settings.wechat_aes_key_previous)
    return tuple(
        MessageCipher(key.get_secret_value(), settings.wechat_appid)
        for key in keys
        if key.get_secret_value()
    )


def redis_probe(memory: Memory) -> Callable[[], None]:
    def ping() -> None:
        try:
            memory.ping()
        except MemoryLost as error:
            raise BackendUnavailable("redis", 0.0, str(error)) from error

    return ping
