"""`Hotline` of the ports over the hotline's HTTP API: what is known already at a place.

Constructed in bot/app.py through `open_hotline`; safe to share between threads. A conversation
waits for it, so its timeouts are short.
"""

from collections.abc import Mapping
from typing import Any

from backends.hotline import answers
from backends.hotline.answers import Odd
from backends.hotline.transport import Call, HotlineOptions, Transport
from backends.ports import Nearby, OpenTicket, Outage, Place

_OUTAGE_KINDS = ("planned", "emergency")
_LONGEST_TEXT = 200


def open_hotline(options: HotlineOptions) -> "HttpHotline":
    return HttpHotline(Transport(options, read_timeout_s=options.read_timeout_s))


class HttpHotline:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def nearby(self, fault: str, place: Place) -> Nearby:
        call = Call(
            method="GET",
            path="/v1/nearby",
            params={"fault": fault, **_where(place)},
            private=(place.text, *_where(place).values()),
        )
        return self._transport.exchange(call, _nearby)

    def ping(self) -> None:
        self._transport.ping()

    def close(self) -> None:
        self._transport.close()


def _where(place: Place) -> dict[str, str]:
    point: dict[str, str] = {}
    if place.latitude is not None and place.longitude is not None:
        point = {"lat": f"{place.latitude:.6f}", "lon": f"{place.longitude:.6f}"}
    words = place.text.encode("utf-8", errors="replace").decode()[:_LONGEST_TEXT]
    return {"text": words, **point}


def _nearby(data: Mapping[str, Any]) -> Nearby:
    return Nearby(
        outages=tuple(_outage(one) for one in answers.parts_if_any(data, "outages")),
        tickets=tuple(_ticket(one) for one in answers.parts(data, "tickets")),
    )


def _outage(data: Mapping[str, Any]) -> Outage:
    kind = answers.text(data, "kind")
    if kind not in _OUTAGE_KINDS:
        raise Odd("kind")
    return Outage(
        outage_no=answers.text(data, "outage_no", longest=32),
        kind=kind,
        area=answers.text(data, "area"),
        reason=answers.text(data, "reason", empty=True),
        starts_at=answers.moment(data, "starts_at"),
        ends_at=answers.moment(data, "ends_at"),
    )


def _ticket(data: Mapping[str, Any]) -> OpenTicket:
    return OpenTicket(
        ticket_no=answers.text(data, "ticket_no", longest=32),
        fault=answers.text(data, "fault", longest=32),
        place=answers.text(data, "place", empty=True),
        opened_at=answers.moment(data, "opened_at"),
        distance_m=answers.whole_or_none(data, "distance_m"),
    )
