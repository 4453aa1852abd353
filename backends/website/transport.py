"""One GET of a feed: conditional, bounded in time and size, redirected within its host only.

Enters: an address, and what the website said last time. Leaves: an `Answer`, or BackendUnavailable.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from backends.errors import BackendUnavailable
from backends.http_body import Unreadable, read_body
from backends.http_failures import explain

SYSTEM: Final = "website"
MOST_REDIRECTS = 3
_LONGEST_HEADER = 200
_PRINTABLE = re.compile(r"[ -~]*")
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class WebsiteOptions:
    """The read timeout holds for the whole body too: one that trickles must not hold the worker."""

    connect_timeout_s: float = 3.0
    read_timeout_s: float = 10.0
    max_answer_bytes: int = 2 * 1024 * 1024
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is None when nothing has changed (304)."""

    body: bytes | None
    etag: str
    last_modified: str


class _OneAnswer(requests.Session):
    """Told not to follow a redirect, requests would still read all of its body, however long."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class Transport:
    def __init__(self, options: WebsiteOptions) -> None:
        self._options = options
        self._session = _OneAnswer()
        adapter = HTTPAdapter(max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def get(self, url: str, etag: str = "", last_modified: str = "") -> Answer:
        headers = {"Accept-Encoding": "identity", "Accept": "application/json, application/rss+xml"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        started_s = self._options.monotonic()
        try:
            return self._follow(url, headers)
        except Unreadable as error:
            why = str(error)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            why, _ = explain(error)
        raise BackendUnavailable(SYSTEM, self._options.monotonic() - started_s, why)

    def close(self) -> None:
        self._session.close()

    def _follow(self, url: str, headers: dict[str, str]) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            with self._session.get(
                url,
                headers=headers,
                timeout=(self._options.connect_timeout_s, self._options.read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code not in _MOVED:
                    return self._answer(response)
                url = _next(url, response.headers.get("Location", ""))
        raise Unreadable(f"more than {MOST_REDIRECTS} redirects")

    def _answer(self, response: requests.Response) -> Answer:
        etag = _plain(response.headers.get("ETag", ""))
        last_modified = _plain(response.headers.get("Last-Modified", ""))
        if response.status_code == 304:
            return Answer(None, etag, last_modified)
        if response.status_code != 200:
            raise Unreadable(f"HTTP status {response.status_code}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreadable("compressed, though identity was asked for")
        return Answer(self._body(response), etag, last_modified)

    def _body(self, response: requests.Response) -> bytes:
        return read_body(
            response,
            most_bytes=self._options.max_answer_bytes,
            deadline_s=self._options.monotonic() + self._options.read_timeout_s,
            monotonic=self._options.monotonic,
            decoded=False,
        )


def _plain(header: str) -> str:
    """As it may be sent back; what may not would fail each question to come."""
    return header if len(header) <= _LONGEST_HEADER and _PRINTABLE.fullmatch(header) else ""


def _next(url: str, location: str) -> str:
    """Never to another host: whoever can bend a redirect must not say what is published."""
    try:
        target = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(target)
        same_host = (here.hostname, here.port) == (there.hostname, there.port) or (
            here.hostname == there.hostname and here.scheme == "http" and there.scheme == "https"
        )
    except ValueError:
        raise Unreadable("a redirect to no address") from None
    if not location or not same_host or (here.scheme, there.scheme) == ("https", "http"):
        raise Unreadable("a redirect that is not followed")
    if there.scheme not in ("http", "https"):
        raise Unreadable("a redirect that is not followed")
    return target
