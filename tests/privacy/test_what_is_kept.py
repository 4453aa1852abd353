"""On the data of the story it is as docs/privacy.md says: what is kept of citizens, how long."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from backends.ports import Expiring
from jobs.retention import Retention
from tests.privacy import places
from tests.privacy.aftermath import (
    KEPT,
    NOT_IN_THE_STORY,
    Kept,
    Left,
    is_erased,
    left,
    time_passes,
)
from tests.privacy.search import Place
from tests.privacy.story import HER, Story
from tests.shape.test_privacy import TEXT, rows

A_MONTH, HALF_A_YEAR, TWO_YEARS, THREE_YEARS = 31, 190, 760, 1130
TIMES = (0, A_MONTH, HALF_A_YEAR, TWO_YEARS, THREE_YEARS)


@dataclass(frozen=True)
class Erased:
    before: Left
    after: Left
    redis: tuple[Place, ...]


@pytest.fixture(scope="module")
def later(
    everything: tuple[Place, ...], story: Story, tmp_path_factory: pytest.TempPathFactory
) -> dict[int, Left]:
    """By days."""
    del everything  # all has been looked at before anything is removed
    folder: Path = tmp_path_factory.mktemp("later")
    return dict(time_passes(story.world, folder, TIMES[1:]))


@pytest.fixture(scope="module")
def erased(later: dict[int, Left], story: Story) -> Erased:
    del later
    world, openid = story.world, story.world.phone(HER).openid
    before = left(world.folder, openid)
    is_erased(story)
    redis = tuple(place for place in places.in_redis(world.redis_url) if openid in place.name)
    return Erased(before, left(world.folder, openid), redis)


@pytest.mark.parametrize("days", TIMES[1:])
def test_what_is_past_its_time_is_gone_and_all_else_is_there(
    later: dict[int, Left], days: int
) -> None:
    wrong = []
    for one, before, after in zip(KEPT, later[0].counts, later[days].counts, strict=True):
        due = one.days is not None and one.days < days
        if after != (0 if due else before):
            wrong.append(f"{one.table} where {one.where}: {before} before, {after} after")
    assert wrong == []


@pytest.mark.parametrize("days", TIMES)
def test_a_photo_has_a_file_as_long_as_it_has_a_row(later: dict[int, Left], days: int) -> None:
    assert later[days].photo_files == later[days].photo_rows
    assert bool(later[days].photo_files) == (days < TWO_YEARS)


def test_who_wants_their_data_deleted_leaves_what_is_listed_and_no_more(erased: Erased) -> None:
    wrong = []
    for one, before, after in zip(KEPT, erased.before.counts, erased.after.counts, strict=True):
        moved = one.where == "ended_at IS NOT NULL" or one.table == "withdrawn_consent"
        if one.erased is not None and (
            after < before if moved else after != before * (not one.erased)
        ):
            wrong.append(f"{one.table} where {one.where}: {before} before, {after} after")
    assert wrong == []
    assert erased.after.photo_files == erased.after.photo_rows


def test_nothing_half_done_is_left_in_redis_but_replies_that_were_given(erased: Erased) -> None:
    sealed = [place.name for place in erased.redis if b"gAAAA" in place.data]
    assert sealed == []
    kinds = {place.name.split("}:")[1].split(":")[0] for place in erased.redis}
    assert kinds <= {"seen", "record"}


@pytest.mark.parametrize("kept", KEPT, ids=lambda one: f"{one.table}: {one.where}"[:60])
def test_the_story_and_the_page_have_each(later: dict[int, Left], kept: Kept) -> None:
    """Each line of the comparison is about rows that there were, and about words of the page."""
    count = later[0].counts[KEPT.index(kept)]
    assert count or kept.table in NOT_IN_THE_STORY
    written = {row[0]: row[2] for row in rows("Table by table")}
    assert kept.written in written[kept.table]
    goes, stays = TEXT.split("## “Delete my data”")[1].split("What stays, and until when:")
    # Of what is closed there goes what was said, by leaving a little of it.
    assert kept.listed in (goes if kept.erased or kept.listed in goes else stays)


def test_every_table_and_every_time_is_compared() -> None:
    assert {one.table for one in KEPT} == {row[0] for row in rows("Table by table")}
    retention = Retention()
    compared = {one.days for one in KEPT} | {730}
    assert {retention.of(what).days for what in Expiring} <= compared
