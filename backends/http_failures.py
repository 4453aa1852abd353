"""Says why a request failed, without its text: that holds the URL, and so a token or a place.

Enters: an exception of requests or urllib3. Leaves: the reason, and whether the request may have
been carried out: only a connection that was never made rules that out.
"""

import ssl
from collections.abc import Iterator

import requests
from urllib3 import exceptions as http

_NEVER_CONNECTED = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    http.ConnectTimeoutError,
    http.NewConnectionError,
    http.NameResolutionError,
    ssl.SSLCertVerificationError,
)

_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (http.NameResolutionError, "name not resolved"),
    (http.NewConnectionError, "connection refused"),
    (requests.exceptions.ConnectTimeout, "connect timed out"),
    (http.ConnectTimeoutError, "connect timed out"),
    (requests.exceptions.ReadTimeout, "read timed out"),
    (http.ReadTimeoutError, "read timed out"),
    (ssl.SSLCertVerificationError, "certificate not trusted"),
    (requests.exceptions.SSLError, "TLS failed"),
    (requests.exceptions.ProxyError, "proxy failed"),
    (http.IncompleteRead, "answer cut off"),
    (http.ProtocolError, "connection broken"),
    (requests.exceptions.ConnectionError, "connection broken"),
)


def explain(exc: BaseException) -> tuple[str, bool]:
    causes = tuple(_causes(exc))
    sent = not any(isinstance(cause, _NEVER_CONNECTED) for cause in causes)
    for kind, reason in _REASONS:
        if any(isinstance(cause, kind) for cause in causes):
            return reason, sent
    return type(exc).__name__, sent


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """requests wraps urllib3's exceptions as arguments, urllib3 its causes as `reason`."""
    pending = [exc]
    seen: set[int] = set()
    while pending:
        cause = pending.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        around = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        pending += [other for other in around if isinstance(other, BaseException)]
