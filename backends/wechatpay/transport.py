"""One HTTP exchange with WeChat Pay over a pool of connections, without retries.

Enters: a signed `Call`. Leaves: the JSON object of a checked answer, or a downloaded file; Rejected
or BackendUnavailable otherwise, with nothing of addresses and bodies in them. Used by library.py.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from backends.errors import BackendUnavailable
from backends.http_body import Unreadable, read_body
from backends.http_failures import explain
from backends.wechatpay.answers import Raw, judge, refuse
from backends.wechatpay.genuine import SYSTEM
from backends.wechatpay.keys import PlatformKeys
from backends.wechatpay.options import GatewayOptions

_CHUNK_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Call:
    """`path` with its query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def carries(self) -> bool:
        """Something may have been done even when no answer came."""
        return self.method == "POST"

    @property
    def label(self) -> str:
        """For errors: a query may hold a token."""
        return self.path.partition("?")[0]


class Transport:
    def __init__(self, options: GatewayOptions, keys: PlatformKeys) -> None:
        self._options = options
        self._keys = keys
        self._base_url = options.api_url.rstrip("/")
        self._session = requests.Session()
        # Without one requests puts a password of ~/.netrc in the place of the signature.
        self._session.auth = lambda request: request
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=options.pool_size, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_without_queries)

    def exchange(self, call: Call) -> Mapping[str, Any]:
        raw, after_s = self._send(call, self._options.read_timeout_s, self._whole)
        return judge(
            raw,
            self._keys,
            datetime.fromtimestamp(self._options.now_s(), UTC),
            label=call.label,
            after_s=after_s,
            carries=call.carries,
        )

    def download(self, call: Call, file: IO[bytes]) -> None:
        """Into the file, as it comes. Not signed, says WeChat: the caller knows its checksum."""

        def keep(response: requests.Response, deadline_s: float) -> Raw:
            if response.status_code != requests.codes.ok:
                return self._whole(response, deadline_s)
            self._keep(response, deadline_s, file)
            return Raw(response.status_code, {}, b"")

        raw, after_s = self._send(call, self._options.bill_timeout_s, keep)
        if raw.status != requests.codes.ok:
            refuse(raw, label=call.label, after_s=after_s, carries=False)

    def close(self) -> None:
        self._session.close()

    def _send(
        self, call: Call, within_s: float, read: Callable[[requests.Response, float], Raw]
    ) -> tuple[Raw, float]:
        """The answer, and the seconds it took. `within_s`: for all of it."""
        started_s = self._options.monotonic()
        deadline_s = started_s + self._options.connect_timeout_s + within_s
        outcome = self._attempt(call, lambda response: read(response, deadline_s))
        after_s = self._options.monotonic() - started_s
        if isinstance(outcome, Raw):
            return outcome, after_s
        # Raised here and not where it was caught: an exception's context would carry the address.
        why, sent = outcome
        raise BackendUnavailable(
            SYSTEM, after_s, f"{call.label}: {why}", sent=sent and call.carries
        )

    def _attempt(
        self, call: Call, read: Callable[[requests.Response], Raw]
    ) -> Raw | tuple[str, bool]:
        options = self._options
        try:
            with self._session.request(
                call.method,
                self._base_url + call.path,
                data=call.body,
                headers=call.headers,
                timeout=(options.connect_timeout_s, options.read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                return read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
            return explain(exc)
        except Unreadable as error:
            return str(error), True

    def _whole(self, response: requests.Response, deadline_s: float) -> Raw:
        body = read_body(
            response,
            most_bytes=self._options.max_answer_bytes,
            deadline_s=deadline_s,
            monotonic=self._options.monotonic,
        )
        return Raw(response.status_code, response.headers, body)

    def _keep(self, response: requests.Response, deadline_s: float, file: IO[bytes]) -> None:
        kept = 0
        while chunk := response.raw.read(_CHUNK_BYTES, decode_content=False):
            kept += len(chunk)
            if kept > self._options.max_bill_bytes:
                raise Unreadable("the file is too long")
            if self._options.monotonic() > deadline_s:
                raise Unreadable("the file takes too long")
            file.write(chunk)


def _without_queries(record: logging.LogRecord) -> bool:
    """urllib3 logs the query at debug level, and that of a download holds its token."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args
        )
    return True
