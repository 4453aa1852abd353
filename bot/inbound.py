"""The XML of a message into an `Inbound`, through WeRoBot's message types.

WeRoBot copies every element into the message object, where one named like an attribute would win,
and converts numbers lazily. So names and values are checked before WeRoBot sees them.
"""

import math
import re
import unicodedata
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from werobot.parser import process_message

from bot import inbound_pushes
from bot.gate import Unreadable
from dialogs.engine.inbound import Inbound, Kind

Fields = dict[str, Any]

_ILLEGAL_IN_XML = bytes(range(9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))
_NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF, illegal in XML as well
# A DOCTYPE could only stand before the root element: this leaves it no place. Nor is there one for
# another encoding, which the parser would follow, or fail at with errors of its own.
_ROOT = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?"
    rb"(?:<\?xml(?:(?!encoding)[^>]){0,60}(?:encoding\s*=\s*[\"'](?i:utf-8)[\"'][^>]{0,40})?\?>\s*)?"
    rb"<xml[\s>]"
)
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_WECHAT_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,40}|bizmsgmenuid")
_NOT_SUPPORTED = ("【收到不支持的消息类型", "【收到不支援的訊息類型", "[Unsupported Message]")
_KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
}
MAX_DEPTH = 6
MOST_ABOUT = 100


def read(xml: bytes, *, account_id: str, zone: ZoneInfo) -> Inbound:
    """Unreadable when it is not a message that WeChat's protocol knows how to write."""
    fields = _fields(xml)
    for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType"):
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise Unreadable(f"no {name}")
    if not _OPENID.fullmatch(fields["FromUserName"]):
        raise Unreadable("FromUserName is no openid")
    if account_id and fields["ToUserName"] != account_id:
        raise Unreadable("addressed to another account; is WECHAT_ACCOUNT_ID right?")
    _check_numbers(fields)
    event = fields.get("Event", "") if fields["MsgType"].lower() == "event" else ""
    if fields["MsgType"].lower() == "event" and not (isinstance(event, str) and event):
        raise Unreadable("an event without a name")
    if event.lower().startswith("pic_"):
        # WeRoBot raises unless the list of pictures is there and whole. Nobody needs it: the
        # pictures themselves follow, each as a message.
        fields["SendPicsInfo"] = {"Count": "1", "PicList": {"item": {"PicMd5Sum": ""}}}
    message = _as_werobot_sees_it(fields)
    return _event(message, zone) if event else _message(message, zone)


def _as_werobot_sees_it(fields: Fields) -> Any:
    try:
        return process_message(fields)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unreadable(f"WeRoBot cannot read it: {type(error).__name__}") from error


def _message(message: Any, zone: ZoneInfo) -> Inbound:
    given: Fields = message.__dict__
    kind = _KINDS.get(message.type, Kind.UNSUPPORTED)
    text = _text(given, "Content") if kind is Kind.TEXT else _text(given, "Recognition")
    if text.startswith(_NOT_SUPPORTED):
        kind, text = Kind.UNSUPPORTED, ""
    number = given.get("MsgId") or message.type
    return Inbound(
        key=f"{number}-{given['CreateTime']}",
        openid=message.source,
        account_id=message.target,
        kind=kind,
        at=datetime.fromtimestamp(message.time, zone),
        text=normal(text),
        original=" ".join(text.split()),
        menu_id=_text(given, "bizmsgmenuid"),
        media_id=_text(given, "MediaId"),
        latitude=_degrees(_text(given, "Location_X")),
        longitude=_degrees(_text(given, "Location_Y")),
        label=_text(given, "Label"),
    )


def _event(message: Any, zone: ZoneInfo) -> Inbound:
    given: Fields = message.__dict__
    name = message.type.removesuffix("_event")
    key = _text(given, "EventKey")
    finished, answers = inbound_pushes.results(name, given), inbound_pushes.answers(name, given)
    # Events about pushes repeat within a second: what they are about tells them apart.
    about = _text(given, "MsgID") or ",".join([*map(str, dict(finished)), *answers])[:MOST_ABOUT]
    parts = (given["CreateTime"], name, key, about)
    return Inbound(
        key="-".join(parts),
        openid=message.source,
        account_id=message.target,
        kind=Kind.EVENT,
        at=datetime.fromtimestamp(message.time, zone),
        event=name,
        event_key=key,
        push_results=finished,
        answers=answers,
    )


def _text(given: Fields, name: str) -> str:
    """An element that should hold text and holds others instead counts as empty."""
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def normal(text: str) -> str:
    """Full-width to half-width, lower case, inner blanks to one, ends trimmed."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _fields(xml: bytes) -> Fields:
    cleaned = _without_illegal(xml)
    if not _ROOT.match(cleaned):
        raise Unreadable("the body is not <xml>…</xml> in UTF-8")
    try:
        root = ElementTree.fromstring(cleaned)  # noqa: S314 - no DOCTYPE, 64 KiB, signed by WeChat
    except ElementTree.ParseError as error:
        raise Unreadable(f"not well-formed XML at {error.position}") from None
    return _children(root, depth=1)


def _without_illegal(xml: bytes) -> bytes:
    cleaned = xml.translate(None, _ILLEGAL_IN_XML)
    for sequence in _NOT_CHARACTERS:
        cleaned = cleaned.replace(sequence, b"")
    if len(cleaned) != len(xml) and cleaned.count(b"]]>") != xml.count(b"]]>"):
        # A citizen typed "]", a control character and "]>": that must not become an end of text.
        raise Unreadable("control characters hide an end of text")
    return cleaned


def _children(element: ElementTree.Element, depth: int) -> Fields:
    if depth > MAX_DEPTH:
        raise Unreadable("nested too deeply")
    fields: Fields = {}
    for child in element:
        if depth == 1 and not _WECHAT_NAME.fullmatch(child.tag):
            continue
        value = _children(child, depth + 1) if len(child) else (child.text or "").strip()
        if child.tag not in fields:
            fields[child.tag] = value
        elif depth == 1:
            raise Unreadable(f"{child.tag} stands twice")
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields


def _check_numbers(fields: Fields) -> None:
    for name in ("CreateTime", "MsgId"):
        value = fields.get(name)
        if value is None:
            continue
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            raise Unreadable(f"{name} is no number")
        if len(value) > 20 or (name == "CreateTime" and len(value) > 11):
            raise Unreadable(f"{name} is too long")


def _degrees(value: str) -> float | None:
    try:
        degrees = float(value)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) else None
