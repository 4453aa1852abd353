"""What becomes of an accepted push, a moment later: success, refused by the citizen, failed, no
word at all, or the same word twice. The card is on the phone only when it succeeded."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Protocol

from sandbox.actions import Act, event
from sandbox.citizens import Citizen
from sandbox.world import World
from sandbox.xml import Element

SUCCESS, BLOCKED, FAILED = "success", "failed:user block", "failed: system failed"
_TOLD_AT_ONCE = 8

TellServer = Callable[[Citizen, Act], None]


class Finish(Protocol):
    """What is done when the result is known; it answers the event that tells the server."""

    def __call__(self, status: str) -> Act: ...


class PushResults:
    """Results are told in the order in which they are due, a few at a time. What nobody has heard
    when the sandbox ends is never told: WeChat does not wait for anybody either."""

    def __init__(self, world: World, tell: TellServer) -> None:
        self._world = world
        self._tell = tell
        self._waiting: list[tuple[float, int, Citizen, Finish]] = []
        self._numbers = itertools.count()
        self._news = threading.Condition()
        self._tellers: list[threading.Thread] = []
        self._closed = False

    def expect(self, citizen: Citizen, finish: Finish) -> None:
        due_s = time.monotonic() + self._world.faults.push.result_after_s
        with self._news:
            heapq.heappush(self._waiting, (due_s, next(self._numbers), citizen, finish))
            if len(self._tellers) < _TOLD_AT_ONCE:
                teller = threading.Thread(target=self._run, name="push-result", daemon=True)
                self._tellers.append(teller)
                teller.start()
            self._news.notify()

    def close(self) -> None:
        """Whoever is telling the server something is not waited for: it may take its time."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def _run(self) -> None:
        while (due := self._next()) is not None:
            self._conclude(*due)

    def _next(self) -> tuple[Citizen, Finish] | None:
        """None: the sandbox has ended."""
        with self._news:
            while not self._closed:
                left_s = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left_s is not None and left_s <= 0:
                    _, _, citizen, finish = heapq.heappop(self._waiting)
                    return citizen, finish
                self._news.wait(left_s)
        return None

    def _conclude(self, citizen: Citizen, finish: Finish) -> None:
        world, rates = self._world, self._world.faults.push
        times = 1 + world.chance(rates.twice_rate)
        if world.chance(rates.no_result_rate):
            times = 0
        act = finish(self._status(citizen))
        for _ in range(times):
            self._tell(citizen, act)

    def _status(self, citizen: Citizen) -> str:
        world, rates = self._world, self._world.faults.push
        if citizen.blocks_pushes or world.chance(rates.user_block_rate):
            return BLOCKED
        return FAILED if world.chance(rates.system_failed_rate) else SUCCESS


def template_result(msg_id: int, status: str) -> Act:
    return event("TEMPLATESENDJOBFINISH", None, Element("MsgID", msg_id), Element("Status", status))


def subscription_result(template_id: str, msg_id: int, status: str) -> Act:
    code = 0 if status == SUCCESS else 1
    each = (
        Element("TemplateId", template_id),
        Element("MsgID", msg_id),
        Element("ErrorCode", code),
        Element("ErrorStatus", status),
    )
    return event(
        "subscribe_msg_sent_event",
        None,
        Element("SubscribeMsgSentEvent", (Element("List", each),)),
    )
