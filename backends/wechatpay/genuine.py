"""Whether WeChat Pay signed these bytes a moment ago: answers to our calls, and notifications.

Enters: headers and raw body. Leaves: nothing, or NotGenuine. The library's own check accepts what
is days old, and asks the real host for certificates when it meets a serial number it does not know.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from wechatpayv3.utils import rsa_verify

from backends.errors import NotGenuine
from backends.wechatpay.keys import PlatformKeys

SYSTEM: Final = "wechatpay"
WINDOW_S: Final = 300

_SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
# WeChat sends wrong signatures on purpose, to see whether they are checked.
_PROBE = "WECHATPAY/SIGNTEST/"
_EPOCH = re.compile(r"[0-9]{1,11}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{1,1024}={0,2}")


def check(headers: Mapping[str, str], body: bytes, keys: PlatformKeys, now: datetime) -> None:
    """NotGenuine says which check failed: headers, type, time, serial, probe, body or signature."""
    found = {name.lower(): value for name, value in headers.items()}
    names = ("signature-type", "timestamp", "nonce", "serial", "signature")
    kind, time, nonce, serial, signature = (found.get(f"wechatpay-{one}", "") for one in names)
    if not (kind and time and nonce and serial and signature):
        raise NotGenuine(SYSTEM, "headers")
    if kind != _SIGNATURE_TYPE:
        raise NotGenuine(SYSTEM, "type")
    if not _EPOCH.fullmatch(time) or abs(now.timestamp() - int(time)) > WINDOW_S:
        raise NotGenuine(SYSTEM, "time")
    key = keys.of_serial(serial, now)
    if key is None:
        raise NotGenuine(SYSTEM, "serial")
    if signature.startswith(_PROBE):
        raise NotGenuine(SYSTEM, "probe")
    if not _BASE64.fullmatch(signature):
        raise NotGenuine(SYSTEM, "signature")
    if not rsa_verify(time, nonce, _text(body), signature, key):
        raise NotGenuine(SYSTEM, "signature")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotGenuine(SYSTEM, "body") from None
