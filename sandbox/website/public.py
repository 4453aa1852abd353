"""The website as everybody sees it: the feeds, asked for conditionally, and pages of the same."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template_string, request, send_from_directory
from flask.typing import ResponseReturnValue

from sandbox.website import feeds
from sandbox.website.store import WebsiteStore

GARBAGE = b"<html><body>502 Bad Gateway<br></body></html>"
WORDS = {
    "planned": "计划停水",
    "emergency": "抢修停水",
    "published": "已公布",
    "extended": "已延长",
    "restored": "已恢复",
    "cancelled": "已取消",
    "plant": "出厂水",
    "network": "管网水",
    "tap": "末梢水",
}
_PAGES = Path(__file__).parent / "pages"
_MIMES = {"json": "application/json", "rss": "application/rss+xml"}

Items = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Site:
    """`address`: where the site is, without a slash. `fault`: ok, down or garbage."""

    name: str
    address: str
    now: Callable[[], datetime]
    fault: Callable[[], str] = lambda: "ok"


def public_blueprint(store: WebsiteStore, site: Site) -> Blueprint:
    blueprint = Blueprint("website", __name__)
    _gate(blueprint, site)

    @blueprint.get("/feeds/<any(outages, quality):feed>.<any(json, rss):form>")
    def feed(feed: str, form: str) -> ResponseReturnValue:
        found = feeds.items(store, feed, site.address, site.now())
        body = feeds.as_json(found) if form == "json" else feeds.as_rss(feed, found, site.address)
        answer = Response(body, content_type=f"{_MIMES[form]}; charset=utf-8")
        answer.set_etag(hashlib.sha256(body).hexdigest()[:16])
        answer.last_modified = store.changed_at(feed)
        return answer.make_conditional(request)

    @blueprint.get("/")
    def home() -> ResponseReturnValue:
        now = site.now()
        notices = feeds.items(store, "outages", site.address, now)
        return _page(site, notices, feeds.items(store, "quality", site.address, now))

    @blueprint.get("/outages/<notice_id>")
    def outage(notice_id: str) -> ResponseReturnValue:
        return _page(site, [one for one in store.notices() if one["id"] == notice_id], None)

    @blueprint.get("/quality/<on>")
    def quality(on: str) -> ResponseReturnValue:
        return _page(site, None, [one for one in store.quality() if one["date"] == on])

    @blueprint.get("/site.css")
    def style() -> ResponseReturnValue:
        return send_from_directory(_PAGES, "site.css", max_age=0)

    return blueprint


def _gate(blueprint: Blueprint, site: Site) -> None:
    @blueprint.before_request
    def gate() -> ResponseReturnValue | None:
        if site.fault() == "down":
            return Response("the website is down", 503, content_type="text/plain")
        if site.fault() == "garbage":
            return Response(GARBAGE, content_type="text/html")
        return None


def _page(site: Site, notices: Items | None, readings: Items | None) -> str:
    return render_template_string(
        (_PAGES / "site.html").read_text("utf-8"),
        name=site.name,
        site=site.address,
        notices=notices,
        readings=readings,
        words=WORDS,
    )
