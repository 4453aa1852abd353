"""The two feeds in both forms, as docs/contracts/website.md has them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

from sandbox.website.store import WebsiteStore

NAMESPACE = "urn:waterdesk:website:1"
TITLES = {"outages": "停水公告", "quality": "水质公示"}
_LISTED_AFTER_ITS_END = timedelta(days=2)
_QUALITY_DAYS = timedelta(days=7)
_OF_RSS = {"id": "guid", "url": "link"}

ElementTree.register_namespace("w", NAMESPACE)


def items(store: WebsiteStore, feed: str, site: str, now: datetime) -> list[dict[str, Any]]:
    """What is valid now, each with the address of its page."""
    if feed == "outages":
        since = now - _LISTED_AFTER_ITS_END
        notices = [one for one in store.notices() if _ends(one) > since]
        return [{**one, "url": f"{site}/outages/{one['id']}"} for one in notices]
    first = (now - _QUALITY_DAYS).date().isoformat()
    values = [one for one in store.quality() if one["date"] >= first]
    return [{**one, "url": f"{site}/quality/{one['date']}"} for one in values]


def as_json(found: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"items": found}, ensure_ascii=False, indent=1).encode()


def as_rss(feed: str, found: Sequence[dict[str, Any]], site: str) -> bytes:
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    for name, text in (("title", TITLES[feed]), ("link", site), ("description", TITLES[feed])):
        ElementTree.SubElement(channel, name).text = text
    for one in found:
        _item(ElementTree.SubElement(channel, "item"), one)
    written: bytes = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written


def _item(element: ElementTree.Element, one: dict[str, Any]) -> None:
    ElementTree.SubElement(element, "title").text = (
        one.get("area") or f"{one['plant']}{one['item']}"
    )
    for name, value in one.items():
        if name == "published_at":
            published = format_datetime(datetime.fromisoformat(value))
            ElementTree.SubElement(element, "pubDate").text = published
        elif name == "places":
            for place in value:
                ElementTree.SubElement(element, f"{{{NAMESPACE}}}place").text = place
        else:
            tag = _OF_RSS.get(name, f"{{{NAMESPACE}}}{name}")
            ElementTree.SubElement(element, tag).text = _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ends(notice: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(notice["ends_at"])
