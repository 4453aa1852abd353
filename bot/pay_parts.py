"""The parts that payments are made of, made from the settings, as in bot/parts.py."""

import hashlib
from pathlib import Path

from backends.csms.takings import open_takings
from backends.ports import Gateway, GatewayNotices, Orders, Refunds, Statements, Takings
from backends.records.orders import open_orders
from backends.records.refunds import open_refunds
from backends.records.statements import open_statements
from backends.wechatpay.adapter import open_gateway
from backends.wechatpay.notices import open_notices
from backends.wechatpay.options import GatewayOptions
from bot.settings import Settings

ORDERS_TIMEOUT_S = 10.0
ORDERS_CONNECTIONS = 8
REFUNDS_CONNECTIONS = 2
STATEMENTS_TIMEOUT_S = 60.0
STATEMENTS_CONNECTIONS = 1
TAKINGS_TIMEOUT_S = 10.0
TAKINGS_CONNECTIONS = 4


def pay_link_key(settings: Settings) -> bytes:
    """What signs the links to orders' pages."""
    return _key(settings, "order-link")


def pay_visit_key(settings: Settings) -> bytes:
    """What signs the cookies of those pages."""
    return _key(settings, "order-visit")


def _key(settings: Settings, purpose: str) -> bytes:
    secret = settings.pay_apiv3_key.get_secret_value() or settings.wechat_secret.get_secret_value()
    return hashlib.sha256(f"{purpose}:{secret}".encode()).digest()


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


def statements_of(settings: Settings) -> Statements:
    return open_statements(
        settings.database_url,
        pool_size=STATEMENTS_CONNECTIONS,
        statement_timeout_s=STATEMENTS_TIMEOUT_S,
    )


def gateway_of(settings: Settings) -> Gateway:
    """ValueError when a key file cannot be used. Of settings that take payments."""
    return open_gateway(_gateway_options(settings))


def gateway_notices_of(settings: Settings) -> GatewayNotices:
    """As `gateway_of`."""
    return open_notices(_gateway_options(settings))


def _gateway_options(settings: Settings) -> GatewayOptions:
    public_url = settings.public_url.rstrip("/")
    return GatewayOptions(
        api_url=settings.pay_api,
        mchid=settings.pay_mchid,
        appid=settings.wechat_appid,
        key_file=settings.pay_key_file or Path(),
        cert_serial=settings.pay_cert_serial,
        apiv3_key=settings.pay_apiv3_key.get_secret_value(),
        public_key_file=settings.pay_public_key_file,
        public_key_id=settings.pay_public_key_id,
        cert_dir=settings.pay_cert_dir,
        notify_url=f"{public_url}/pay/notify",
        refund_notify_url=f"{public_url}/pay/refund-notify",
    )
