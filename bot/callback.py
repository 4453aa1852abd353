"""The callback /wechat as a WSGI application: a request in, WeChat's answer out.

request → gate → inbound → delivery (conversation, templates) → gate → response. A thin view on
purpose: a web framework would cost more than everything else a message needs.
"""

import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

import structlog

from bot import gate, inbound
from bot.delivery import Delivery
from bot.gate import MAX_BODY_BYTES, Gate, Refused, Unreadable
from bot.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger()
PLAIN = "text/plain; charset=utf-8"
XML = "application/xml; charset=utf-8"


class Callback:
    def __init__(
        self,
        gate: Gate,
        delivery: Delivery,
        metrics: Metrics,
        *,
        account_id: str,
        zone: ZoneInfo,
        pseudonym: Callable[[str], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gate = gate
        self._delivery = delivery
        self._metrics = metrics
        self._account_id = account_id
        self._zone = zone
        self._pseudonym = pseudonym
        self._monotonic = monotonic

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        arrived_s = self._monotonic()
        try:
            kind, answer = self._answer(environ, arrived_s)
        except Refused as why:
            return self._turn_away(start_response, "403 Forbidden", str(why))
        except _WrongRequest as why:
            return self._turn_away(start_response, why.status, why.status)
        except Unreadable as why:
            # WeChat would only send it again: it is answered, and somebody should look at it.
            log.error("message_unreadable", why=str(why))
            self._metrics.failure("unreadable")
            kind, answer = PLAIN, ""
        except Exception as error:  # noqa: BLE001 - the outermost boundary: a 500 would come thrice
            # Its text may quote the message: what it was and where has to do.
            log.error("callback_failed", error=type(error).__name__, where=_where(error))
            self._metrics.failure("callback")
            kind, answer = PLAIN, ""
        body = answer.encode()
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def close(self) -> None:
        self._delivery.close()

    def _answer(self, environ: "WSGIEnvironment", arrived_s: float) -> tuple[str, str]:
        query = _query(environ.get("QUERY_STRING", ""))
        method = environ["REQUEST_METHOD"]
        if method == "GET":
            return PLAIN, self._gate.verify_url(query)
        if method != "POST":
            raise _WrongRequest("405 Method Not Allowed")
        opened = self._gate.open(query, _body(environ))
        return XML, self._gate.seal(self._deliver(opened, arrived_s), opened)

    def _deliver(self, opened: gate.Opened, arrived_s: float) -> str:
        message = inbound.read(opened.xml, account_id=self._account_id, zone=self._zone)
        xml, outcome = self._delivery.answer(message, arrived_s)
        took_s = self._monotonic() - arrived_s
        self._metrics.message(message.kind.value, outcome, took_s)
        log.info(
            "turn",
            citizen=self._pseudonym(message.openid),
            kind=_loggable(message.event) or message.kind.value,
            outcome=outcome,
            ms=round(took_s * 1000, 1),
        )
        return xml

    def _turn_away(self, start: "StartResponse", status: str, why: str) -> Iterable[bytes]:
        log.warning("request_refused", status=status, why=why)
        self._metrics.refused(int(status[:3]))
        headers = [("Content-Type", PLAIN), ("Content-Length", "0")]
        if status.startswith("405"):
            headers.append(("Allow", "GET, POST"))
        start(status, headers)
        return [b""]


class _WrongRequest(Exception):
    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def _query(text: str) -> dict[str, str]:
    """What `parse_qsl` does, at a fifth of the cost: WeChat's values hardly ever need decoding."""
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {
        name: unquote_plus(value) if "%" in value or "+" in value else value
        for name, _, value in pairs
    }


def _loggable(event: str) -> str:
    """The name of an event as WeChat writes names; words of whatever kind stay out of the log."""
    return event if event.isascii() and event.isidentifier() and len(event) <= 40 else ""


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno} {last.name}"


def _body(environ: "WSGIEnvironment") -> bytes:
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared and not (declared.isascii() and declared.isdigit()):
        raise _WrongRequest("400 Bad Request")
    if len(declared) > 9 or (declared and int(declared) > MAX_BODY_BYTES):
        raise _WrongRequest("413 Content Too Large")
    body: bytes = environ["wsgi.input"].read(int(declared) if declared else MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise _WrongRequest("413 Content Too Large")
    return body
