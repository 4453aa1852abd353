"""The stand-in for the hotline, served over HTTP, and citizens' requests to hand to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from backends.hotline.adapter import HttpHotline, open_hotline
from backends.hotline.desk import HttpHotlineDesk, open_hotline_desk
from backends.hotline.transport import HotlineOptions
from backends.ports import Request, RequestFile, SubmissionKind
from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import Mode, SandboxConfig
from sandbox.faults import merge
from sandbox.hotline import staff
from sandbox.hotline.joining import HotlineStandIn
from sandbox.hotline.staff import Announcement
from sandbox.hotline.store import HotlineStore
from sandbox.serving import served
from sandbox.world import World
from tests.service import NOON
from tests.town import SHANGHAI

SECRET = "SECRET-OF-THE-HOTLINE"
NOW = datetime.fromtimestamp(NOON, SHANGHAI)
STREET = "云川市人民东路88弄6号"
PHOTO = RequestFile(
    photo_id="0b8f6d2c4e1a4f0f9c3d5e7a9b1c2d3e",
    sha256="9f" * 32,
    mime="image/jpeg",
    size_bytes=183_044,
    url="https://wx.example.com/files/0b8f6d2c?expires=1&signature=LINK-TO-A-PHOTO",
)


@dataclass(frozen=True, slots=True)
class House:
    url: str
    store: HotlineStore
    app: Flask

    @property
    def world(self) -> World:
        world: World = self.app.extensions["sandbox"].world
        return world

    def options(self, **changes: Any) -> HotlineOptions:
        options = HotlineOptions(url=self.url, secret=SECRET, now_s=lambda: NOON)
        return replace(options, **changes)

    @contextmanager
    def hotline(self, **changes: Any) -> Iterator[HttpHotline]:
        opened = open_hotline(self.options(**changes))
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def desk(self, **changes: Any) -> Iterator[HttpHotlineDesk]:
        opened = open_hotline_desk(self.options(**changes))
        try:
            yield opened
        finally:
            opened.close()

    def switch(self, state: str) -> None:
        self.world.faults = merge(self.world.faults, {"hotline": state})

    def tickets(self) -> list[dict[str, Any]]:
        return staff.tickets(self.store)

    def move(self, ticket_no: str, state: str, text: str = "") -> None:
        staff.move(self.store, ticket_no, state, text, NOW)

    def publish(self, **changes: Any) -> str:
        announcement = Announcement(
            kind="emergency",
            area="人民东路（青年路至港口路）",
            reason="管道抢修",
            starts_at=NOW - timedelta(hours=3),
            ends_at=NOW + timedelta(hours=6),
            word="人民东路",
        )
        return staff.publish(self.store, replace(announcement, **changes), NOW)


@contextmanager
def running(path: Path | str = ":memory:", *, slow_s: float = 0.5) -> Iterator[House]:
    config = SandboxConfig(
        appid="wx0123456789abcdef",
        secret="0" * 32,
        token="watertoken",
        aes_key="",
        account_id="gh_0123456789ab",
        server_url="http://127.0.0.1:9",
        mode=Mode.PLAIN,
    )
    store = HotlineStore(path)
    hotline = HotlineStandIn(store, SECRET, slow_s=slow_s)
    app = create_app(config, clock=MovableClock(lambda: NOON), hotline=hotline)
    try:
        with served(app, 0) as base:
            yield House(f"{base}/sandbox/hotline", store, app)
    finally:
        store.close()


def a_fault(number: str = "W2611220000011", **changes: Any) -> Request:
    """A leak at STREET. `payload` is merged into the usual one."""
    payload: dict[str, Any] = {
        "fault": "LEAK_PUBLIC",
        "urgency": "P2",
        "side": "before",
        "place": {"text": STREET, "lat": None, "lon": None},
        "details": "",
        "join": "",
    }
    payload |= changes.pop("payload", {})
    return _request(SubmissionKind.FAULT, number, payload, **changes)


def a_complaint(number: str = "W2611220000037", **changes: Any) -> Request:
    payload = {"topic": "bill", "text": "账单比上期多了一倍"} | changes.pop("payload", {})
    return _request(SubmissionKind.COMPLAINT, number, payload, **changes)


def a_question(number: str = "W2611220000045", **changes: Any) -> Request:
    payload = {"text": "租的房子能不能办过户"} | changes.pop("payload", {})
    return _request(SubmissionKind.CONSULT, number, payload, **changes)


def about(
    ticket_no: str,
    kind: SubmissionKind,
    number: str = "W2611220000029",
    payload: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Request:
    return _request(kind, number, payload or {}, about=ticket_no, **changes)


def _request(
    kind: SubmissionKind, number: str, payload: Mapping[str, Any], **changes: Any
) -> Request:
    values: dict[str, Any] = {"acct_no": "3100000025", "at": NOW, **changes}
    return Request(number=number, kind=kind, payload=payload, **values)
