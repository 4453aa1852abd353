"""A confirmed message that is run again, after a lost lease, makes the same submission and says
the same: also when others have come by meanwhile, and when the day has changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from backends.ports import SubmissionMade, SubmissionState
from bot.wording.render import Renderer
from dialogs.engine import steps
from dialogs.engine.house import House
from dialogs.engine.record import Frame
from tests.fakes import FakeCsms, FakeRecords
from tests.shape import walk
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.meter_worlds import bound
from tests.shape.walk import World
from tests.town import OWES_MANY, OWES_ONE, OWES_SEVERAL, town_csms

READING: tuple[str, ...] = ("[照片]good", "1250")
SMALLER: tuple[str, ...] = ("[照片]good", "1200", "1")
WAYS = pytest.mark.parametrize(
    ("dialog", "acct_no", "answers"),
    [
        ("self_reading", OWES_ONE, READING),
        ("self_reading", OWES_ONE, SMALLER),
        ("book_visit", OWES_SEVERAL, ("1",)),
        ("book_visit", OWES_MANY, ("1", "1")),
    ],
)


def up_to_the_summary(house: House, world: World, dialog: str, answers: Sequence[str]) -> Frame:
    frame = steps.begin(house, dialog, walk.moment(world), {}).frame
    for number, answer in enumerate(answers):
        assert frame is not None
        moved = steps.answer(house, frame, walk.moment(world, answer, number))
        world.records.commit(moved.effects)
        frame = moved.frame
    assert frame is not None
    assert house.dialogs[dialog].steps[frame.state].reads.confirms
    return frame


def made(moved: steps.Moved) -> SubmissionMade:
    (effect,) = moved.effects
    assert isinstance(effect, SubmissionMade)
    return effect


@WAYS
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=13)])
def test_run_again_it_is_the_same(
    shipped: House,  # noqa: F811 - a fixture
    renderer: Renderer,  # noqa: F811 - a fixture
    dialog: str,
    acct_no: str,
    answers: Sequence[str],
    later: timedelta,
) -> None:
    csms = town_csms()
    world = World(csms, FakeRecords([bound(acct_no)]))
    frame = up_to_the_summary(shipped, world, dialog, answers)
    moment = walk.moment(world, "1", 99)
    first = steps.answer(shipped, frame, moment)
    world.records.commit(first.effects)
    all_taken = World(FakeCsms(), world.records)
    again = steps.answer(shipped, frame, replace(moment, now=moment.now + later, ask=all_taken))
    assert made(again) == made(first)
    assert renderer.text(again.parts[0]) == renderer.text(first.parts[0])
    world.records.commit(again.effects)
    assert len(world.records.submissions(walk.CITIZEN, 10)) == 1


@WAYS
def test_run_again_after_it_was_carried_out_it_is_the_same(
    shipped: House,  # noqa: F811 - a fixture
    dialog: str,
    acct_no: str,
    answers: Sequence[str],
) -> None:
    records = FakeRecords([bound(acct_no)])
    world = World(town_csms(), records)
    frame = up_to_the_summary(shipped, world, dialog, answers)
    first = steps.answer(shipped, frame, walk.moment(world, "1", 99))
    records.commit(first.effects)
    records.put(replace(made(first).submission, state=SubmissionState.DONE, ext_no="V1"))
    again = steps.answer(shipped, frame, walk.moment(world, "1", 99))
    assert made(again).submission.number == made(first).submission.number
    assert made(again).submission.key == made(first).submission.key


@WAYS
def test_another_message_is_another_request_and_is_told_of_the_first(
    shipped: House,  # noqa: F811 - a fixture
    dialog: str,
    acct_no: str,
    answers: Sequence[str],
) -> None:
    world = World(town_csms(), FakeRecords([bound(acct_no)]))
    frame = up_to_the_summary(shipped, world, dialog, answers)
    world.records.commit(steps.answer(shipped, frame, walk.moment(world, "1", 98)).effects)
    second = steps.answer(shipped, frame, walk.moment(world, "1", 99))
    assert not second.effects
    assert second.frame is None
