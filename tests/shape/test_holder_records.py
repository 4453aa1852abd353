"""The largest forms about an account's holder fit into the citizen's record, and hold no private
value in clear: with the real encryption, whose tokens are longer than those of the double."""

from dataclasses import replace

import pytest

from backends.ports import Account, RealName
from backends.secrets.adapter import SealedSecrets
from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES, Frame, Record
from tests.fakes import FakeCsms, FakeRecords
from tests.shape import walk
from tests.shape.identity_worlds import AGREED
from tests.shape.meter_worlds import bound
from tests.shape.walk import NOW, World
from tests.town import ACCOUNTS

NUMBERS = [f"31000009{n:02d}" for n in range(10)]
LONGEST_ADDRESS = "云川市" + "滨河新区" * 49 + "1"
LONGEST_NAME = "买买提·" + "吐尔逊" * 8 + "阿"
ID_NUMBER, MOBILE = "530102199003071238", "13700001111"
FORM = ("10", "办过户", LONGEST_NAME, ID_NUMBER, MOBILE, "[照片]m", "S" * 20, "1234567")
PAPERS = tuple(f"[照片]p{n}" for n in range(2 + 4 + 2))


@pytest.fixture
def world() -> World:
    accounts: list[Account] = [
        replace(ACCOUNTS[0], acct_no=number, address=LONGEST_ADDRESS) for number in NUMBERS
    ]
    on_file = [RealName(number, "买*", NOW.date(), 2, 2) for number in NUMBERS]
    return World(
        FakeCsms(accounts, real_names=on_file),
        FakeRecords([AGREED, bound(*NUMBERS)]),
        secrets=SealedSecrets(["k" * 32]),
    )


def frames(shipped: House, world: World) -> list[Frame]:
    found = [steps.begin(shipped, "real_name", walk.moment(world), {}).frame]
    for number, said in enumerate((*FORM, *PAPERS)):
        frame = found[-1]
        assert frame is not None, said
        moved = steps.answer(shipped, frame, walk.moment(world, said, number))
        assert not moved.refused, (frame.state, said, moved.refused)
        found.append(moved.frame)
    return [frame for frame in found if frame]


def test_a_transfer_of_one_of_ten_accounts_fits_into_the_record(
    shipped: House, world: World
) -> None:
    filled_in = frames(shipped, world)
    assert filled_in[-1].state == "confirm"
    assert len(filled_in[-1].data["photos"]) == 9
    for frame in filled_in:
        done = tuple(f"c.{n:012d}" for n in range(5))
        assert len(record.to_json(Record(frame=frame, done=done)).encode()) < MAX_BYTES


def test_no_step_of_it_remembers_a_private_value_in_clear(shipped: House, world: World) -> None:
    for frame in frames(shipped, world):
        kept = record.to_json(Record(frame=frame))
        for private in (LONGEST_NAME, ID_NUMBER, MOBILE):
            assert private not in kept, frame.state
