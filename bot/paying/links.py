"""`/pay/<order_no>?e=…&s=…`: the signed link to an order's page, which only its owner can use."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta

SHOWS_FOR = timedelta(days=1)
"""Beyond the time in which the order can be paid: to see what became of it."""

_EPOCH = re.compile(r"[0-9]{1,12}")


def order_links(public_url: str, key: bytes) -> Callable[[str, datetime], str]:
    """What makes the link of an order from its number and the end of its time."""
    base_url = public_url.rstrip("/")

    def link(order_no: str, expires_at: datetime) -> str:
        until = str(int((expires_at + SHOWS_FOR).timestamp()))
        return f"{base_url}/pay/{order_no}?e={until}&s={_signature(key, order_no, until)}"

    return link


def opens(key: bytes, order_no: str, until: str, signature: str, now_s: float) -> bool:
    """Whether the link is one of ours and not over."""
    right = _signature(key, order_no, until)
    # As bytes: compare_digest refuses text that is not ASCII.
    genuine = hmac.compare_digest(signature.encode(), right.encode())
    return genuine and bool(_EPOCH.fullmatch(until)) and now_s < int(until)


def _signature(key: bytes, order_no: str, until: str) -> str:
    return hmac.new(key, f"{order_no}\n{until}".encode(), hashlib.sha256).hexdigest()[:32]
