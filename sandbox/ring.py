"""A bounded, numbered log: what the citizens see and what the inspector shows."""

from collections import deque
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


class Ring:
    """Not locked by itself: the world's lock guards it."""

    def __init__(self, size: int) -> None:
        self._records: deque[tuple[int, Record]] = deque(maxlen=size)
        self.last = 0

    def append(self, record: Record) -> dict[str, Any]:
        self.last += 1
        numbered = {"seq": self.last, **record}
        self._records.append((self.last, numbered))
        return numbered

    def after(self, seq: int) -> list[Record]:
        return [record for number, record in self._records if number > seq]
