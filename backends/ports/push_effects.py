"""What WeChat tells us of pushes: effects of a turn that nobody sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backends.ports.notices import PushResult


@dataclass(frozen=True, slots=True)
class PushFinished:
    """WeChat says what became of a push that it had accepted."""

    openid: str
    msg_id: int
    result: PushResult
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionsAnswered:
    """The citizen accepted or refused subscription notices 订阅通知: template id → accepted. Each
    acceptance is good for one notice (for any number where the template is a long-term one, which
    a setting says); a refusal takes all of them back. `key` makes it count once."""

    openid: str
    key: str
    answers: Mapping[str, bool]
    at: datetime
