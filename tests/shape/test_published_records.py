"""What is remembered of the website's notices and points stays small, with the longest of each."""

from dataclasses import replace

from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES, Frame, Record
from tests.fakes import FakeBulletins
from tests.published import CHECKED, UNDER_WAY, well
from tests.shape import walk
from tests.shape.published_worlds import world
from tests.town import OWES_MANY, OWES_ONE, OWES_SEVERAL

LONG = "人民东路" * 50
LINK = "https://www.example.com/" + "x" * 300


def size_of(frame: Frame | None) -> int:
    assert frame is not None
    done = tuple(f"c.{n:012d}" for n in range(5))
    return len(record.to_json(Record(frame=frame, done=done)).encode())


def test_many_long_notices_at_ones_own_accounts_fit_into_the_record(shipped: House) -> None:
    long = replace(UNDER_WAY, area=LONG, reason=LONG, tips=LONG, places=("云川市",))
    links = (LINK[:300], LINK[:120])
    notices = [replace(long, outage_no=f"T{n}", source_url=links[n % 2]) for n in range(50)]
    place = world(FakeBulletins(notices, (), CHECKED), OWES_ONE, OWES_SEVERAL, OWES_MANY)
    frame = steps.begin(shipped, "outages", walk.moment(place), {}).frame
    assert size_of(frame) < MAX_BYTES
    assert frame
    asked = steps.answer(shipped, frame, walk.moment(place, LONG, 1)).frame
    assert size_of(asked) < MAX_BYTES
    assert asked
    assert asked.data["more"] == 47


def test_many_points_with_long_names_fit_into_the_record(shipped: House) -> None:
    values = [value for n in range(60) for value in well(f"{n:02d}{LONG[:38]}")]
    place = world(FakeBulletins((), values, CHECKED))
    frame = steps.begin(shipped, "water_quality", walk.moment(place), {}).frame
    assert size_of(frame) < MAX_BYTES
    assert frame
    assert frame.data["more"] == 60 - len(frame.data["points"])
