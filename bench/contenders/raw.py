"""(a) The floor: a WSGI function that verifies msg_signature and says success. No XML, no AES."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def build() -> Application:
    token = os.environ["WATERDESK_WECHAT_TOKEN"]

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        body = environ["wsgi.input"].read().decode()
        sealed = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        parts = sorted((token, query["timestamp"], query["nonce"], sealed))
        expected = hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 (WeChat's rule)
        genuine = hmac.compare_digest(expected, query["msg_signature"])
        status, answer = ("200 OK", b"success") if genuine else ("403 Forbidden", b"")
        start_response(
            status, [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))]
        )
        return [answer]

    return application
