"""What is known at a place: the real adapter over HTTP and the double, held to the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from backends.errors import BackendUnavailable
from backends.hotline.adapter import HttpHotline
from backends.hotline.desk import HttpHotlineDesk
from backends.ports import Hotline, Nearby, Place
from sandbox.hotline import staff
from tests.fakes import FakeHotline
from tests.hotline.house import NOW, STREET, House, a_fault
from tests.town import NEARBY

HERE = Place("人民东路88弄")
ELSEWHERE = Place("港口路1号")


@dataclass(frozen=True, slots=True)
class Known:
    """A hotline that knows of an outage and of a leak at HERE."""

    hotline: Hotline
    break_it: Callable[[], None]


@pytest.fixture(params=["over HTTP", "double"])
def known(request: pytest.FixtureRequest, house: House) -> Iterator[Known]:
    if request.param == "double":
        double = FakeHotline(NEARBY, "人民")
        error = BackendUnavailable("hotline", 1.0)
        yield Known(double, lambda: double.fail_with(error))
        return
    house.publish()
    with house.desk() as desk, house.hotline() as hotline:
        desk.hand_over(a_fault())
        yield Known(hotline, lambda: house.switch("down"))


def test_an_outage_and_an_open_ticket_at_the_place_are_told(known: Known) -> None:
    found = known.hotline.nearby("LEAK_PUBLIC", HERE)
    (outage,), (ticket,) = found.outages, found.tickets
    assert (outage.kind, outage.reason) == ("emergency", "管道抢修")
    assert outage.starts_at < NOW < outage.ends_at
    assert outage.starts_at.utcoffset() == timedelta(hours=8)
    assert (ticket.ticket_no, ticket.fault) == ("WO2026112200001", "LEAK_PUBLIC")
    assert "人民东路88弄" in ticket.place


def test_nothing_is_known_of_another_place(known: Known) -> None:
    assert known.hotline.nearby("LEAK_PUBLIC", ELSEWHERE) == Nearby()


def test_a_hotline_that_is_down_is_unavailable(known: Known) -> None:
    known.hotline.ping()
    known.break_it()
    with pytest.raises(BackendUnavailable):
        known.hotline.nearby("LEAK_PUBLIC", HERE)
    with pytest.raises(BackendUnavailable):
        known.hotline.ping()


def at(lat: float, lon: float, text: str = "") -> Place:
    return Place(text, latitude=lat, longitude=lon)


def test_a_point_finds_what_is_within_two_hundred_metres_the_nearest_first(
    desk: HttpHotlineDesk, hotline: HttpHotline
) -> None:
    for number, lat in enumerate((25.0400, 25.0420, 25.0440)):
        place = {"text": f"路口{number}", "lat": lat, "lon": 102.7}
        desk.hand_over(a_fault(f"W{number}", payload={"fault": "BURST", "place": place}))
    found = hotline.nearby("BURST", at(25.0412, 102.7)).tickets
    assert [(one.ticket_no[-1], one.distance_m) for one in found] == [("2", 89), ("1", 133)]
    assert hotline.nearby("BURST", at(25.0412, 102.71)).tickets == ()


def test_an_outage_covers_a_circle(house: House, hotline: HttpHotline) -> None:
    house.publish(word="", lat=25.04, lon=102.70, radius_m=500)
    assert len(hotline.nearby("BURST", at(25.043, 102.70)).outages) == 1
    assert hotline.nearby("BURST", at(25.046, 102.70)).outages == ()
    assert hotline.nearby("BURST", Place("人民东路")).outages == ()


def test_outages_are_told_from_a_day_before_until_they_end(
    house: House, hotline: HttpHotline
) -> None:
    tomorrow = NOW + timedelta(hours=23)
    soon = house.publish(starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=4))
    house.publish(starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=3))
    house.publish(starts_at=NOW - timedelta(days=2), ends_at=NOW)
    assert [one.outage_no for one in hotline.nearby("BURST", HERE).outages] == [soon]
    staff.end(house.store, soon, NOW)
    assert hotline.nearby("BURST", HERE).outages == ()


def test_tickets_of_another_fault_and_ended_ones_are_not_told(
    house: House, desk: HttpHotlineDesk, hotline: HttpHotline
) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    assert hotline.nearby("BURST", HERE).tickets == ()
    house.move(ticket_no, "done")
    assert hotline.nearby("LEAK_PUBLIC", HERE).tickets == ()


@pytest.mark.parametrize("fault", ["METER", "INDOOR", "MAINT", "NOWATER_HOME", "ILLEGAL"])
def test_what_concerns_one_household_is_shown_to_nobody(
    desk: HttpHotlineDesk, hotline: HttpHotline, fault: str
) -> None:
    desk.hand_over(a_fault(payload={"fault": fault}))
    assert hotline.nearby(fault, Place(STREET)).tickets == ()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("云川市人民东路88弄6号1201室 张三 13800001234", "人民东路88弄"),
        ("滨江区滨河路中段，电话13800001234", "滨河路"),
        ("大榕树下13800001234", "大榕树下"),
    ],
)
def test_others_do_not_read_a_flat_or_a_telephone_number(
    desk: HttpHotlineDesk, hotline: HttpHotline, told: str, shown: str
) -> None:
    place = {"text": told, "lat": 25.04, "lon": 102.7}
    desk.hand_over(a_fault(payload={"place": place}))
    (ticket,) = hotline.nearby("LEAK_PUBLIC", at(25.04, 102.7)).tickets
    assert ticket.place == shown
