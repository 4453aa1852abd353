"""A citizen whose deliveries are timed, each on a connection of its own as WeChat's are."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.citizen import Citizen, Reply, cdata

if TYPE_CHECKING:
    from tests.load.stack import Stack

WECHAT_WAITS_S = 5.0
ANSWERED_WITHIN_S = 4.8
DELIVERIES = 3


class Undelivered(Exception):
    """No answer within WeChat's five seconds, or the connection broke."""


@dataclass(frozen=True)
class HttpAnswer:
    status_code: int
    content: bytes


class Person(Citizen):
    def __init__(self, stack: "Stack", openid: str) -> None:
        super().__init__(stack, openid)  # type: ignore[arg-type]  # the same, across processes
        self._address = urlsplit(stack.url)
        self._lock = threading.Lock()
        self.took_s: list[float] = []

    def text(self, content: str) -> str:
        return self.message("text", f"<Content>{cdata(content)}</Content>")

    def deliver(self, xml: str, *, timeout_s: float = WECHAT_WAITS_S) -> Reply:
        query, body = self.seal(xml)
        started_s = time.monotonic()
        try:
            answer = self._post(urlencode(query), body, timeout_s)
        except (OSError, http.client.HTTPException) as error:
            raise Undelivered(type(error).__name__) from error
        with self._lock:
            self.took_s.append(time.monotonic() - started_s)
        return self.open(answer)  # type: ignore[arg-type]  # it reads just these two

    def deliver_like_wechat(self, xml: str) -> Reply:
        """Again at once when there was no answer or the wrong status, three times in all."""
        for _ in range(DELIVERIES):
            try:
                reply = self.deliver(xml)
            except Undelivered:
                continue
            if reply.status == 200:
                return reply
        raise Undelivered(f"{DELIVERIES} deliveries")

    def at_once(self, *messages: str) -> list[Reply]:
        with ThreadPoolExecutor(len(messages)) as pool:
            return list(pool.map(self.deliver, messages))

    def _post(self, query: str, body: bytes, timeout_s: float) -> HttpAnswer:
        host, port = self._address.hostname or "", self._address.port
        connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
        try:
            headers = {"Content-Type": "text/xml"}
            connection.request("POST", f"/wechat?{query}", body, headers)
            response = connection.getresponse()
            return HttpAnswer(response.status, response.read())
        finally:
            connection.close()


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
