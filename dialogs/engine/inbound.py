"""What a citizen did, once: the one value that conversations read. Built by `bot.inbound`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backends.ports import PushResult

# Keyboards and speech recognition close what is said with these.
CLOSING = "。.!?,~"
# Whoever causes one of these looks at the chat; of all other events WeChat tells us unasked.
ANSWERED_EVENTS = ("click", "scan", "subscribe")


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    EVENT = "event"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Inbound:
    """`key` tells deliveries of the same message from those of another. `text` is normalised
    (NFKC, trimmed); for a voice message it is what the platform recognised, if anything.
    `original` is the same with its capitals and full-width letters, for what people will read.
    `push_results`: what became of pushes, by WeChat's message id. `answers`: the templates of
    subscription notices that were accepted or refused. `menu_id` names the quick-reply link that
    was tapped; `event` is lower-case."""

    key: str
    openid: str
    account_id: str
    kind: Kind
    at: datetime
    text: str = ""
    original: str = ""
    event: str = ""
    event_key: str = ""
    menu_id: str = ""
    media_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    label: str = ""
    push_results: tuple[tuple[int, PushResult], ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)

    @property
    def awaits_answer(self) -> bool:
        """What became of a push is no reason to write to anybody, whatever happens to us then."""
        return self.kind is not Kind.EVENT or self.event in ANSWERED_EVENTS

    @property
    def word(self) -> str:
        """The text as commands, keywords and options are looked up."""
        bare = self.text.replace(" ", "")
        return bare.rstrip(CLOSING) or bare
