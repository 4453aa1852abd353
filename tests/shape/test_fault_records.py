"""What the dialogs of faults and progress remember stays small, with the longest of everything."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backends.ports import (
    Nearby,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES, Frame, Record
from tests.fakes import FakeCsms, FakeHotline, FakeRecords
from tests.shape import walk
from tests.shape.test_walk import LONGEST_ADDRESS, bound
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import ACCOUNTS, NEARBY

NUMBERS = [f"31000009{n:02d}" for n in range(10)]
LONG = "滨河新区" * 50


def submission(n: int, kind: SubmissionKind) -> Submission:
    return Submission(
        number=f"W26112{n:08d}",
        key=f"k{n}",
        openid=CITIZEN,
        acct_no=NUMBERS[0],
        kind=kind,
        payload={"fault": "NOWATER_AREA", "place": {"text": LONGEST_ADDRESS}, "score": 1},
        created_at=NOW - timedelta(days=1),
        parent_no="" if kind is SubmissionKind.FAULT else f"W26112{0:08d}",
        state=SubmissionState.IN_PROGRESS,
        result={"state": "working", "text": LONG, "ticket_no": "WO2026112200001"},
    )


@pytest.fixture
def full_house() -> World:
    accounts = [replace(ACCOUNTS[0], acct_no=no, address=LONGEST_ADDRESS) for no in NUMBERS]
    known = Nearby(
        tuple(replace(one, area=LONG, reason=LONG) for one in NEARBY.outages),
        tuple(replace(one, place=LONGEST_ADDRESS) for one in NEARBY.tickets),
    )
    made = [submission(n, SubmissionKind.FAULT) for n in range(12)]
    made += [submission(n, SubmissionKind.FAULT_PHOTO) for n in range(12, 20)]
    records = FakeRecords([bound(*NUMBERS), *map(SubmissionMade, made)])
    return World(FakeCsms(accounts), records, hotline=FakeHotline(known))


def said(house: House, world: World, dialog: str, *answers: str) -> Frame:
    frame = steps.begin(house, dialog, walk.moment(world), {}).frame
    for number, answer in enumerate(answers):
        assert frame is not None
        frame = steps.answer(house, frame, walk.moment(world, answer, number)).frame
    assert frame is not None
    return frame


def test_a_report_beside_anything_else_fits_into_the_record(
    shipped: House, full_house: World
) -> None:
    photos = [f"[照片]good-{n}" for n in range(3)]
    place, details = "滨" * 60, "水" * 200
    report = said(shipped, full_house, "report_fault", "4", "1", place, "2", "1", *photos, details)
    assert report.state == "confirm"
    assert len(report.data["photos"]) == 3
    besides = [said(shipped, full_house, one) for one in ("arrears", "my_accounts")]
    for beside in (*besides, said(shipped, full_house, "progress", "1")):
        assert size_of(report, beside) < MAX_BYTES, beside.dialog


def test_the_progress_of_one_among_many_fits_beside_the_longest_list(
    shipped: House, full_house: World
) -> None:
    shown = said(shipped, full_house, "progress", "1")
    assert shown.state == "detail"
    assert len(shown.data["items"]) == 10
    assert size_of(shown, said(shipped, full_house, "arrears")) < MAX_BYTES


def size_of(frame: Frame, parked: Frame) -> int:
    done = tuple(f"c.{n:012d}" for n in range(5))
    return len(record.to_json(Record(frame=frame, parked=parked, done=done)).encode())
