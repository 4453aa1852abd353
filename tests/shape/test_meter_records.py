"""What the dialogs of meters remember stays small, also of a citizen with ten of everything."""

from dataclasses import replace

import pytest

from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES, Frame, Record
from tests.fakes import FakeCsms, FakeRecords
from tests.shape import walk
from tests.shape.meter_worlds import OPEN, V_DUE, bound
from tests.shape.walk import World
from tests.town import ACCOUNTS, READINGS, SLOTS

LONGEST_ADDRESS = "云川市" + "滨河新区" * 49 + "1"  # NVARCHAR(200), and no 号 to cut at
NUMBERS = [f"31000009{n:02d}" for n in range(10)]


@pytest.fixture
def full_house() -> World:
    csms = FakeCsms(
        [replace(ACCOUNTS[0], acct_no=number, address=LONGEST_ADDRESS) for number in NUMBERS],
        meters=[
            replace(OPEN, acct_no=number, meter_code=f"SH2{number}{twin}")
            for number in NUMBERS
            for twin in "AB"
        ],
        readings=[
            replace(reading, acct_no=number, meter_code=f"SH2{number}A")
            for reading in READINGS
            for number in NUMBERS
        ],
        visits=[replace(V_DUE, acct_no=number) for number in NUMBERS],
        slots=[
            replace(slot, slot_no=f"{slot.slot_no}{n:018d}") for slot in SLOTS for n in range(4)
        ],
    )
    return World(csms, FakeRecords([bound(*NUMBERS)]))


def said(house: House, world: World, dialog: str, *answers: str) -> Frame:
    frame = steps.begin(house, dialog, walk.moment(world), {}).frame
    for number, answer in enumerate(answers):
        assert frame is not None
        frame = steps.answer(house, frame, walk.moment(world, answer, number)).frame
    assert frame is not None
    return frame


def test_a_reading_and_a_visit_fit_into_the_record_together(
    shipped: House, full_house: World
) -> None:
    photos = [f"[照片]good-{n}" for n in range(3)]
    reading = said(shipped, full_house, "self_reading", "1", *photos, "1250")
    assert reading.state == "confirm"
    assert len(reading.data["photos"]) == 3
    visit = said(shipped, full_house, "book_visit", "1", "1")
    assert visit.state == "confirm"
    assert len(record.to_json(Record(frame=reading, parked=visit)).encode()) <= MAX_BYTES


def test_a_reading_fits_beside_the_longest_of_the_other_dialogs(
    shipped: House, full_house: World
) -> None:
    reading = said(shipped, full_house, "self_reading", "1", "[照片]good", "1250")
    other = said(shipped, full_house, "arrears")
    assert len(record.to_json(Record(frame=other, parked=reading)).encode()) <= MAX_BYTES


def test_of_more_meters_than_fit_those_that_can_be_read_now_are_listed(
    shipped: House, full_house: World
) -> None:
    listed = said(shipped, full_house, "self_reading").data["meters"]
    assert len(listed) == 10
