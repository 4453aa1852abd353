"""Citizens with one bound account each, who ask what they owe: the question that needs CSMS."""

import time
from dataclasses import dataclass

from tests.load import binders
from tests.load.labels import labels
from tests.load.person import Person
from tests.load.stack import Stack

FREE_WITHIN_S = 5.0


@dataclass
class Asker:
    """`owed` is what the right answer says."""

    person: Person
    owed: frozenset[str]

    def says(self, text: str) -> frozenset[str]:
        reply = self.person.says(text)
        return labels(reply.plain) if reply.kind == "text" else frozenset({reply.kind})

    def asks(self) -> frozenset[str]:
        return self.says("查欠费")

    def wait_until_free(self) -> None:
        """Until the late answer's lock is gone; whatever was still owed would be told here."""
        deadline_s = time.monotonic() + FREE_WITHIN_S
        while (said := self.says("帮助")) == {"busy"}:
            assert time.monotonic() < deadline_s
        assert said == {"help"}, said


def askers(stack: Stack, count: int, *, first: int = 0) -> list[Asker]:
    people, _ = binders.gather(stack, count, first=first)
    binders.bind_all(people, at_once=8)
    assert all(one.confirmed for one in people)
    for one in people:
        one.person.took_s.clear()
    return [Asker(one.person, _owed(one)) for one in people]


def _owed(binder: binders.Binder) -> frozenset[str]:
    return frozenset({f"owed:{binder.owes}" if binder.owes else "nothing_owed"})
