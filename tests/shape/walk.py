"""Every way through the dialogs, with fake backends and no network: all answers at every step.

Enters: a house, a world (who is bound to what), a dialog. Leaves: each move that was made.
"""

import itertools
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backends.ports import (
    Bulletins,
    Content,
    Csms,
    Hotline,
    OrderBook,
    Photos,
    Records,
    Secrets,
)
from bot.content_files import ContentFiles
from bot.reach import NoOrders
from dialogs.engine import steps
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.record import Frame
from dialogs.engine.steps import Moved
from tests.fakes import FakeBulletins, FakeHotline, FakePhotos, FakeSecrets

CONTENT = Path(__file__).resolve().parents[2] / "templates/content"
ANSWERS_FILE = Path(__file__).with_name("answers.toml")
CITIZEN = "oTEST00000000000000000000001"
NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
PHOTO, LOCATION = "[照片]", "[位置]"
NO_ANSWER = "这不是答案吧"
DEEPEST = 24
MOST_MOVES = 600
MOST_ATTEMPTS = 3
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class World:
    """Implements `definition.Backends`."""

    csms: Csms
    records: Records
    photos: Photos = field(default_factory=FakePhotos)
    hotline: Hotline = field(default_factory=FakeHotline)
    secrets: Secrets = field(default_factory=FakeSecrets)
    bulletins: Bulletins = field(default_factory=FakeBulletins)
    content: Content = field(
        default_factory=lambda: ContentFiles(CONTENT, monotonic=lambda: 0.0),
    )
    orders: OrderBook = field(default_factory=NoOrders)


@dataclass(frozen=True, slots=True)
class Walked:
    """One move: from `state` by `said` (empty at the opening)."""

    dialog: str
    state: str
    said: str
    moved: Moved


@cache
def text_answers(kind: str = "answers") -> Mapping[str, list[str]]:
    table = tomllib.loads(ANSWERS_FILE.read_text(encoding="utf-8"))
    return {where: entry[kind] for where, entry in table.items() if kind in entry}


def _chosen() -> Mapping[str, list[str]]:
    """Of a long list, the options that lead different ways."""
    return text_answers("choices")


def moment(world: World, said: str = "", number: int = 0) -> Moment:
    inbound = message(said, key=f"m{number}", openid=CITIZEN, at=NOW)
    ids = (f"id{n:010d}" for n in itertools.count())
    return Moment(inbound=inbound, now=NOW, ask=world, new_id=lambda: next(ids))


def message(said: str, *, key: str, openid: str, at: datetime) -> Inbound:
    """What was said; `[照片]name` is a photo (its media id says what tests.fakes.photos makes of
    it), `[位置]words` a location message."""
    what = Inbound(
        key=key,
        openid=openid,
        account_id="gh_0123456789ab",
        kind=Kind.TEXT,
        at=at,
        text=said,
    )
    if said.startswith(PHOTO):
        return replace(what, kind=Kind.IMAGE, text="", media_id=said.removeprefix(PHOTO))
    if said.startswith(LOCATION):
        label = said.removeprefix(LOCATION)
        return replace(
            what, kind=Kind.LOCATION, text="", latitude=25.04, longitude=102.71, label=label
        )
    return what


def walk(
    house: House, world: World, dialog: str, data: Mapping[str, Any] = NOTHING
) -> Iterator[Walked]:
    """The state answered least comes first, so that the ends are reached before every variant of
    a long list; the same question with the same data is answered once (and a
    photo again after each that was refused). `data`: what another dialog hands over."""
    todo, seen, numbers = list[tuple[Frame | None, int]](), set[str](), itertools.count(1)
    for said in ("", *text_answers().get(f"{dialog}.opening", [])):
        opened = steps.begin(house, dialog, moment(world, said), data)
        yield Walked(dialog, "opening", said, opened)
        todo.append((opened.frame, 0))
    answered = Counter[str]()
    while todo:
        frame, depth = todo.pop(_least_answered([frame for frame, _ in todo], answered))
        if frame is None or depth > DEEPEST or _where(frame) in seen:
            continue
        seen.add(_where(frame))
        answered[frame.state] += 1
        for said in (*answers(house, frame), NO_ANSWER):
            number = next(numbers)
            if number > MOST_MOVES:
                return
            moved = steps.answer(house, frame, moment(world, said, number))
            yield Walked(dialog, frame.state, said, moved)
            if not moved.refused or _counts_attempts(house, frame):
                todo.append((moved.frame, depth + 1))


def _least_answered(frames: list[Frame | None], answered: Mapping[str, int]) -> int:
    """Its place in the list: the first of them."""
    counts = [answered[frame.state] if frame else -1 for frame in frames]
    return counts.index(min(counts))


def _where(frame: Frame) -> str:
    return f"{frame.state}{frame.data}{frame.attempts}"


def _counts_attempts(house: House, frame: Frame) -> bool:
    """Only a photo that will not do leads elsewhere after some attempts."""
    reads = house.dialogs[frame.dialog].steps[frame.state].reads
    return reads.wants == "photo" and not reads.reasons and frame.attempts < MOST_ATTEMPTS


def answers(house: House, frame: Frame) -> list[str]:
    where = f"{frame.dialog}.{frame.state}"
    if where in _chosen():
        return _chosen()[where]
    reads = house.dialogs[frame.dialog].steps[frame.state].reads
    listed = reads.choices(frame.data) if reads.choices else reads.options
    return [*(str(n) for n in range(1, len(listed) + 1)), *text_answers().get(where, [])]
