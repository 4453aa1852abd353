"""The signature of a call, as the contract words it. The secret never leaves this file."""

import hashlib
import hmac
from collections.abc import Callable

from requests import PreparedRequest
from requests.auth import AuthBase


class Signature(AuthBase):
    """Signs what requests is about to send: the path and query as they will stand on the wire."""

    def __init__(self, secret: str, now_s: Callable[[], float]) -> None:
        self._secret = secret
        self._now_s = now_s

    def __call__(self, call: PreparedRequest) -> PreparedRequest:
        body = call.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        time = str(int(self._now_s()))
        call.headers["X-Waterdesk-Time"] = time
        call.headers["X-Waterdesk-Signature"] = sign(
            self._secret, call.method or "", call.path_url, time, raw
        )
        return call


def sign(secret: str, method: str, target: str, time: str, body: bytes) -> str:
    text = "\n".join((method, target, time, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
