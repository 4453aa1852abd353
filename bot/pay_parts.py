"""The parts that payments are made of, made from the settings, as in bot/parts.py."""

import hashlib

from backends.csms.takings import open_takings
from backends.ports import Orders, Refunds, Takings
from backends.records.orders import open_orders
from backends.records.refunds import open_refunds
from bot.settings import Settings

ORDERS_TIMEOUT_S = 10.0
ORDERS_CONNECTIONS = 8
REFUNDS_CONNECTIONS = 2
TAKINGS_TIMEOUT_S = 10.0
TAKINGS_CONNECTIONS = 4


def pay_link_key(settings: Settings) -> bytes:
    """What signs the links to orders' pages; of another kind than any other key."""
    secret = settings.pay_apiv3_key.get_secret_value() or settings.wechat_secret.get_secret_value()
    return hashlib.sha256(b"order-link:" + secret.encode()).digest()


def takings_of(settings: Settings) -> Takings:
    return open_takings(
        settings.csms_url,
        pool_size=TAKINGS_CONNECTIONS,
        statement_timeout_s=TAKINGS_TIMEOUT_S,
    )


def orders_of(settings: Settings) -> Orders:
    return open_orders(
        settings.database_url,
        pool_size=ORDERS_CONNECTIONS,
        statement_timeout_s=ORDERS_TIMEOUT_S,
    )


def refunds_of(settings: Settings) -> Refunds:
    return open_refunds(
        settings.database_url,
        pool_size=REFUNDS_CONNECTIONS,
        statement_timeout_s=ORDERS_TIMEOUT_S,
    )
