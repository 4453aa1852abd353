"""Citizens who each bind one account, patiently: what they were answered, step by step. Used where
something is broken on purpose while they talk."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from tests.citizen import Reply
from tests.load.households import iter_households
from tests.load.labels import labels
from tests.load.person import Person, Undelivered
from tests.load.stack import Stack

GIVE_UP_AFTER_S = 25.0
ASKS_AGAIN_AFTER_S = 0.3


class Progress:
    """Counts answers, so that the saboteur knows when they are in the middle of it."""

    def __init__(self) -> None:
        self._answered = 0
        self._news = threading.Condition()

    def note(self) -> None:
        with self._news:
            self._answered += 1
            self._news.notify_all()

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: self._answered >= count, 30)


@dataclass
class Binder:
    person: Person
    acct_no: str
    owner: str
    owes: int
    progress: Progress
    confirmed: bool = False
    gave_up: str = ""
    silences: int = 0
    undelivered: int = 0
    odd: list[str] = field(default_factory=list)

    def bind(self) -> None:
        deadline_s = time.monotonic() + GIVE_UP_AFTER_S
        steps = {
            "consent": "同意",
            "account_no": self.acct_no,
            "proof": self.owner,
            "another": "绑好了",
            "bill_type": "2",
            "confirm": "确认绑定",
        }
        said = self._says("绑定户号")
        while not said & {"done:1", "already_bound"}:
            if time.monotonic() > deadline_s:
                self.gave_up = f"after {sorted(said)}"
                return
            asked = next((step for step in steps if step in said), "")
            if not asked:
                time.sleep(ASKS_AGAIN_AFTER_S)
            said = self._says(steps[asked] if asked else "绑定户号")
        self.confirmed = True

    def _says(self, text: str) -> frozenset[str]:
        """As WeChat delivers it: again at once when the connection broke, three times in all."""
        try:
            reply: Reply = self.person.deliver_like_wechat(self.person.text(text))
        except Undelivered:
            self.undelivered += 1
            return frozenset()
        self.progress.note()
        if reply.kind == "silence":
            self.silences += 1
            return frozenset()
        said = labels(reply.plain)
        if not said:
            self.odd.append(reply.plain)
        return said


def gather(stack: Stack, count: int, *, first: int = 0) -> tuple[list[Binder], Progress]:
    """`first` keeps several crowds on one stack apart."""
    progress = Progress()
    households = islice(iter_households(stack), first, first + count)
    binders = []
    for number, facts in enumerate(households, start=first):
        acct_no, owner = next(iter(facts.owners.items()))
        person = Person(stack, f"oBIND{number:023d}")
        binders.append(Binder(person, acct_no, owner, facts.owed[acct_no], progress))
    return binders, progress


def bind_all(binders: Sequence[Binder], *, at_once: int) -> None:
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(Binder.bind, binders))
