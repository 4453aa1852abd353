"""What a citizen did, as a value: what the server is told, what the phone shows, which window it
opens. Composed in composers.py and at the desk, carried out in platform.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.citizens import Right
from sandbox.xml import Element

_SHOWN_EVENTS = frozenset(
    {"subscribe", "scan", "click", "scancode_push", "scancode_waitmsg", "location_select"}
    | {"pic_sysphoto", "pic_photo_or_album", "pic_weixin"}
)
_EVENT_RIGHTS = {
    "click": Right.MENU,
    "scancode_push": Right.MENU,
    "scancode_waitmsg": Right.MENU,
    "subscribe": Right.FOLLOW,
    "scan": Right.SCAN,
}


@dataclass(frozen=True, slots=True)
class Bubble:
    kind: str
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """`event` is empty for a message. `raw` replaces the whole XML."""

    title: str
    msg_type: str = "event"
    event: str = ""
    elements: tuple[Element, ...] = ()
    bubble: Bubble | None = None
    right: Right | None = None
    raw: str | None = None

    @property
    def is_message(self) -> bool:
        return self.msg_type != "event"

    @property
    def shows_fault(self) -> bool:
        """Who types or taps and waits is told of a fault; who follows or opens a page is not."""
        return self.is_message or self.event.lower() in ("click", "scancode_waitmsg")

    @property
    def shows_reply(self) -> bool:
        return self.is_message or self.event.lower() in _SHOWN_EVENTS


def event(name: str, key: str | None, *extra: Element, title: str = "") -> Act:
    keyed = () if key is None else (Element("EventKey", key),)
    return Act(
        title=title or f"{name} {key or ''}".strip(),
        event=name,
        elements=(Element("Event", name), *keyed, *extra),
        right=_EVENT_RIGHTS.get(name.lower()),
    )
