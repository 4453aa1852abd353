"""`Desk` of the ports over the hotline's HTTP API: hands requests over, reads its events.

Constructed for the worker through `open_hotline_desk`; safe to share between threads. Handing over
twice is once: the hotline knows a request by its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backends.hotline import answers
from backends.hotline.answers import Odd
from backends.hotline.transport import Call, HotlineOptions, Transport
from backends.ports import OutsideEvent, Receipt, Request, RequestFile


def open_hotline_desk(options: HotlineOptions) -> "HttpHotlineDesk":
    return HttpHotlineDesk(Transport(options, read_timeout_s=options.desk_read_timeout_s))


class HttpHotlineDesk:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def hand_over(self, request: Request) -> Receipt:
        body = _body(request)
        call = Call(
            method="POST",
            path="/v1/requests",
            body=body,
            number=request.number,
            private=tuple(_texts((request.acct_no, request.payload, body["files"]))),
        )
        return self._transport.exchange(call, _receipt)

    def events(self, after: int, limit: int) -> Sequence[OutsideEvent]:
        params = {"after": str(after), "limit": str(limit)}
        call = Call(method="GET", path="/v1/events", params=params)
        found = self._transport.exchange(call, lambda data: _events(data, after))
        return found[:limit]

    def ping(self) -> None:
        self._transport.ping()

    def close(self) -> None:
        self._transport.close()


def _body(request: Request) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": request.kind.value,
        "acct_no": request.acct_no,
        "about": request.about,
        "payload": dict(request.payload),
        "at": request.at.isoformat(timespec="seconds"),
        "files": [_file(file) for file in request.files],
    }


def _file(file: RequestFile) -> dict[str, Any]:
    return {
        "photo_id": file.photo_id,
        "sha256": file.sha256,
        "mime": file.mime,
        "size_bytes": file.size_bytes,
        "url": file.url,
    }


def _receipt(data: Mapping[str, Any]) -> Receipt:
    """`state` is where the ticket stands already: it may be under way when a report joins it, or
    when the first answer was lost."""
    said = {"joined": answers.flag(data, "joined")}
    state = answers.text_or_none(data, "state")
    return Receipt(
        ext_no=answers.text(data, "ticket_no", longest=32),
        data={**said, "state": state} if state else said,
    )


def _events(data: Mapping[str, Any], after: int) -> tuple[OutsideEvent, ...]:
    events = []
    for one in answers.parts(data, "events"):
        event = _event(one)
        if event.event_id <= after:
            raise Odd("event_id")
        after = event.event_id
        events.append(event)
    return tuple(events)


def _event(data: Mapping[str, Any]) -> OutsideEvent:
    return OutsideEvent(
        event_id=answers.whole(data, "event_id"),
        kind=answers.text(data, "kind", longest=32),
        at=answers.moment(data, "at"),
        acct_no=answers.text_or_none(data, "acct_no"),
        request_no=answers.text_or_none(data, "request_no"),
        ext_no=answers.text_or_none(data, "ext_no"),
        data=answers.part(data, "data"),
    )


def _texts(value: object) -> Iterator[str]:
    """Every text and every fraction in it, however deep."""
    if isinstance(value, str | float):
        yield str(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
