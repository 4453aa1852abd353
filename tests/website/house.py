"""The stand-in for the website, served over HTTP, and its editors' calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
from flask import Flask

from backends.ports import OUTAGES, QUALITY
from backends.website.adapter import HttpWebsite, open_website
from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import Mode, SandboxConfig
from sandbox.faults import merge
from sandbox.serving import served
from sandbox.website.store import WebsiteStore
from sandbox.world import World
from tests.service import NOON
from tests.town import SHANGHAI

NOW = datetime.fromtimestamp(NOON, SHANGHAI)
DRAFT = {
    "kind": "emergency",
    "area": "人民东路（青年路至港口路）",
    "places": "人民东路、翠湖花园",
    "reason": "管道抢修",
    "starts_at": "2026-11-22T09:00",
    "ends_at": "2026-11-22T18:00",
    "tips": "请提前储水",
}


@dataclass(frozen=True, slots=True)
class Site:
    base: str
    app: Flask

    @property
    def world(self) -> World:
        world: World = self.app.extensions["sandbox"].world
        return world

    def switch(self, state: str) -> None:
        self.world.faults = merge(self.world.faults, {"website": state})

    def call(self, path: str, **json: Any) -> requests.Response:
        return requests.post(f"{self.base}/sandbox/api/website/{path}", json=json, timeout=5)

    def publish(self, **changes: Any) -> str:
        answer = self.call("notices", **{**DRAFT, **changes})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def page(self, path: str = "") -> str:
        answer = requests.get(f"{self.base}/sandbox/website/{path}", timeout=5)
        assert answer.status_code == 200
        return answer.text

    @contextmanager
    def website(self, form: str = "json") -> Iterator[HttpWebsite]:
        feeds = f"{self.base}/sandbox/website/feeds"
        opened = open_website({name: f"{feeds}/{name}.{form}" for name in (OUTAGES, QUALITY)})
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def running() -> Iterator[Site]:
    config = SandboxConfig(
        appid="wx0123456789abcdef",
        secret="0" * 32,
        token="watertoken",
        aes_key="",
        account_id="gh_0123456789ab",
        server_url="http://127.0.0.1:9",
        public_url="https://demo.example",
        mode=Mode.PLAIN,
    )
    store = WebsiteStore(":memory:")
    app = create_app(config, clock=MovableClock(lambda: NOON), website=store)
    try:
        with served(app, 0) as base:
            yield Site(base, app)
    finally:
        store.close()


def in_hours(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()
