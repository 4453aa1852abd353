"""A citizen with a phone in the sandbox: writes, sends photos and places, and reads what comes."""

import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.platform import Platform
from sandbox.world import World

LATE_WITHIN_S = 20.0
ASKS_AGAIN_AFTER_S = 0.5
GIVES_UP_AFTER_S = 60.0
RESUME = "继续"
NOTICES_END = "——————"
MORE = "回复“更多”看下一页"
LATER = ("正在为您查询", "还在处理", "上一条")
_LINK = re.compile(r"<a href=[^>]*>(.*?)</a>", re.DOTALL)

Action = Mapping[str, Any]
Answer = Callable[[str], Action | str]


class GaveUp(Exception):
    """Nothing that the citizen understands was answered."""


@dataclass(frozen=True)
class Script:
    """An errand as a conversation: how it begins, what is answered to what, and how it ends. The
    first pattern that is found counts."""

    begins: str
    answers: Sequence[tuple[str, str | Answer]]
    ends: str


@dataclass
class Phone:
    """`faults`: messages after which WeChat told the citizen that the service is out of order.
    `odd`: replies that no script knows; `given_up`: where a citizen stopped trying; `lately`: the
    last that was said and answered."""

    world: World
    platform: Platform
    openid: str
    thinks_s: float = 0.0
    said: int = 0
    faults: int = 0
    odd: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    lately: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    def does(self, action: Action | str) -> str:
        """What the account says to it: the reply, without what was told ahead of it."""
        if isinstance(action, str):
            action = {"type": "text", "content": action}
        reply = self._does(action)
        self.lately += [str(action.get("content", action["type"])), reply[:60]]
        return reply

    def _does(self, action: Action) -> str:
        threading.Event().wait(random.uniform(0, 2 * self.thinks_s))
        seen = self._last()
        citizen, act = self.platform.plan(self.openid, action)
        outcome = self.platform.perform(citizen, act)
        self.said += 1
        if outcome.outcome == "failed":
            self.faults += 1
            return ""
        reply = "\n".join(map(text_of, outcome.bubbles))
        if MORE in reply:  # the question may stand on the next page
            reply = f"{reply}\n{self.does('更多')}"
        reply = own_words(reply)
        return self._late(seen) if any(words in reply for words in LATER) else reply

    def sends(self, photo: bytes) -> Action:
        with self.world.news:
            media = self.world.media.add("image", photo, self.world.clock.now())
        return {"type": "image", "media_id": media.media_id}

    def runs(self, script: Script) -> str:
        """The words that ended it. Whatever comes between (a worker that died, a moment of
        overload) is answered as people do: they ask what was asked last, or begin again."""
        deadline_s = time.monotonic() + GIVES_UP_AFTER_S
        said, again = self.does(script.begins), RESUME
        while not re.search(script.ends, said):
            if time.monotonic() > deadline_s:
                raise GaveUp
            action = _answer(script, said)
            if action is None:
                if said:
                    self.odd.append(f"{script.begins}: {said[:120]!r}")
                threading.Event().wait(ASKS_AGAIN_AFTER_S)
                action = again
                again = script.begins if again == RESUME else RESUME
            else:
                again = RESUME
            said = self.does(action)
        return said

    def read(self) -> list[str]:
        """Everything the account has said, in order, links as words."""
        with self.world.news:
            bubbles = self.world.citizen(self.openid).bubbles.after(0)
        return [text_of(one) for one in bubbles if one["who"] == "account"]

    def _last(self) -> int:
        with self.world.news:
            return self.world.citizen(self.openid).bubbles.last

    def _late(self, seen: int) -> str:
        """The answer that was promised: a customer-service message that is no notice."""
        ring = self.world.citizen(self.openid).bubbles
        deadline_s = time.monotonic() + LATE_WITHIN_S
        while time.monotonic() < deadline_s:
            found, seen = self.world.wait_for_news(ring, seen, 1.0)
            for one in found:
                if one["via"] == "customer_service" and not is_notice(text_of(one)):
                    return text_of(one)
        return ""


def _answer(script: Script, said: str) -> Action | str | None:
    for pattern, answer in script.answers:
        if re.search(pattern, said):
            return answer if isinstance(answer, str) else answer(said)
    return None


def text_of(bubble: Mapping[str, Any]) -> str:
    text = bubble.get("text") or f"{bubble.get('title', '')}\n{bubble.get('description', '')}"
    return _LINK.sub(r"\1", str(text)).strip()


def own_words(reply: str) -> str:
    return reply.rpartition(NOTICES_END)[2].strip()


NOTICE = re.compile(
    r"^(报修有进展|报修处理好了|自助抄表(核对|没有通过)|上门抄表(约好|没有约上|改好)|您提交的|您的报修"
    r"|户号 \S+ (该上门|上门核实)|\d+年\d+月账单出来|抄表员上门)"
)


def is_notice(text: str) -> bool:
    return bool(NOTICE.match(text))
