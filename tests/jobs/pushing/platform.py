"""WeChat as far as pushes go: it carries out, knows repetitions, forgets to answer, refuses."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import MessageTemplate, Push

KNOWN_FOR = timedelta(minutes=10)
NO_ANSWER = BackendUnavailable("wechat", 4.0, "read timed out", sent=True)
UNREACHED = BackendUnavailable("wechat", 0.1, "connection refused")
Trouble = BaseException | None


def refused(errcode: int, reaction: Reaction, reason: str = "no") -> WechatRejected:
    return WechatRejected(errcode, reaction, reason)


@dataclass
class Platform:
    """`says(channel, openid)` is what goes wrong: an error of which `sent` is true is raised after
    the message was carried out. `shown`: what citizens see, in order."""

    clock: Callable[[], datetime]
    says: Callable[[str, str], Trouble] = lambda channel, openid: None
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    _known: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_template(self, push: Push) -> int | None:
        return self._carry_out("template", push.openid, str(dict(push.data)), push)

    def send_subscription(self, push: Push) -> int | None:
        return self._carry_out("subscription", push.openid, str(dict(push.data)), push)

    def send_text(self, openid: str, content: str) -> None:
        self._carry_out("chat", openid, content, None)

    def templates(self) -> tuple[MessageTemplate, ...]:
        return ()

    def always(self, error: Trouble, channel: str = "") -> None:
        self.says = lambda of, openid: error if channel in ("", of) else None

    def once(self, *errors: Trouble) -> None:
        """One after the other, then no more."""
        left = list(errors)
        self.says = lambda channel, openid: left.pop(0) if left else None

    def times(self) -> Counter[str]:
        """Key of a notice → how often it was shown, by whichever channel."""
        return Counter(key for _, key in self.seen())

    def seen(self) -> list[tuple[str, str]]:
        """(channel, key of the notice): the last word of what it says."""
        return [(channel, what.strip("'}").split()[-1]) for _, channel, what in self.shown]

    def _carry_out(self, channel: str, openid: str, what: str, push: Push | None) -> int:
        with self._lock:
            self.asked.append((channel, openid))
            error = self.says(channel, openid)
            if error is not None and not getattr(error, "sent", False):
                raise error
            if not self._is_repetition(push):
                self.shown.append((openid, channel, what))
                self.pushes += [push] if push else []
            if error is not None:
                raise error
            return len(self.asked)

    def _is_repetition(self, push: Push | None) -> bool:
        if push is None or not push.client_msg_id:
            return False
        key, now = (push.openid, push.client_msg_id), self.clock()
        first = self._known.get(key)
        if first is not None and now - first < KNOWN_FOR:
            return True
        self._known[key] = now
        return False
