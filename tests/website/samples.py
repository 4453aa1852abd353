"""Feeds as a website sends them, in both forms, and what a test wants changed in them."""

import json
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

NOTICE: dict[str, Any] = {
    "id": "TS20261122001",
    "version": 2,
    "kind": "emergency",
    "status": "extended",
    "area": "人民东路（青年路至港口路）",
    "places": ["人民东路", "翠湖花园"],
    "reason": "管网抢修",
    "starts_at": "2026-11-22T09:00:00+08:00",
    "ends_at": "2026-11-22T20:00:00+08:00",
    "tips": "请提前储水",
    "url": "https://www.example.com/outages/TS20261122001",
    "published_at": "2026-11-22T15:30:00+08:00",
}
VALUE: dict[str, Any] = {
    "date": "2026-11-21",
    "plant": "城东水厂",
    "kind": "plant",
    "item": "浑浊度",
    "value": "0.27",
    "unit": "NTU",
    "limit": "≤1",
    "ok": True,
    "url": "https://www.example.com/quality/2026-11-21",
}
MISSING = object()
SPACE = "urn:waterdesk:website:1"


def changed(item: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    whole = {**item, **changes}
    return {name: value for name, value in whole.items() if value is not MISSING}


def as_json(*items: object, **beside: Any) -> bytes:
    return json.dumps({**beside, "items": items}, ensure_ascii=False).encode()


def as_rss(*items: dict[str, Any], prefix: str = "w:") -> bytes:
    """Our fields with or without the namespace; RSS's own where RSS has one."""
    listed = "".join(f"<item>{_elements(item, prefix)}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:w="{SPACE}">'
        f"<channel><title>公告</title>{listed}</channel></rss>"
    ).encode()


def _elements(item: dict[str, Any], prefix: str) -> str:
    of_rss = {"id": "guid", "url": "link"}
    return "<title>公告</title>" + "".join(
        f"<{tag}>{escape(_text(value))}</{tag}>"
        for name, given in item.items()
        for tag, value in (
            ((f"{prefix}place", one) for one in given)
            if name == "places"
            else ((of_rss.get(name, f"{prefix}{name}"), given),)
        )
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def both(items: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    return {"JSON": as_json(*items), "RSS": as_rss(*items), "bare RSS": as_rss(*items, prefix="")}
