"""Constructs what pays through WeChat in the server: the cashier, its pages, what WeChat tells.

Enters: settings that take payments. Leaves: the orders as conversations see them, and blueprints.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from backends.guard import Guard
from backends.guarded_gateway import GuardedGateway
from backends.ports import OrderBook, SharedCache
from backends.wechat.oauth import WebAuthorisation
from backends.wechat.transport import ClientOptions, Transport
from bot import parts, pay_parts
from bot.paying.cashier import Cashier
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from bot.settings import Settings
from web.login import Login
from web.pay import PayPages
from web.pay_notify import PayNotices

LOOKS_AGAIN_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class Payments:
    orders: OrderBook
    pages: tuple[Blueprint, ...] = ()


def build_payments(
    settings: Settings, cache: SharedCache, guard: Guard, clock: Callable[[], datetime]
) -> Payments:
    """`guard`: the breaker around WeChat Pay."""
    orders = pay_parts.orders_of(settings)
    gateway = GuardedGateway(pay_parts.gateway_of(settings), guard)
    takings = pay_parts.takings_of(settings)
    following = Following(orders, gateway, takings, settings.pay_surplus, clock)
    cashier = Cashier(
        orders=orders,
        gateway=gateway,
        takings=takings,
        due=parts.due_lists_of(settings),
        following=following,
        utility_name=settings.utility_name,
        clock=clock,
        new_nonce=new_nonce,
        may_look=_now_and_then(cache),
    )
    pages = PayPages(
        cashier,
        _login(settings, clock),
        pay_parts.pay_link_key(settings),
        clock,
        settings.templates_dir,
        settings.utility_name,
        settings.hotline,
    )
    refunding = Refunding(pay_parts.refunds_of(settings), gateway, clock)
    notices = PayNotices(
        pay_parts.gateway_notices_of(settings), following.took, refunding.told, clock
    )
    return Payments(orders, (pages.blueprint(), notices.blueprint()))


def new_nonce() -> str:
    return secrets.token_hex(16)


def _now_and_then(cache: SharedCache) -> Callable[[str], bool]:
    """Without the cache WeChat is asked each time: a page that waits asks some ten times."""
    return lambda order_no: cache.add(f"look:{order_no}", "1", LOOKS_AGAIN_AFTER_S) is not False


def _login(settings: Settings, clock: Callable[[], datetime]) -> Login:
    transport = Transport(ClientOptions(base_url=settings.wechat_api.rstrip("/")))
    secret = settings.wechat_secret.get_secret_value()
    return Login(
        WebAuthorisation(transport, settings.wechat_appid, secret),
        appid=settings.wechat_appid,
        open_url=settings.wechat_open,
        public_url=settings.public_url,
        key=pay_parts.pay_visit_key(settings),
        now_s=lambda: clock().timestamp(),
        new_state=new_nonce,
    )
