"""What a turn says and does: templates to fill, effects to commit, events to count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backends.ports import Effect
from dialogs.engine.record import Record

NO_ID = "0"  # the menu id of a link that confirms nothing


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a list to choose from: a tap on it sends `send`, with the menu id `id`."""

    number: int
    label: str
    send: str
    id: str = NO_ID


@dataclass(frozen=True, slots=True)
class Say:
    """One piece of text: `template` under templates/replies, without its ending; `default` is
    used where customer service has not written that one. `picture`: to be shown beside it."""

    template: str
    view: Mapping[str, Any] = field(default_factory=dict)
    default: str = ""
    picture: str = ""


class Manner(StrEnum):
    """TEXT: the parts, as one message. TRANSFER: a person takes over. NEXT_PAGE: what is left of
    the last long reply. SILENCE: nothing at all."""

    TEXT = "text"
    TRANSFER = "transfer"
    NEXT_PAGE = "next_page"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class FunnelEvent:
    """`what`: started, step, completed, cancelled, expired, interrupted or failed."""

    dialog: str
    what: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    record: Record
    parts: tuple[Say, ...]
    manner: Manner = Manner.TEXT
    effects: tuple[Effect, ...] = ()
    events: tuple[FunnelEvent, ...] = ()
    forget_citizen: bool = False
