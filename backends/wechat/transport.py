"""One HTTP exchange with WeChat over a pool of connections, without tokens or retries.

Enters: a `Call`. Leaves: an `Answer`, or BackendUnavailable whose `sent` tells whether WeChat may
have carried the call out. The one place that sees URLs; none ever leaves it in a text. Used by
token.py and client.py.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from backends.errors import BackendUnavailable
from backends.http_body import TooLong, Trickles, read_body
from backends.http_failures import explain
from backends.wechat.answers import Answer, parse

SYSTEM: Final = "wechat"
BLANKS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """A read time-out holds for the whole body: an answer that trickles must not hold a worker."""

    base_url: str = "https://api.weixin.qq.com"
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 4.0
    media_timeout_s: float = 20.0
    pool_size: int = 20
    max_answer_bytes: int = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`private`: values that must not show in errors. `idempotent`: twice does no more than once.
    `slow`: carries a file, so the longer time-out holds."""

    method: Literal["GET", "POST"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = "application/json; charset=utf-8"
    private: tuple[str, ...] = field(default=(), repr=False)
    idempotent: bool = False
    slow: bool = False
    max_bytes: int | None = None


class Transport:
    def __init__(
        self, options: ClientOptions, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._options = options
        self._clock = clock
        # Proxies and netrc are looked up in the environment for each call otherwise, which costs
        # more than the call itself.
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = _ca_bundle(os.environ)
        self._proxies = get_environ_proxies(options.base_url)
        # Preparing one takes a third of a call's time.
        self._blank = lru_cache(maxsize=BLANKS)(self._prepared)
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=options.pool_size, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_without_urls)

    def exchange(self, call: Call, token: str | None = None) -> Answer:
        url = self._options.base_url.rstrip("/") + call.path
        params = dict(call.params) if token is None else {"access_token": token, **call.params}
        return self._exchange(call, url, params, self._proxies)

    def exchange_at(self, url: str, call: Call) -> Answer:
        """The call at an address that WeChat gave, without token."""
        return self._exchange(call, url, dict(call.params), get_environ_proxies(url))

    def close(self) -> None:
        self._session.close()

    def _exchange(
        self, call: Call, url: str, params: dict[str, str], proxies: dict[str, str]
    ) -> Answer:
        started_s = self._clock()
        outcome = self._attempt(call, url, params, proxies, started_s)
        after_s = self._clock() - started_s
        if isinstance(outcome, Answer):
            if outcome.problem:
                raise BackendUnavailable(SYSTEM, after_s, outcome.problem, sent=True)
            return outcome
        # Raised here and not where it was caught: an exception's context would carry the URL.
        why, sent = outcome
        raise BackendUnavailable(SYSTEM, after_s, f"{call.path}: {why}", sent=sent)

    def _attempt(
        self,
        call: Call,
        url: str,
        params: dict[str, str],
        proxies: dict[str, str],
        started_s: float,
    ) -> Answer | tuple[str, bool]:
        options = self._options
        read_timeout_s = options.media_timeout_s if call.slow else options.read_timeout_s
        try:
            with self._session.send(
                self._request(call, url, params),
                timeout=(options.connect_timeout_s, read_timeout_s),
                allow_redirects=False,
                proxies=proxies,
                stream=True,
            ) as response:
                deadline_s = started_s + options.connect_timeout_s + read_timeout_s
                return self._read(call, response, deadline_s)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
            return explain(exc)

    def _request(self, call: Call, url: str, params: dict[str, str]) -> requests.PreparedRequest:
        """All but the body is the same from one push to the next."""
        content_type = call.content_type if call.body is not None else ""
        request = self._blank(call.method, url, tuple(params.items()), content_type).copy()
        request.prepare_body(call.body, None)
        return request

    def _prepared(
        self, method: str, url: str, params: tuple[tuple[str, str], ...], content_type: str
    ) -> requests.PreparedRequest:
        headers = {"Content-Type": content_type} if content_type else {}
        asked = requests.Request(method, url, params=dict(params), headers=headers)
        return self._session.prepare_request(asked)

    def _read(
        self, call: Call, response: requests.Response, deadline_s: float
    ) -> Answer | tuple[str, bool]:
        max_bytes = call.max_bytes or self._options.max_answer_bytes
        try:
            body = read_body(
                response, most_bytes=max_bytes, deadline_s=deadline_s, monotonic=self._clock
            )
        except TooLong:
            return Answer(path=call.path, oversize=True)
        except Trickles as error:
            return str(error), True
        mime = response.headers.get("Content-Type", "")
        return parse(call.path, response.status_code, mime, body)


def _ca_bundle(environ: Mapping[str, str]) -> str | bool:
    """Whom to trust, as requests finds it in the environment."""
    return environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or True


def _without_urls(record: logging.LogRecord) -> bool:
    """urllib3 logs the query at debug level, and the query holds the token."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args
        )
    return True
