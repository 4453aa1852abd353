"""One signed HTTP exchange with the hotline over a pool of connections, without retries.

Enters: a `Call`, and how to read its answer. Leaves: what was read; Rejected or BackendUnavailable
otherwise. The one place that sees addresses and bodies: none of them ever leaves it in a text.
Used by adapter.py and desk.py.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter

from backends.errors import BackendUnavailable
from backends.hotline.answers import Odd, Raw, flag, judge
from backends.hotline.signing import Signature
from backends.http_body import Unreadable, read_body
from backends.http_failures import explain

SYSTEM: Final = "hotline"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineOptions:
    """`read_timeout_s` is a conversation's, `desk_read_timeout_s` the worker's. Either holds for
    the whole body: an answer that trickles must not hold a thread. `now_s`: epoch seconds."""

    url: str
    secret: str = field(repr=False)
    connect_timeout_s: float = 1.5
    read_timeout_s: float = 2.5
    desk_read_timeout_s: float = 10.0
    pool_size: int = 16
    max_answer_bytes: int = 1_048_576
    now_s: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`private`: what must not show in errors, should the hotline repeat it. `number`: goes into
    Idempotency-Key."""

    method: Literal["GET", "POST"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    number: str = ""
    private: tuple[str, ...] = field(default=(), repr=False)

    @property
    def carries(self) -> bool:
        """Something may have been done even when no answer came."""
        return self.method == "POST"


_PING = Call(method="GET", path="/v1/ping")


class Transport:
    def __init__(self, options: HotlineOptions, *, read_timeout_s: float) -> None:
        self._options = options
        self._read_timeout_s = read_timeout_s
        self._base_url = options.url.rstrip("/")
        self._signature = Signature(options.secret, options.now_s)
        self._session = requests.Session()
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=options.pool_size, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_without_queries)

    def exchange(self, call: Call, read: Callable[[Mapping[str, Any]], T]) -> T:
        """BackendUnavailable too when `read` finds a field missing or odd: it names the field."""
        started_s = self._options.monotonic()
        outcome = self._attempt(call, started_s)
        after_s = self._options.monotonic() - started_s
        if isinstance(outcome, Raw):
            data = judge(SYSTEM, outcome, after_s, carries=call.carries, private=call.private)
            try:
                return read(data)
            except Odd as error:
                outcome = (f"{error} is missing or not what the contract says", True)
        # Raised here and not where it was caught: an exception's context would carry the address.
        why, sent = outcome
        raise BackendUnavailable(SYSTEM, after_s, f"{call.path}: {why}", sent=sent and call.carries)

    def ping(self) -> None:
        if not self.exchange(_PING, lambda data: flag(data, "ok")):
            raise BackendUnavailable(SYSTEM, 0.0, f"{_PING.path}: it says that it is not ok")

    def close(self) -> None:
        self._session.close()

    def _attempt(self, call: Call, started_s: float) -> Raw | tuple[str, bool]:
        options = self._options
        try:
            with self._session.request(
                call.method,
                self._base_url + call.path,
                params=call.params,
                data=_encoded(call.body),
                headers=_headers(call),
                auth=self._signature,
                timeout=(options.connect_timeout_s, self._read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                deadline_s = started_s + options.connect_timeout_s + self._read_timeout_s
                return self._read(call, response, deadline_s)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
            return explain(exc)

    def _read(
        self, call: Call, response: requests.Response, deadline_s: float
    ) -> Raw | tuple[str, bool]:
        try:
            body = read_body(
                response,
                most_bytes=self._options.max_answer_bytes,
                deadline_s=deadline_s,
                monotonic=self._options.monotonic,
            )
        except Unreadable as error:
            return str(error), True
        wait = response.headers.get("Retry-After", "")
        return Raw(call.path, response.status_code, body, wait)


def _encoded(body: Mapping[str, Any] | None) -> bytes | None:
    if body is None:
        return None
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", errors="replace")


def _headers(call: Call) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if call.body is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"
    if call.number:
        headers["Idempotency-Key"] = call.number
    return headers


def _without_queries(record: logging.LogRecord) -> bool:
    """urllib3 logs the query at debug level, and a query holds somebody's place."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args
        )
    return True
