"""What becomes of an accepted push, a moment later: success, refused by the citizen, failed, no
word at all, or the same word twice. The card is on the phone only when it succeeded."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from sandbox.actions import Act, event
from sandbox.citizens import Citizen
from sandbox.world import World
from sandbox.xml import Element

SUCCESS, BLOCKED, FAILED = "success", "failed:user block", "failed: system failed"
_DELIVERIES_AT_ONCE = 8

TellServer = Callable[[Citizen, Act], None]


class Finish(Protocol):
    """What is done when the result is known; it answers the event that tells the server."""

    def __call__(self, status: str) -> Act: ...


class PushResults:
    """Results come in the order in which they are due, however long each delivery takes."""

    def __init__(self, world: World, tell: TellServer) -> None:
        self._world = world
        self._tell = tell
        self._waiting: list[tuple[float, int, Citizen, Finish]] = []
        self._numbers = itertools.count()
        self._news = threading.Condition()
        self._pool = ThreadPoolExecutor(_DELIVERIES_AT_ONCE, "push-result")
        self._thread: threading.Thread | None = None

    def expect(self, citizen: Citizen, finish: Finish) -> None:
        due_s = time.monotonic() + self._world.faults.push.result_after_s
        with self._news:
            heapq.heappush(self._waiting, (due_s, next(self._numbers), citizen, finish))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pushes", daemon=True)
                self._thread.start()
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._waiting or self._waiting[0][0] > time.monotonic():
                    left_s = self._waiting[0][0] - time.monotonic() if self._waiting else None
                    self._news.wait(left_s)
                _, _, citizen, finish = heapq.heappop(self._waiting)
            self._pool.submit(self._conclude, citizen, finish)

    def _conclude(self, citizen: Citizen, finish: Finish) -> None:
        world, rates = self._world, self._world.faults.push
        status = self._status(citizen)
        act = finish(status)
        if world.chance(rates.no_result_rate):
            return
        self._tell(citizen, act)
        if world.chance(rates.twice_rate):
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
        Element("MsgID", str(msg_id)),
        Element("ErrorCode", code),
        Element("ErrorStatus", status),
    )
    return event(
        "subscribe_msg_sent_event",
        None,
        Element("SubscribeMsgSentEvent", (Element("List", each),)),
    )
