"""Results to be told to citizens 通知: planned with what changes, told by the worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class NoticeState(StrEnum):
    """PLANNED → SENDING → SENT; KEPT: waits for the citizen's next message → TOLD. SKIPPED: the
    citizen has left, or nobody can say it. A lease that ran out while SENDING leaves it unknown
    whether the message went out: it is kept for the next message rather than sent again."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    TOLD = "told"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Notice:
    """A result to be told 通知: `kind` names the template notice/<kind>, `view` fills it. One per
    (kind, key, openid)."""

    kind: str
    key: str
    openid: str
    acct_no: str
    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredNotice:
    notice_id: int
    notice: Notice
    state: NoticeState
