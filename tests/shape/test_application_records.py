"""The largest application, and the longest history of one, beside what else a record may hold; and
nothing private in it in clear."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backends.ports import Submission, SubmissionKind, SubmissionState
from backends.secrets.adapter import SealedSecrets
from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES, Frame, Record
from jobs.stages import LONGEST_TEXT, MOST_KEPT, STAGES
from tests.fakes import FakeCsms, FakeRecords
from tests.shape import walk
from tests.shape.application_worlds import CONSENTED
from tests.shape.walk import CITIZEN, NOW, PHOTO, World

NAME, ID_NO, MOBILE = "云川市" + "滨" * 57, "91350100M000100Y43", "13812345678"
FILLED_IN = ("1", NAME, ID_NO, "滨河路" + "1" * 97, MOBILE)


@pytest.fixture
def world() -> World:
    sealed = SealedSecrets(["k" * 32])
    return World(FakeCsms(), FakeRecords([CONSENTED]), secrets=sealed)


def answered(shipped: House, world: World, said: tuple[str, ...]) -> Frame:
    frame = steps.begin(shipped, "connection", walk.moment(world), {}).frame
    for number, text in enumerate(said):
        assert frame is not None
        frame = steps.answer(shipped, frame, walk.moment(world, text, number)).frame
    assert frame is not None
    return frame


def kept(*frames: Frame) -> str:
    frame, parked = (*frames, None)[:2]
    done = tuple(f"c.{n:012d}" for n in range(5))
    return record.to_json(Record(frame=frame, parked=parked, done=done))


def test_the_largest_application_fits_into_the_record_and_leaves_room(
    shipped: House, world: World
) -> None:
    photos = tuple(f"{PHOTO}good-{n}" for n in range(9))
    frame = answered(shipped, world, (*FILLED_IN, *photos, "长" * 200))
    assert frame.state == "confirm"
    frame = replace(frame, data={**frame.data, "returned": "长" * 120})
    assert len(kept(frame).encode()) < MAX_BYTES * 3 / 4


def test_neither_name_nor_number_nor_mobile_is_remembered_in_clear(
    shipped: House, world: World
) -> None:
    said = kept(answered(shipped, world, FILLED_IN))
    for secret in (NAME, ID_NO, MOBILE):
        assert secret not in said


def test_the_longest_history_beside_ten_others_fits_into_the_record(
    shipped: House, world: World
) -> None:
    told = [
        {
            "stage": STAGES[1],
            "at": NOW.isoformat(),
            "promised_on": "2026-12-01",
            "text": "长" * LONGEST_TEXT,
        }
        for _ in range(MOST_KEPT)
    ]
    for place in range(10):
        world.records.put(  # type: ignore[attr-defined]
            Submission(
                number=f"W261122000{place:04d}",
                key=f"k{place}",
                openid=CITIZEN,
                acct_no="",
                kind=SubmissionKind.CONNECTION,
                payload={"kind": "one_meter", "address": "滨" * 100},
                created_at=NOW - timedelta(days=place),
                state=SubmissionState.IN_PROGRESS,
                result={"state": STAGES[1], "stages": told, **told[0]},
            )
        )
    listed = steps.begin(shipped, "progress", walk.moment(world), {}).frame
    assert listed is not None
    shown = steps.answer(shipped, listed, walk.moment(world, "1", 1))
    assert shown.frame is None, "nothing can be done about it"
    returned = replace(listed, data={**listed.data, **shown.parts[0].view})
    assert len(kept(returned).encode()) < MAX_BYTES
