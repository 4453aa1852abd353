"""A feed as bytes into items as mappings, whichever form it has: JSON or RSS 2.0.

Nothing is believed: what is no such document is `NoFeed`, with the reason and never its content.
"""

import json
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACE = "{urn:waterdesk:website:1}"
MOST_ITEMS = 5_000
# What RSS itself has for fields of ours.
_OF_RSS = {"id": "guid", "url": "link", "published_at": "pubDate"}
_BOM = b"\xef\xbb\xbf"


class NoFeed(ValueError):
    """Why it is none."""


def items_in(body: bytes) -> Sequence[Mapping[str, Any]]:
    body = body.removeprefix(_BOM).strip()
    found = _of_rss(body) if body.startswith(b"<") else _of_json(body)
    if len(found) > MOST_ITEMS:
        raise NoFeed(f"more than {MOST_ITEMS} items")
    return found


def _of_json(body: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        document = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NoFeed("neither JSON nor RSS in UTF-8") from None
    found = document.get("items") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise NoFeed("no list of items")
    return [one if isinstance(one, dict) else {} for one in found]


def _of_rss(body: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        document = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise NoFeed("a DOCTYPE or entities, which are refused") from None
    except (ParseError, ValueError, LookupError):
        raise NoFeed("no XML in UTF-8") from None
    channel = document.find("channel") if document.tag == "rss" else None
    if channel is None:
        raise NoFeed("no RSS 2.0")
    return [_fields(item) for item in channel.findall("item")]


def _fields(item: Element) -> Mapping[str, Any]:
    """As JSON would have it."""
    fields: dict[str, Any] = {"places": []}
    for element in item:
        name = element.tag.removeprefix(NAMESPACE)
        text = (element.text or "").strip()
        if name == "place":
            fields["places"].append(text)
        else:
            fields.setdefault(name, text)
    for ours, theirs in _OF_RSS.items():
        if ours not in fields and theirs in fields:
            fields[ours] = fields[theirs]
    return {
        **fields,
        "version": _whole(fields.get("version", "")),
        "ok": {"true": True, "false": False}.get(fields.get("ok", "")),
        "published_at": _iso(fields.get("published_at", "")),
    }


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _iso(text: str) -> str:
    """RFC 822, as pubDate is written."""
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):
        return text
