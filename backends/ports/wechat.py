"""WeChat's server API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class CustomerMessages(Protocol):
    """Customer-service messages 客服消息: only inside the window a citizen's action opened."""

    def send_text(self, openid: str, content: str) -> None:
        """Raises WechatRejected (reaction CITIZEN_UNREACHABLE: window or quota closed), or
        BackendUnavailable, with `sent=True` when WeChat may have carried it out."""
        ...


@dataclass(frozen=True, slots=True)
class Push:
    """A template message 模板消息 or subscription notice 订阅通知. `data`: key of the template, as
    thing2, → a value that fits it. `url`: '' for a card that leads nowhere. `client_msg_id`: the
    same one again within ten minutes is sent once; '' for none; at most 32 characters."""

    openid: str
    template_id: str
    data: Mapping[str, str]
    url: str
    client_msg_id: str = ""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One that stands on the account. `keys`: in the order of its content."""

    template_id: str
    title: str
    keys: tuple[str, ...]


class PushMessages(Protocol):
    """Both sends answer WeChat's message id (None when it gives none), or raise WechatRejected, or
    BackendUnavailable with `sent=True` when WeChat may have carried it out."""

    def send_template(self, push: Push) -> int | None: ...

    def send_subscription(self, push: Push) -> int | None:
        """`client_msg_id` does not exist there: a repetition would be a second message."""
        ...

    def templates(self) -> tuple[MessageTemplate, ...]: ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose browser it is. `is_snapshot`: in WeChat's preview of a page 快照页, with an openid that
    is nobody's: nothing may be shown or paid with it."""

    openid: str
    is_snapshot: bool


class WebLogin(Protocol):
    """Web authorisation 网页授权 (snsapi_base)."""

    def visitor(self, code: str) -> Visitor:
        """Rejected for a code that was used, is over or is none."""
        ...
