"""What all planners are: a walk along something that is due, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backends.ports import Notice


@dataclass(frozen=True, slots=True)
class Page:
    """`looked_at`: rows of the list that this page read. `notices`: what they give to be told."""

    looked_at: int
    notices: tuple[Notice, ...]


class Planner(Protocol):
    """Planning twice is planning once: the notices of the same day have the same keys."""

    def pages(self, now: datetime) -> Iterator[Page]: ...
