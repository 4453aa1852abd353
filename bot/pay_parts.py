"""The parts that payments are made of, made from the settings, as in bot/parts.py."""

import hashlib

from bot.settings import Settings


def pay_link_key(settings: Settings) -> bytes:
    """What signs the links to orders' pages; of another kind than any other key."""
    secret = settings.pay_apiv3_key.get_secret_value() or settings.wechat_secret.get_secret_value()
    return hashlib.sha256(b"order-link:" + secret.encode()).digest()
