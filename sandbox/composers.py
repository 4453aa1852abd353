"""An action of the control API enters, what it means to the platform leaves: one small function for
each kind of action, and words for whoever sent one that cannot be played."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.actions import Act, Bubble, event
from sandbox.citizens import Right
from sandbox.xml import Element

UNSUPPORTED_TEXT = "【收到不支持的消息类型，暂无法显示】"


class BadAction(ValueError):
    """An action the sandbox cannot play, in words for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What composing needs from the world: media of the phones, and where pictures are served."""

    media_exists: Callable[[str], bool]
    record_voice: Callable[[], str]
    picture_url: Callable[[str], str]


def compose(action: Mapping[str, Any], resources: Resources) -> Act:
    kind = action.get("type")
    composer = _COMPOSERS.get(kind) if isinstance(kind, str) else None
    if composer is None:
        raise BadAction(f"type must be one of {', '.join(_COMPOSERS)}")
    return composer(action, resources)


def _message(msg_type: str, title: str, bubble: Bubble, *elements: Element) -> Act:
    return Act(f"{msg_type} {title}".strip(), msg_type, "", elements, bubble, Right.MESSAGE)


def _text(action: Mapping[str, Any], _: Resources) -> Act:
    content = _string(action, "content")
    menu = (Element("bizmsgmenuid", _string(action, "menu_id")),) if "menu_id" in action else ()
    bubble = Bubble("text", {"text": content})
    return _message("text", content[:30], bubble, Element("Content", content), *menu)


def _image(action: Mapping[str, Any], resources: Resources) -> Act:
    media_id = _string(action, "media_id")
    if not resources.media_exists(media_id):
        raise BadAction("no such picture: post it to …/photos first")
    return _message(
        "image",
        "",
        Bubble("image", {"media_id": media_id}),
        Element("PicUrl", resources.picture_url(media_id)),
        Element("MediaId", media_id),
    )


def _location(action: Mapping[str, Any], _: Resources) -> Act:
    lat, lon = _number(action, "lat", 90), _number(action, "lon", 180)
    label = _string(action, "label", default="")
    return _message(
        "location",
        label[:30],
        Bubble("location", {"lat": lat, "lon": lon, "label": label}),
        Element("Location_X", lat),
        Element("Location_Y", lon),
        Element("Scale", 20),
        Element("Label", label),
    )


def _voice(action: Mapping[str, Any], resources: Resources) -> Act:
    media_id = resources.record_voice()
    heard = _string(action, "recognition", default="")
    recognition = (Element("Recognition", heard),) if heard else ()
    return _message(
        "voice",
        heard[:30],
        Bubble("voice", {"text": heard}),
        Element("MediaId", media_id),
        Element("Format", "amr"),
        *recognition,
        Element("MediaId16K", media_id),
    )


def _link(action: Mapping[str, Any], _: Resources) -> Act:
    title, url = _string(action, "title"), _string(action, "url")
    return _message(
        "link",
        title[:30],
        Bubble("news", {"title": title, "description": "", "url": url, "pic_url": ""}),
        Element("Title", title),
        Element("Description", ""),
        Element("Url", url),
    )


def _unsupported(_: Mapping[str, Any], __: Resources) -> Act:
    bubble = Bubble("text", {"text": "[文件]"})
    return _message("text", "[unsupported]", bubble, Element("Content", UNSUPPORTED_TEXT))


def _click(action: Mapping[str, Any], _: Resources) -> Act:
    return event("CLICK", _string(action, "key"))


def _view(action: Mapping[str, Any], _: Resources) -> Act:
    return event("VIEW", _string(action, "url"), Element("MenuId", 421141672))


def _scan(action: Mapping[str, Any], _: Resources) -> Act:
    return event("SCAN", _string(action, "key"), Element("Ticket", "gQH47joAAAAAAAAAASxodHRwOi8v"))


def _event(action: Mapping[str, Any], _: Resources) -> Act:
    key = _string(action, "key") if "key" in action else None
    return event(_string(action, "event"), key, *_nested(action.get("fields", {})))


def _raw(action: Mapping[str, Any], _: Resources) -> Act:
    xml = _string(action, "xml")
    is_event = "<![CDATA[event]]>" in xml or "<MsgType>event<" in xml
    return Act("raw", "event" if is_event else "raw", raw=xml)


_COMPOSERS: dict[str, Callable[[Mapping[str, Any], Resources], Act]] = {
    "text": _text,
    "image": _image,
    "location": _location,
    "voice": _voice,
    "link": _link,
    "click": _click,
    "view": _view,
    "scan": _scan,
    "unsupported": _unsupported,
    "event": _event,
    "raw": _raw,
}


def _nested(fields: object) -> tuple[Element, ...]:
    if not isinstance(fields, Mapping):
        raise BadAction("fields must be an object")
    elements: list[Element] = []
    for name, value in fields.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                elements.append(Element(name, _nested(item)))
            elif isinstance(item, str | int | float):
                elements.append(Element(name, item))
            else:
                raise BadAction(f"fields.{name} must be text, a number, an object or a list")
    return tuple(elements)


def _string(action: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = action.get(name, default)
    if not isinstance(value, str):
        raise BadAction(f"{name} must be text")
    return value


def _number(action: Mapping[str, Any], name: str, limit: float) -> float:
    value = action.get(name)
    if not isinstance(value, int | float) or not -limit <= value <= limit:
        raise BadAction(f"{name} must be a number from -{limit} to {limit}")
    return float(value)
